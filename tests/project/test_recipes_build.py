"""Recipes of CONTRIBUTING.md, cooked in a copy of the house: each touches only what it names, and works.

What is added stands in `tests/project/recipes`, whole, to be read as an example.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.project.without_coverage import uncounted

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = Path(__file__).parent / "recipes"
COPIED: Final = ("src", "tests", "tools", "lab", "docs/reference", "pyproject.toml", "CONTRIBUTING.md")


@dataclass(frozen=True)
class Recipe:
    """How one is cooked.

    Attributes:
        title: of its section. name: stands for ``NAME`` there.
        most: files that it may name, without those that are written by `tools/generate_docs.py`.
        added: new files, by path in the copy, from `recipes`.
        inserted: by path in the copy, what comes before which text of the file.
        smoke: a program that fails where the new thing does not work.
        suite: arguments of pytest: the contract that it has to keep.
        documented: pages that name it once they are written anew.
    """

    title: str
    name: str
    most: int
    smoke: str
    suite: tuple[str, ...]
    added: dict[str, str] = field(default_factory=dict)
    inserted: dict[str, dict[str, str]] = field(default_factory=dict)
    documented: dict[str, str] = field(default_factory=dict)


METRIC = Recipe(
    title="A learned metric",
    name="skin_temperature",
    most=4,
    inserted={
        "src/healthtwin/domain/metrics.py": {
            "    Metric(35, ": """    Metric(
        36,
        "skin_temperature",
        "Skin temperature",
        "Cel",
        15,
        45,
        0.01,
        digits=1,
        aliases=("wrist_temperature",),
        baseline=Baseline(9, 0.8, 0.2, Direction.ABOVE, "temperature"),
    ),
"""
        },
        "src/healthtwin/words/en/metrics.ftl": {
            "metric-activity-level =": """metric-skin-temperature = Skin temperature
    .inline = skin temperature
"""
        },
        "src/healthtwin/words/de/metrics.ftl": {
            "metric-activity-level =": """metric-skin-temperature = Hauttemperatur
    .inline = Hauttemperatur
"""
        },
    },
    smoke="""
from healthtwin.domain import DAY_MS, Reading
from healthtwin.forecast import DeviationCusum, expected_row
from healthtwin.twin import PersonalBaseline
from healthtwin.words import say
from tests.forecast.observed import observed, ordinary, somebody

start = 1_767_272_400_000
baseline = PersonalBaseline("Europe/Vienna")
for day in range(40):
    baseline.update(Reading("me", "wrist_temperature", 33 + day % 3 / 10, start + day * DAY_MS))
high = Reading("me", "skin_temperature", 36.5, start + 40 * DAY_MS)
assert "36.5 °C" in say(baseline.explain(high), "en")
member, state = DeviationCusum(), DeviationCusum().blank(1)
for minute in range(0, 60, 5):
    seen = observed(minute, skin_temperature=44.0)
    verdict = member.update(state, seen, ordinary(seen), somebody())
assert verdict.score[0] > 20
facts = member.explain(state[0], seen[0], expected_row(ordinary(seen), 0), somebody()[0])
assert "kin temperature" in say(facts[0].said, "en") and "auttemperatur" in say(facts[0].said, "de")
""",
    suite=(
        "tests/domain/test_what_holds_for_one_metric.py",
        "tests/domain/test_metric_values.py",
        "tests/words/test_every_sentence.py",
    ),
    documented={"docs/reference/metrics.md": "`skin_temperature`"},
)

MEMBER = Recipe(
    title="A forecast member",
    name="shivering",
    most=5,
    added={"src/healthtwin/forecast/shivering.py": "member/shivering.py"},
    inserted={
        "src/healthtwin/forecast/judgement.py": {
            "from healthtwin.forecast.signatures": "from healthtwin.forecast.shivering import Shivering\n",
            "DeviationCusum(), Signatures())": "Shivering(), ",
        },
        "src/healthtwin/domain/rules.py": {
            '    Rule(PRESSURE_HIGH, "blood_pressure_high", within_h=SEEN_SOON_H),': (
                '    Rule(64, "shivering", within_h=SEEN_SOON_H),\n'
            ),
        },
        "src/healthtwin/words/en/rules.ftl": {
            "rule-not-alert =": """rule-shivering = cold, and the heart races
    .source = a made-up recipe
"""
        },
        "src/healthtwin/words/de/rules.ftl": {
            "rule-not-alert =": """rule-shivering = kalt, und das Herz rast
    .source = ein erfundenes Rezept
"""
        },
    },
    smoke="""
import tempfile
from pathlib import Path
from tests.house.a_house import START, house_at_work

with tempfile.TemporaryDirectory() as home, house_at_work(Path(home)) as at:
    ada = at.person(birth_year=1980)
    at.send(ada, START, temperature=35.2, heart_rate=125)
    (alert,) = at.house.notify.alerts(None, None)
    assert alert.rule == "shivering", alert.rule
    assert any("the heart races" in fact.text for fact in alert.evidence)
