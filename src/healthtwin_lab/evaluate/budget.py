"""False alarms asked for against false alarms got: at hospitals never seen, and in healthy people.

Hospitals. The stays of one recording are dealt to sites by a hash of their id. Each site's score comes from
people of other sites, and so does the threshold it starts from; then the site lives through its stays as a
ward would (`healthtwin_lab.evaluate.site_replay`). Since one recording is one hospital system, sites are also
made to differ: other oximeters, sicker people, columns missing, scores pushed up, down and apart. Each site
is lived through four times, by whom the budget is kept (`KEPT`): the running house keeps it for the site and
each person, and beside it stand either alone and the training side's threshold left as it was.

Healthy people. Two recordings of daily life go through the house's own step; every alarm that somebody
would have heard, and that a budget may keep quiet, counts.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import DAY_MS, RULE_BY_NAME
from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.errors import InvalidInput
from healthtwin.episodes import Verb
from healthtwin.forecast.site_budget import SiteBudget, TailReference
from healthtwin.forecast.targets import COMPARED, NOT_YET, TARGET
from healthtwin.pipeline import DEFAULT_LEARNING
from healthtwin.twin import phase
from healthtwin.twin.state import SILENT
from healthtwin_lab.cohorts.labels import labels
from healthtwin_lab.cohorts.stays import Stays, load_stays
from healthtwin_lab.evaluate.on_the_step import play
from healthtwin_lab.evaluate.recordings import (
    LIFESNAPS_FILE,
    WELLTORY_HRV_FILE,
    read_lifesnaps,
    read_welltory,
)
from healthtwin_lab.evaluate.site_replay import KEPT, Looks, replay_site
from healthtwin_lab.evaluate.site_scores import PlainScore, plain_columns
from healthtwin_lab.evaluate.ward import BEDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin_lab.evaluate.recordings import Recording

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

STAYS_FILE: Final = "cinc2019_setB/dev.parquet"

PER_DAY: Final = 1.0
"""False alarms per person-day asked for in a hospital."""

PER_WEEK: Final = 1.0
"""False alarms per person-week asked for at home: the product's default."""

SITES: Final = 20
FOLDS: Final = 4
WITHIN: Final = 0.2
LEAST_EXPECTED: Final = 100.0
"""With fewer alarms expected, chance alone moves the ratio by more than a tenth."""

WELL_KEPT: Final = 0.3
"""Share of the stays without a low saturation that a site of sicker people keeps."""

MISSING: Final = 0.4
"""Share of values that a site of few measurements lacks."""

RESAMPLES: Final = 300
DAYS_A_WEEK: Final = 7
HOURS_A_DAY: Final = 24


def _sicker(stays: Stays, rng: np.random.Generator) -> Stays:
    low = np.zeros(len(stays.people), np.bool_)
    low[stays.person[stays.value[:, COLUMN["oxygen_saturation"]] < NOT_YET]] = True
    return stays.of_people(low | (rng.random(len(low)) < WELL_KEPT))


def _oximeter_low(stays: Stays, rng: np.random.Generator) -> Stays:
    del rng
    value = stays.value.copy()
    value[:, COLUMN["oxygen_saturation"]] -= 1.0
    return dataclasses.replace(stays, value=value)


def _missing(stays: Stays, rng: np.random.Generator) -> Stays:
    value = np.where(rng.random(stays.value.shape) < MISSING, np.nan, stays.value)
    value[:, COLUMN["body_temperature"]] = value[:, COLUMN["blood_pressure_systolic"]] = np.nan
    return dataclasses.replace(stays, value=value)


def _same(stays: Stays, rng: np.random.Generator) -> Stays:
    del rng
    return stays


def _unmoved(score: Floats) -> Floats:
    return score


