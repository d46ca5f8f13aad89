"""What every test shares: settings that repeat, real recordings, and a world that ends at loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.loopback_only import stay_on_loopback, take_refusals

# No deadline: a busy machine is not a defect, and timings are measured in benchmarks/ alone. The examples
# repeat from run to run in CI, so that a red run can be looked into.
settings.register_profile(
    "steady", deadline=None, derandomize=os.environ.get("CI") == "true", print_blob=True
)
settings.load_profile("steady")

stay_on_loopback()


@pytest.fixture(autouse=True)
def _nothing_left_this_machine() -> Iterator[None]:
    """Fails the test that reached beyond loopback, even where the code under test swallowed the refusal."""
    yield
    refusals = take_refusals()
    assert not refusals, f"reached beyond loopback: {refusals}"


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of real recordings, HEALTHTWIN_DATA; without it the test is skipped."""
    folder = Path(os.environ.get("HEALTHTWIN_DATA", "../shared/data"))
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}: set HEALTHTWIN_DATA to the folder that holds them")
    return folder.resolve()
