"""Files behind `healthtwin genes`: profiles, VCF, outside calls, release archives."""

from __future__ import annotations

import datetime
import json
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.genes import Knowledge, Profile
    from healthtwin.genes.report import Report

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


def gather_report(
    *,
    vcf: Path | None,
    calls: Path | None,
    profile: Path | None,
    sample: str | None,
    sex: str | None,
    medicines: tuple[str, ...],
    missing_is_reference: bool,
    bare_names: bool,
    subject: str | None,
    synthetic: bool,
    knowledge: Knowledge,
) -> Report:
    """Reads what was given and gathers the report, dated today."""
    from healthtwin.genes import profile_of, read_outside_calls, read_person, with_outside_calls
    from healthtwin.genes.report import build_report

    if vcf is None and calls is None and profile is None:
        raise InvalidInput("report", "nothing", "--vcf, --calls or --profile")
    if sex is not None and sex.lower() not in {"male", "female", "m", "f"}:
        raise InvalidInput("--sex", sex, "male or female")
    given = read_profile(profile, knowledge) if profile else None
    sex = sex or (given.sex if given else None)
    called = ()
    if vcf is not None:
        called = read_person(
            vcf,
            sample=sample,
            sex=sex,
            missing_is_reference=missing_is_reference,
            bare_names=bare_names,
            knowledge=knowledge,
        )
    outside = dict(given.genes) if given else {}
    if calls is not None:
        try:
            lines = calls.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise MalformedInput(str(calls), str(error), "a tab-separated file in UTF-8") from error
        outside.update(read_outside_calls(lines, name=calls.name, sex=sex, knowledge=knowledge))
    every = with_outside_calls(called, outside)
    person = profile_of(every, medicines=(*(given.medicines if given else ()), *medicines), sex=sex)
    source = next(path for path in (vcf, profile, calls) if path is not None)
    return build_report(
        replace(person, medicines=tuple(dict.fromkeys(person.medicines))),
        subject=subject or sample or source.name.split(".")[0],
        made=datetime.datetime.now(datetime.UTC).date().isoformat(),
        calls=every,
        synthetic=synthetic,
        knowledge=knowledge,
    )


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
                packed.extractall(target)  # noqa: S202  # zipfile drops absolute names and ".."
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