SHIFTS: Final[
    Mapping[str, tuple[Callable[[Stays, np.random.Generator], Stays], Callable[[Floats], Floats]]]
] = {
    "as it is": (_same, _unmoved),
    "sicker people": (_sicker, _unmoved),
    "oximeters read 1 point lower": (_oximeter_low, _unmoved),
    "no temperature, no pressure, 40 % of values missing": (_missing, _unmoved),
    "scores 0.6 log odds higher": (_same, lambda score: score + 0.6),
    "scores 0.6 log odds lower": (_same, lambda score: score - 0.6),
    "scores a quarter further apart": (_same, lambda score: 1.25 * score),
}
"""How sites are made to differ: what happens to the stays, and to the score."""


def evaluate_budget(data_dir: Path, seed: int = 0) -> dict[str, Any]:
    """Asked against got, by kind of site and target, and in healthy people.

    Args:
        data_dir: folder that holds `cinc2019_setB`, `lifesnaps_daily` and `welltory_hrv_covid19`.
        seed: of the shifts and of the bootstrap.

    Returns:
        JSON-ready: `data` (files with sha256), `method`, `sites` → target → kind of site → `kept` → by whom,
        `healthy` → recording. Ratios are got / asked with 95 % bootstrap intervals over people.

    Raises:
        InvalidInput: when a file is missing.
    """
    path = data_dir / STAYS_FILE
    if not path.is_file():
        raise InvalidInput("data_dir", str(data_dir), f"a folder that holds {STAYS_FILE}")
    stays = load_stays(path)
    files = (STAYS_FILE, LIFESNAPS_FILE, WELLTORY_HRV_FILE)
    healthy = {"lifesnaps_daily": read_lifesnaps(data_dir), "welltory_hrv_covid19": read_welltory(data_dir)}
    return {
        "data": {
            name: {"sha256": hashlib.sha256((data_dir / name).read_bytes()).hexdigest()} for name in files
        },
        "method": {
            "asked_per_person_day_in_hospital": PER_DAY,
            "asked_per_person_week_at_home": PER_WEEK,
            "sites": SITES,
            "beds": BEDS,
            "score": "plain logistic regression, cross-fitted over groups of sites",
            "controller": f"site budget {SiteBudget.version}",
            "within": WITHIN,
            "least_expected": LEAST_EXPECTED,
            "seed": seed,
        },
        "sites": _sites(stays, seed),
        "healthy": {name: healthy_alarms(found, seed) for name, found in healthy.items()},
    }


def site_of(person: str) -> int:
    """The site of a stay, by a hash of its id.

    >>> site_of("p100001") == site_of("p100001") < SITES
    True
    """
    return int.from_bytes(hashlib.blake2b(person.encode(), digest_size=4).digest(), "big") % SITES


def _sites(stays: Stays, seed: int) -> dict[str, Any]:
    site = np.array([site_of(str(person)) for person in stays.people])
    x, (y, eligible) = plain_columns(stays), labels(stays)
    found: dict[str, Any] = {}
    for target in COMPARED:
        column = TARGET[target]
        may, came = eligible[:, column], y[:, column] == 1
        fold = site[stays.person] % FOLDS
        scores = [PlainScore.fitted(x[(fold != f) & may], came[(fold != f) & may]) for f in range(FOLDS)]
        quiet = may & ~came
        tails = [TailReference.of(score.of(x[(fold != f) & quiet])) for f, score in enumerate(scores)]
        found[target] = {kind: _kind(stays, site, target, kind, scores, tails, seed) for kind in SHIFTS}
    return found


