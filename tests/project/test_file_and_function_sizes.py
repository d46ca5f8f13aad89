"""The size check notices what it must and forgives only what has a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_sizes import LONGEST_FILE, LONGEST_FUNCTION, complaints


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "tools").mkdir()
    return tmp_path


def function_of(lines: int, name: str = "walk") -> str:
    body = "\n".join("    pass" for _ in range(lines - 1))
    return f"def {name}() -> None:\n{body}\n"


def test_files_and_functions_at_the_limit_pass(repository: Path) -> None:
    (repository / "src" / "even.py").write_text(function_of(LONGEST_FUNCTION))
    (repository / "src" / "full.css").write_text("\n" * LONGEST_FILE)
    assert complaints(repository) == []


def test_one_line_more_is_reported_with_its_place_and_length(repository: Path) -> None:
    (repository / "src" / "odd.py").write_text(function_of(LONGEST_FUNCTION + 1))
    (repository / "src" / "long.js").write_text("\n" * (LONGEST_FILE + 1))
    assert complaints(repository) == [
        f"src/long.js: {LONGEST_FILE + 1} lines, at most {LONGEST_FILE}",
        f"src/odd.py:walk: {LONGEST_FUNCTION + 1} lines, at most {LONGEST_FUNCTION}",
    ]


def test_a_method_is_named_with_its_class(repository: Path) -> None:
    method = function_of(LONGEST_FUNCTION + 1, "stroll").replace("\n", "\n    ").rstrip()
    (repository / "src" / "path.py").write_text(f"class Path:\n    {method}\n")
    assert complaints(repository) == [
        f"src/path.py:Path.stroll: {LONGEST_FUNCTION + 1} lines, at most {LONGEST_FUNCTION}"
    ]


def test_vendored_files_are_left_alone(repository: Path) -> None:
    vendored = repository / "src" / "vendor"
    vendored.mkdir()
    (vendored / "chart.js").write_text("\n" * (LONGEST_FILE + 1))
    assert complaints(repository) == []


def test_a_reason_exempts_until_it_is_no_longer_needed(repository: Path) -> None:
    kernel = repository / "src" / "kernel.py"
    kernel.write_text(function_of(LONGEST_FUNCTION + 1))
    listing = repository / "tools" / "size_exemptions.toml"
    listing.write_text('"src/kernel.py:walk" = "one numeric kernel, unrolled"\n')
    assert complaints(repository) == []

    kernel.write_text(function_of(LONGEST_FUNCTION))
    assert complaints(repository) == [
        "tools/size_exemptions.toml: src/kernel.py:walk is within the limit; drop its exemption"
    ]


def test_an_exemption_without_a_reason_is_refused(repository: Path) -> None:
    (repository / "tools" / "size_exemptions.toml").write_text('"src/kernel.py" = ""\n')
    with pytest.raises(ValueError, match=r"kernel\.py.* needs a reason"):
        complaints(repository)