""",
    suite=(
        "tests/forecast/test_every_member_keeps_the_contract.py",
        "tests/domain/test_every_rule_has_a_place.py",
        "tests/words/test_every_sentence.py",
        "-k",
        "shivering or share_neither or rank or beyond_a_word or sentence",
    ),
    documented={
        "docs/reference/members.md": "`shivering`",
        "docs/reference/rules.md": "cold, and the heart races",
    },
)

CHANNEL = Recipe(
    title="A channel",
    name="diary",
    most=1,
    added={
        f"src/healthtwin/notify/channels/diary/{file}.py": f"channel/{file}.py"
        for file in ("__init__", "transport", "settings", "words")
    },
    smoke="""
import tempfile
import time
from pathlib import Path
from tests.house.a_house import START, house_at_work

with tempfile.TemporaryDirectory() as home, house_at_work(Path(home)) as at:
    ada = at.person(birth_year=1980)
    at.send(ada, START, spo2=84)
    diary = Path(home) / "diary.txt"
    for _ in range(400):
        if diary.is_file() and diary.read_text(encoding="utf-8"):
            break
        time.sleep(0.05)
    assert "Act now" in diary.read_text(encoding="utf-8")
    assert "Ada" not in diary.read_text(encoding="utf-8")
""",
    suite=("tests/notify/test_every_channel_keeps_the_contract.py", "-k", "diary or folder"),
    documented={"docs/reference/settings.md": "`[diary]`"},
)

FINDING = Recipe(
    title="A finding",
    name="many_medicines",
    most=4,
    added={"src/healthtwin/medicines/many_medicines.py": "finding/many_medicines.py"},
    inserted={
        "src/healthtwin/medicines/sources.py": {
            "\nif TYPE_CHECKING:": "from healthtwin.medicines.many_medicines import ManyMedicines\n",
            "Pharmacogenomics(),)": "ManyMedicines(), ",
        },
        "src/healthtwin/words/en/said.ftl": {
            "evidence-limit =": """finding-many-medicines = { NUMBER($count) } medicines at once
    .source = a made-up recipe
"""
        },
        "src/healthtwin/words/de/said.ftl": {
            "evidence-limit =": """finding-many-medicines = { NUMBER($count) } Medikamente zugleich
    .source = ein erfundenes Rezept
"""
        },
    },
    smoke="""
import tempfile
from pathlib import Path
from tests.house.a_house import CLINICIAN, house_at_work

with tempfile.TemporaryDirectory() as home, house_at_work(Path(home)) as at:
    ada = at.person()
    at.house.medicines.set_medicines(CLINICIAN, ada, ["a", "b", "c", "d", "e"])
    (found,) = at.house.medicines.findings(ada).findings
    assert (found.specialty, found.hypothesis) == ("polypharmacy", "5 medicines at once")
    at.house.medicines.set_medicines(CLINICIAN, ada, ["a"])
    assert at.house.medicines.findings(ada).findings == []
""",
    suite=("tests/medicines", "tests/words/test_every_sentence.py"),
)

RECIPES = (METRIC, MEMBER, CHANNEL, FINDING)


def files_named(recipe: Recipe) -> list[str]:
    """What the recipe's section lists, one numbered line a file or folder."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {re.escape(recipe.title)}\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section is not None, f"CONTRIBUTING.md has no recipe {recipe.title!r}"
    named = re.findall(r"^\d+\. `([^`]+)`", section[1], re.MULTILINE)
    return [path.replace("NAME", recipe.name) for path in named]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in COPIED:
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", "test_recipes_build.py")
            shutil.copytree(source, target, ignore=unwanted)
        else:
            shutil.copy(source, target)
    return tmp_path


def run(copy: Path, *command: str) -> str:
    """What a program of the copy printed; it must succeed."""
    paths = os.pathsep.join(str(copy / part) for part in ("src", "lab/src", "."))
    environment = {**uncounted(), "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.name for recipe in RECIPES])
def test_a_recipe_names_every_file_that_it_takes_and_works(recipe: Recipe, copy: Path) -> None:
    named = files_named(recipe)
    assert 1 <= len(named) <= recipe.most
    for path in named:
        parent = path.rstrip("/")
        assert (ROOT / parent).exists() or (ROOT / parent).parent.is_dir(), path
    touched = {*recipe.added, *recipe.inserted}
    assert all(any(path.startswith(each) for each in named) for path in touched), touched

    for path, example in recipe.added.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXAMPLES / example, copy / path)
    for path, insertions in recipe.inserted.items():
        text = (copy / path).read_text(encoding="utf-8")
        for mark, added in insertions.items():
            assert text.count(mark) == 1, (path, mark)
            text = text.replace(mark, added + mark)
        (copy / path).write_text(text, encoding="utf-8")

    run(copy, "-c", recipe.smoke)
    counted = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *recipe.suite)
    assert " passed" in counted
    if recipe.documented:
        run(copy, "tools/generate_docs.py")
        for page, text in recipe.documented.items():
            assert text in (copy / page).read_text(encoding="utf-8")