def _kind(
    stays: Stays,
    site: NDArray[np.int_],
    target: str,
    kind: str,
    scores: list[PlainScore],
    tails: list[TailReference],
    seed: int,
) -> dict[str, Any]:
    change, move = SHIFTS[kind]
    # One for each, so that which stays a site has does not hang on how often something was resampled.
    shifted, resampled = np.random.default_rng(seed), np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for number in range(SITES):
        here = change(stays.of_people(site == number), shifted)
        y, eligible = labels(here)
        may, came = eligible[:, TARGET[target]], y[:, TARGET[target]] == 1
        score = move(scores[number % FOLDS].of(plain_columns(here)))
        tail = tails[number % FOLDS]
        looks = Looks(here.person.astype(np.int64), here.hours, may, came, may)
        asked = np.bincount(here.person, may & ~came) * PER_DAY / HOURS_A_DAY
        lives = {kept: replay_site(looks, score, tail, PER_DAY, kept=kept) for kept in KEPT}
        rows.append(
            {
                "asked": float(asked.sum()),
                "days": lives["site"].days,
                "events": int(came.sum()),
                "kept": {
                    kept: {
                        **_asked_and_got(
                            asked, np.bincount(here.person, lived.alarm & may & ~came), resampled
                        ),
                        "sensitivity": float((lived.alarm & came).sum() / max(int(came.sum()), 1)),
                    }
                    for kept, lived in lives.items()
                },
            }
        )
    judged = [row for row in rows if row["asked"] >= LEAST_EXPECTED]
    return {
        "sites_judged": len(judged),
        "asked": sum(row["asked"] for row in judged),
        "kept": {kept: _pooled(judged, kept) for kept in KEPT},
        "sites": rows,
    }


def _pooled(judged: list[dict[str, Any]], kept: str) -> dict[str, Any]:
    lives = [row["kept"][kept] for row in judged]
    ratios = [life["ratio"] for life in lives]
    got = sum(life["got"] for life in lives)
    events = np.array([row["events"] for row in judged], np.float64)
    return {
        "sites_within": sum(abs(ratio - 1.0) <= WITHIN for ratio in ratios),
        "got": got,
        "ratio": got / sum(row["asked"] for row in judged) if judged else None,
        "ratio_least": min(ratios, default=None),
        "ratio_most": max(ratios, default=None),
        "sensitivity": _weighted([life["sensitivity"] for life in lives], events),
    }


def _weighted(values: list[float], weights: Floats) -> float | None:
    return float(np.average(values, weights=weights)) if weights.sum() > 0 else None


def _asked_and_got(asked: NDArray[Any], got: NDArray[Any], rng: np.random.Generator) -> dict[str, Any]:
    """Sums and their ratio with a bootstrap over people; `asked` and `got` have shape (people,)."""
    total = float(asked.sum())
    draws = rng.integers(0, len(asked), (RESAMPLES, len(asked)))
    resampled = got[draws].sum(axis=1) / np.maximum(asked[draws].sum(axis=1), 1e-9)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return {
        "asked": total,
        "got": int(got.sum()),
        "ratio": float(got.sum()) / total if total else None,
        "ratio_low": float(low),
        "ratio_high": float(high),
    }


def healthy_alarms(recordings: list[Recording], seed: int) -> dict[str, Any]:
    """Budgeted alarms that people of daily life would have heard, against their budget.

    Weeks count from the first after the silent phase, and only days with readings do.
    """
    people = len(recordings)
    got, days = np.zeros(people), np.zeros(people)
    last_day = np.full(people, -1, np.int64)
    heard = np.zeros(people, np.bool_)  # whether the silent phase was over before the reading
    by_rule: dict[str, int] = {}
    for now in play(recordings, DEFAULT_LEARNING):
        for place, change in now.told:
            person = now.who[place]
            if change.verb is Verb.OPENED and RULE_BY_NAME[change.rule].budgeted and heard[person]:
                got[person] += 1
                by_rule[change.rule] = by_rule.get(change.rule, 0) + 1
        day = now.time_ms // DAY_MS
        days[now.who] += heard[now.who] & (day != last_day[now.who])
        last_day[now.who] = day
        heard[now.who] = phase(now.state["twin"]) > SILENT
    found = _asked_and_got(days / DAYS_A_WEEK * PER_WEEK, got, np.random.default_rng(seed))
    enough = found["asked"] >= LEAST_EXPECTED
    return {
        **found,
        "people": people,
        "people_heard": int((days > 0).sum()),
        "readings": sum(len(recording.observations) for recording in recordings),
        "by_rule": by_rule,
        "judged": enough,
        "met": bool(abs(found["ratio"] - 1.0) <= WITHIN) if enough else None,
    }
