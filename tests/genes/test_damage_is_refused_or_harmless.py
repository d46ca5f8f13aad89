"""Whatever is done to a file: it is read, or refused with a domain error; never a crash."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import HealthTwinError
from healthtwin.genes import GeneCall, profile_from, read_outside_calls, read_person
from healthtwin.genes.release import release_from_files
from tests.genes.vcf_writing import COLUMNS, HEADER, rows_for

TEXT = "\n".join([*HEADER, COLUMNS, *rows_for("UGT1A1", "*28", "*36"), *rows_for("TPMT", "*1", "*3A")]) + "\n"
SIGNS = st.sampled_from("\t\n|/.,0129ACGTN<>*#=;:-x≥")


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """The text with a few signs replaced, dropped or doubled, or cut off."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        how = draw(st.sampled_from(("replace", "drop", "insert", "cut", "double")))
        if how == "replace":
            text = text[:at] + draw(SIGNS) + text[at + 1 :]
        elif how == "drop":
            text = text[:at] + text[at + draw(st.integers(1, 30)) :]
        elif how == "insert":
            text = text[:at] + draw(SIGNS) + text[at:]
        elif how == "cut":
            text = text[:at]
        else:
            text = text[:at] + text[at : at + 80] + text[at:]
    return text


def _read(content: bytes) -> tuple[GeneCall, ...] | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.vcf"
        path.write_bytes(content)
        with contextlib.suppress(HealthTwinError):
            return read_person(path)
    return None


@given(damaged(TEXT))
def test_a_damaged_vcf_is_read_or_refused(text: str) -> None:
    calls = _read(text.encode())
    if calls is not None:
        assert all(call.phenotype is None or call.phenotype.phenotype for call in calls)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _read(content)
    _read(b"\x1f\x8b" + content)
    _read(b"##fileformat=VCFv4.2\n" + content)


@given(damaged("CYP2D6\t*1x2/*4\nHLA-B\t\t*57:01 positive\nCYP2C9\t\t\t1.5\nG6PD\tB (reference)/A\n"))
def test_damaged_outside_calls_are_read_or_refused(text: str) -> None:
    with contextlib.suppress(HealthTwinError):
        read_outside_calls(text.splitlines())


@given(
    st.dictionaries(
        st.sampled_from(["CYP2D6", "G6PD", "HLA-B", "MT-RNR1", "medicines", "sex", "?"]),
        st.recursive(
            st.none()
            | st.integers()
            | st.text(max_size=12)
            | st.sampled_from(["*1/*2", "*1xN/*4", "[*2 + *3]/*1"]),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(
                    st.sampled_from(["diplotype", "phenotype", "activity_score"]), inner, max_size=2
                )
            ),
            max_leaves=4,
        ),
        max_size=3,
    )
)
def test_any_profile_is_read_or_refused(document: dict[str, object]) -> None:
    with contextlib.suppress(HealthTwinError):
        profile_from(document)


@given(
    st.dictionaries(
        st.sampled_from(["allele_function.csv", "alleles/X_translation.json", "guidelines/a.json"]),
        st.sampled_from(
            [
                b"",
                b"{}",
                b"[]",
                b"null",
                b'{"a": 1}',
                b'{"gene": "X", "namedAlleles": [{"structuralVariant": false, "score": 1}]}',
                b'{"namedAlleles": {}}',
                b"gene,allele,function,activity_value\nX,*1,,lots\n",
                b"gene,allele,function,activity_value\n",
                b"gene,allele\n",
                b"\x1f\x8b",
                b"\xff",
            ]
        ),
    )
)
def test_any_release_is_read_or_refused(files: dict[str, bytes]) -> None:
    with contextlib.suppress(HealthTwinError):
        release_from_files(files)
