"""Files behind `healthtwin genes`: profiles, VCF, outside calls, release archives."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from healthtwin.cli.output import remark
from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from healthtwin.genes import GeneCall, Knowledge, Profile
    from healthtwin.genes.report import Report
    from healthtwin.genes.variant_file import Genotypes

LIMITS_OF_A_GENOME = {
    "wall_s": 3_600,
    "cpu_s": 1_800,
    "answer_bytes": 256 * 1024 * 1024,
}
"""A file with every position of a genome takes minutes; what is kept of it is a few megabytes."""

LARGEST_ARCHIVE = 256 * 1024 * 1024
"""Bytes; a release is a few."""


def read_profile(path: Path, knowledge: Knowledge) -> Profile:
    """A profile from a JSON file."""
    from healthtwin.genes import profile_from

    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MalformedInput(str(path), error.strerror, "a JSON file that can be read") from error
    except ValueError as error:
        raise MalformedInput(path.name, str(error), 'JSON such as {"CYP2C19": "*1/*2"}') from error
    return profile_from(document, knowledge=knowledge)


@dataclass(frozen=True, slots=True)
class Given:
    """What `healthtwin genes report` was given: files, and what the person says about them."""

    vcf: Path | None
    calls: Path | None
    profile: Path | None
    sample: str | None
    sex: str | None
    medicines: tuple[str, ...]
    missing_is_reference: bool
    bare_names: bool
    subject: str | None
    synthetic: bool


def gather_report(given: Given, knowledge: Knowledge) -> Report:
    """Reads what was given and gathers the report, dated today."""
    from healthtwin.genes import profile_of, read_outside_calls, read_person, with_outside_calls
    from healthtwin.genes.report import build_report

    source = given.vcf or given.profile or given.calls
    if source is None:
        raise InvalidInput("report", "nothing", "--vcf, --calls or --profile")
    if given.sex is not None and given.sex.lower() not in {"male", "female", "m", "f"}:
        raise InvalidInput("--sex", given.sex, "male or female")
    stated = read_profile(given.profile, knowledge) if given.profile else None
    sex = given.sex or (stated.sex if stated else None)
    called: tuple[GeneCall, ...] = ()
    if given.vcf is not None:
        called = read_person(
            given.vcf,
            sample=given.sample,
            sex=sex,
            missing_is_reference=given.missing_is_reference,
            bare_names=given.bare_names,
            knowledge=knowledge,
            read=read_apart,
        )
    every = with_outside_calls(called, stated.genes if stated else {})
    if given.calls is not None:
        try:
            lines = given.calls.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise MalformedInput(str(given.calls), str(error), "a tab-separated file in UTF-8") from error
        outside = read_outside_calls(lines, name=given.calls.name, sex=sex, knowledge=knowledge)
        for problem in outside.problems:
            remark(str(problem))
        every = with_outside_calls(every, outside)
    medicines = dict.fromkeys((*(stated.medicines if stated else ()), *given.medicines))
    return build_report(
        profile_of(
            every, medicines=tuple(medicines), sex=sex, conditions=stated.conditions if stated else ()
        ),
        subject=given.subject or given.sample or source.name.split(".")[0],
        made=dt.datetime.now(dt.UTC).date().isoformat(),
        calls=every,
        synthetic=given.synthetic,
        knowledge=knowledge,
    )


def read_apart(
    path: Path,
    regions: Mapping[str, Iterable[tuple[int, int]]],
    *,
    sample: str | None = None,
    bare_names: bool = False,
) -> Genotypes:
    """A VCF, read in a process of its own: it may come from anybody, packed, and as large as a genome."""
    from healthtwin.genes import VariantFileError
    from healthtwin.genes.brought_file import PARSER, genotypes_from, options_of
    from healthtwin.sandbox import Limits, parsed

    told = parsed(
        PARSER,
        path,
        name=path.name,
        limits=Limits(**LIMITS_OF_A_GENOME),
        options=options_of(path.name, regions, sample, bare_names=bare_names),
        refusals=(VariantFileError,),
    )
    return genotypes_from(told)


@contextmanager
def fetched_folder(source: str) -> Iterator[Path]:
    """The folder itself, or the contents of an archive at an https address, unpacked for a while."""
    if "://" not in source:
        yield Path(source)
        return
    if not source.startswith("https://"):
        raise InvalidInput("--from", source, "a folder, or an https address of a .zip or .tar.gz archive")
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / ("release.zip" if source.endswith(".zip") else "release.tar.gz")
        _download(source, archive)
        unpacked = Path(folder) / "release"
        unpacked.mkdir()
        _unpack(archive, unpacked)
        yield _innermost(unpacked)


def _download(address: str, target: Path) -> None:
    import httpx2

    try:
        with (
            httpx2.Client(follow_redirects=False, timeout=60) as client,
            client.stream("GET", address) as answer,
            target.open("wb") as out,
        ):
            answer.raise_for_status()
            size = 0
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if size > LARGEST_ARCHIVE:
                    raise TooLarge(f"{address} is larger than {LARGEST_ARCHIVE} bytes")
                out.write(chunk)
    except httpx2.HTTPError as error:
        raise MalformedInput("--from", str(error), "an address that answers with the archive") from error


def _unpack(archive: Path, target: Path) -> None:
    import tarfile
    import zipfile

    try:
        if archive.suffix == ".zip":
            with zipfile.ZipFile(archive) as packed:
                total = sum(item.file_size for item in packed.infolist())
                if total > LARGEST_ARCHIVE:
                    raise TooLarge(f"the archive unpacks to more than {LARGEST_ARCHIVE} bytes")
                packed.extractall(target)  # noqa: S202  # nosec B202 - it drops absolute names, ".."
        else:
            with tarfile.open(archive) as packed_tar:
                if sum(item.size for item in packed_tar.getmembers()) > LARGEST_ARCHIVE:
                    raise TooLarge(f"the archive unpacks to more than {LARGEST_ARCHIVE} bytes")
                packed_tar.extractall(target, filter="data")
    except (zipfile.BadZipFile, tarfile.TarError) as error:
        raise MalformedInput("--from", str(error), "a .zip or .tar.gz archive") from error


def _innermost(folder: Path) -> Path:
    """Archives often hold one folder that holds everything."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
