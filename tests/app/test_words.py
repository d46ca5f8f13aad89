"""Every sentence of the app stands in every language, and the server's own are said in German too."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest

from healthtwin.domain import METRICS, RULE_BY_NAME, AlertLevel
from healthtwin.episodes import Verb
from healthtwin.episodes.words import advice, summary
from healthtwin.web.assets import STATIC
from healthtwin.words import say
from tests.app.phone import Phone, phone_of
from tests.web.served_portal import served_house

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

KEYS_IN_CODE = re.compile(r"\bsay(?:Or)?\(\"([a-z_0-9.]+)\"")
CHOSEN_IN_CODE = re.compile(r"\bsay\([^\"`)]*\? \"([a-z_0-9.]+)\" : \"([a-z_0-9.]+)\"\)")

TABLES = """async (paths) => {
  const [en, de] = await Promise.all(paths.map((path) => import(path)));
  return { en: en.SENTENCES, de: de.SENTENCES };
}"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Phone]:
    """A phone that only reads the app's modules."""
    with served_house(tmp_path_factory.mktemp("house") / "home") as portal:
        phone = phone_of(portal, browser)
        phone.page.goto(portal.url + "/app")
        yield phone
        phone.context.close()


@pytest.fixture(scope="module")
def tables(reader: Phone) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = reader.page.evaluate(
        TABLES, [reader.module(f"app/words/{language}.js") for language in ("en", "de")]
    )
    return loaded


@pytest.fixture(scope="module")
def in_german(reader: Phone) -> Callable[[list[str]], list[str]]:
    """The server's sentences as the German app says them."""

    def translate(sentences: list[str]) -> list[str]:
        said: list[str] = reader.page.evaluate(
            "([path, all]) => import(path).then((words) => all.map(words.ofServer))",
            [reader.module("app/words/de_server.js"), sentences],
        )
        return said

    return translate


def placeholders(sentence: str | dict[str, str]) -> set[str]:
    forms = sentence.values() if isinstance(sentence, dict) else [sentence]
    return {name for form in forms for name in re.findall(r"\{(\w+)\}", form)}


