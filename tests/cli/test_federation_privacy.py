"""`healthtwin federation privacy`: one of the two is given, the other comes out, with what it rests on."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.domain.errors import InvalidInput


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["federation", "privacy", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_noise_gives_epsilon_with_unit_adjacency_and_accountant() -> None:
    answer = json.loads(run("--noise-multiplier", "0.5", "--rounds", "10", "--json"))
    assert answer["epsilon"] == pytest.approx(46.21, abs=0.01)
    assert answer["adjacency"] == "add-or-remove-one"
    assert (answer["unit"], answer["delta"], answer["sample_rate"]) == ("patient", 1e-5, 1.0)
    assert "Gaussian" in answer["accountant"]


def test_epsilon_gives_the_noise_that_gives_it_back() -> None:
    noise = json.loads(run("--epsilon", "1", "--rounds", "10", "--json"))["noise_multiplier"]
    back = json.loads(run("--noise-multiplier", repr(noise), "--rounds", "10", "--json"))
    assert back["epsilon"] == pytest.approx(1.0, rel=1e-6)


def test_a_reader_gets_a_sentence() -> None:
    told = run("--noise-multiplier", "1.1", "--rounds", "100", "--sample-rate", "0.01", "--unit", "hospital")
    assert "for one hospital (add-or-remove-one)" in told
    assert "privacy loss distribution" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "exactly one"),
        (("--epsilon", "1", "--noise-multiplier", "1"), "exactly one"),
        (("--epsilon", "-1"), "a number above 0"),
        (("--epsilon", "1", "--units", "46", "--delta", "0.05"), "below 1/46"),
        (("--epsilon", "1", "--unit", "town"), "patient or hospital"),
        (("--epsilon", "1", "--sample-rate", "2"), "at most 1"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_what_would_be_right(
    arguments: tuple[str, ...], says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        run(*arguments)
