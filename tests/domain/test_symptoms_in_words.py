"""What people say, in two languages, becomes kinds of symptoms; what is denied or past does not count."""

from __future__ import annotations

import pytest

from healthtwin.domain.symptoms import Symptom, symptoms_in


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("pressure in my chest", Symptom.CHEST),
        ("Chest feels fine but chest pain since an hour", Symptom.CHEST),
        ("I am short of breath", Symptom.BREATH),
        ("can't get air", Symptom.BREATH),
        ("bad headache and spots before my eyes", Symptom.HEADACHE | Symptom.VISION),
        ("pain under my ribs", Symptom.RIBS),
        ("she is confused and her speech is slurred", Symptom.CONFUSED | Symptom.SPEECH),
        ("nearly fainted, dizzy", Symptom.FAINT),
        ("Brustschmerzen und Atemnot", Symptom.CHEST | Symptom.BREATH),
        ("starke Kopfschmerzen, Flimmern vor den Augen", Symptom.HEADACHE | Symptom.VISION),
        ("Schmerzen im Oberbauch", Symptom.RIBS),
        ("ihm ist schwindelig, der Arm ist taub", Symptom.FAINT | Symptom.WEAK),
        ("no chest pain", Symptom(0)),
        ("kein Schwindel, keine Atemnot", Symptom(0)),
        ("had chest pain last year", Symptom(0)),
        ("my mother has a headache", Symptom(0)),
        ("a walk, and coffee", Symptom(0)),
    ],
)
def test_words_become_kinds_of_symptoms(said: str, kinds: Symptom) -> None:
    assert symptoms_in(said) == kinds


def test_codes_of_the_app_count_beside_words() -> None:
    assert symptoms_in("", ["short_of_breath", "hungry"]) == Symptom.BREATH
