"""Where an imported release lies in a home, and how it gets there; the only writing this room does."""

from __future__ import annotations

import json
import os
from pathlib import Path

from healthtwin.domain.errors import ConfigurationError
from healthtwin.genes.errors import VariantFileError
from healthtwin.genes.knowledge import Knowledge, starter
from healthtwin.genes.release import Release, release_from_files, release_from_json

_FOLDER = "genes"
_RELEASE = "release.json"
_MANIFEST = "manifest.json"
_LARGEST_FILE = 64 * 1024 * 1024  # bytes; the largest file of a release is under one


def import_release(source: Path, home: Path) -> Release:
    """Reads a release folder and keeps it in the home, with its manifest.

    The new file takes the old one's place in one step, so that a reader sees one release or the other.

    Raises:
        VariantFileError: naming the file of the release that cannot be read.
        ConfigurationError: the home cannot be written.
    """
    if not source.is_dir():
        raise VariantFileError(
            "--from", str(source), "a folder with alleles/, guidelines/, allele_function.csv"
        )
    files = {}
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.suffix in {".gz", ".json", ".csv", ".md"}:
            if path.stat().st_size > _LARGEST_FILE:
                raise VariantFileError(path.name, path.stat().st_size, f"at most {_LARGEST_FILE} bytes")
            files[path.relative_to(source).as_posix()] = path.read_bytes()
    release = release_from_files(files)
    folder = home / _FOLDER
    manifest = {
        "version": release.version,
        "checksum": f"sha256:{release.checksum}",
        "attribution": release.attribution,
        "files": len(files),
        "genes": sorted(release.functions),
        "definitions": sorted(release.definitions),
        "medicines": list(release.medicines),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / _RELEASE, release.to_json())
        _replace(folder / _MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise ConfigurationError(f"cannot write {folder}: {error.strerror}") from error
    return release


def release_path(home: Path) -> Path:
    """Where a home keeps the release it imported, whether there is one or not."""
    return home / _FOLDER / _RELEASE


def knowledge_in(home: Path | None) -> Knowledge:
    """The starter tables, with the home's imported release laid over them where there is one."""
    if home is None:
        return starter()
    path = release_path(home)
    if not path.is_file():
        return starter()
    return Knowledge(release_from_json(path.read_text(encoding="utf-8"), path.name))


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