@pytest.mark.parametrize(
    "file", ["js/words.js", "app/words/en.js", "app/words/de.js", "app/words/de_server.js"]
)
def test_no_sentence_stands_twice_under_one_name(file: str) -> None:
    """JavaScript would silently keep the last of them, and a button would say what a banner says."""
    names = re.findall(r'^ +"((?:[^"\\]|\\.)+)":', (STATIC / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) > 10
    assert sorted(names) == sorted(set(names))


def test_both_languages_have_the_same_sentences_with_the_same_facts(
    tables: dict[str, dict[str, Any]],
) -> None:
    english, german = tables["en"], tables["de"]
    assert set(english) == set(german)
    assert [key for key in english if placeholders(english[key]) != placeholders(german[key])] == []
    assert [key for key in english if isinstance(english[key], dict) != isinstance(german[key], dict)] == []
    same = {"level.info", "channel.webhook", "link.live", "alert.status", "welcome.condition.copd"}
    copied = {
        key for key in english if english[key] == german[key] and re.search("[a-z]{4}", str(english[key]))
    }
    assert {key for key in copied if key not in same and not key.startswith(("span.", "metric."))} <= {
        "welcome.condition.asthma",
        "welcome.condition.diabetes",
        "welcome.condition.depression",
        "welcome.allergy.latex",
        "welcome.allergy.penicillin",
        "welcome.allergy.pollen",
        "welcome.contact_name",
        "remind.title",
    }


def test_no_module_says_a_sentence_that_does_not_exist(tables: dict[str, dict[str, Any]]) -> None:
    modules = [
        *(STATIC / "js").glob("*.js"),
        *(STATIC / "app").glob("*.js"),
        *(STATIC / "app" / "screens").glob("*.js"),
    ]
    said = set()
    for module in modules:
        text = module.read_text(encoding="utf-8")
        said |= set(KEYS_IN_CODE.findall(text))
        said |= {key for pair in CHOSEN_IN_CODE.findall(text) for key in pair}
    assert len(said) > 150
    assert said - set(tables["en"]) == set()


def test_every_metric_has_a_name_in_both_languages(tables: dict[str, dict[str, Any]]) -> None:
    for table in tables.values():
        assert {f"metric.{name}" for name in METRICS} - set(table) == set()


def test_no_language_says_that_all_is_well(tables: dict[str, dict[str, Any]]) -> None:
    forbidden = re.compile(
        r"all clear|you are fine|alles in ordnung|alles gut|unbedenklich|gesund\b", re.IGNORECASE
    )
    for table in tables.values():
        assert [key for key, sentence in table.items() if forbidden.search(str(sentence))] == []


def test_what_the_server_says_of_an_alert_is_said_in_german(
    in_german: Callable[[list[str]], list[str]],
) -> None:
    sentences = {
        say(summary(level, rule, key, verb))
        for level, rule, key, verb in itertools.product(AlertLevel, RULE_BY_NAME, ("vitals", "silence"), Verb)
    }
    for level, rule, key in itertools.product(AlertLevel, RULE_BY_NAME, ("vitals", "silence")):
        sentences |= {say(step.said) for step in advice(level, rule, key)}
    told = sorted(sentences)
    english = re.compile(r"\b(the|is|are|your|and|with|you|measure|person|readings?)\b", re.IGNORECASE)
    left = [said for said in in_german(told) if english.search(said)]
    assert left == []


def test_evidence_with_numbers_is_said_in_german(in_german: Callable[[list[str]], list[str]]) -> None:
    assert in_german(
        [
            "Heart rate 84 /min; for you at 14:00, resting, 68 ± 5.5; 3.2 above; for 40 minutes",
            "Oxygen saturation 84 %: oxygen saturation is very low",
            "NEWS2 at least 7 (5 of 7 measured): respiratory rate 3, oxygen saturation 2",
            "no reading for 3 days",
            (
                "breathing became 40 % faster or more while oxygen saturation fell "
                "(Breathing rate now 21.4 /min, usually 14.2, Oxygen saturation now 91 %)"
            ),
            "Breathing rate 14 /min; your own normal is still being learned",
            (
                "of 100 hours like this one, about 3 were followed by oxygen saturation below 90 % in the "
                "next hour; measured on intensive-care stays, not at home"
            ),
            "Breathing rate 27 /min, above your usual 16 /min",
            "Oxygen saturation 96 %, near a typical 97 %, but not steady",
            (
                "With breathing rate steady at 16 /min it would be 2 % instead of 4 %; "
                "with everything known at its usual, below 1 %"
            ),
        ]
    ) == [
        "Puls 84 /min; für Sie um 14:00, in Ruhe, 68 ± 5,5; 3,2 darüber; seit 40 Minuten",
        "Sauerstoffsättigung 84 %: die Sauerstoffsättigung ist sehr niedrig",
        "NEWS2 mindestens 7 (5 von 7 gemessen): Atmung 3, Sauerstoffsättigung 2",
        "keine Messung seit 3 Tagen",
        (
            "die Atmung wurde 40 % oder mehr schneller, während die Sauerstoffsättigung fiel "
            "(Atmung jetzt 21,4 /min, sonst 14,2, Sauerstoffsättigung jetzt 91 %)"
        ),
        "Atmung 14 /min; was für Sie üblich ist, wird noch gelernt",
        (
            "auf 100 Stunden wie diese folgte etwa 3-mal eine Sauerstoffsättigung unter 90 % in der nächsten "
            "Stunde; gemessen an Aufenthalten auf Intensivstationen, nicht zu Hause"
        ),
        "Atmung 27 /min, über dem für Sie Üblichen von 16 /min",
        "Sauerstoffsättigung 96 %, nahe den typischen 97 %, aber nicht stetig",
        ("Wäre Atmung stetig bei 16 /min, wäre es 2 % statt 4 %; wäre alles Bekannte wie üblich, unter 1 %"),
    ]


def test_a_sentence_nobody_translated_is_left_in_english(in_german: Callable[[list[str]], list[str]]) -> None:
    assert in_german(["Something quite new happened"]) == ["Something quite new happened"]
