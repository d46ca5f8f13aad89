"""The demo with the portal open: a newcomer watches a person deteriorate and an alert explain itself."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.access import Credentials, Scope, wall_ms
from healthtwin.domain import HOUR_MS
from healthtwin.play.demo.household import go_on
from healthtwin.play.demo.play import moments_of, stage_for
from healthtwin.simulate import LIVE_STEP_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from healthtwin.play.demo.household import Household
    from healthtwin.play.demo.play import Stage

SIGNS_IN_WITHIN_S: Final = 60.0
"""The play waits this long for somebody to open the portal, then begins anyway."""

STEP_S: Final = 1.5
"""Five minutes of the household's time take this long: two and a half hours in three quarters of a minute."""

_LINK_LIFETIME_MS: Final = 24 * HOUR_MS
_LOOKS_EVERY_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Portal:
    """Where to look. `url`: the portal; `link`: signs one browser in, once."""

    url: str
    link: str


def play_in_portal(
    household: Household,
    home_path: Path,
    *,
    port: int,
    seed: int,
    stop: threading.Event,
    opened: Callable[[Portal], None],
    say: Callable[[str], None],
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Bring the past, show the portal, play the watched stretch for the eye, and go on until told to stop.

    Args:
        port: 0 takes a free one. seed: for what follows the watched stretch.
        stop: set from a signal handler.
        opened: told where to look, once the past has been learned.
        say: told in words what happens.
        progress: told the number of messages of the past after each post.
    """
    with stage_for(household, home_path, port=port) as stage:
        stage.bring_the_past(progress)
        tables = stage.running.house.tables
        minted = Credentials(tables).create_link(
            Scope.ADMIN, (), wall_ms(), label="demo", lifetime_ms=_LINK_LIFETIME_MS, every_person=True
        )
        url = stage.running.url
        before = tables.changed()
        opened(Portal(url, f"{url}/sign-in/{minted.secret}"))
        begin_by = time.monotonic() + SIGNS_IN_WITHIN_S
        while tables.changed() == before and time.monotonic() < begin_by:
            if stop.wait(_LOOKS_EVERY_S):
                return
        _play_for_the_eye(stage, stop, say)
        if not stop.is_set():
            for line in last_words(url, len(stage.alerts())):
                say(line)
        _live_on(stage, seed, stop)


def last_words(url: str, alerts: int) -> tuple[str, ...]:
    """That the play is over, and what to do next.

    >>> last_words("http://127.0.0.1:8000", 1)[0]
    'The play is over: 1 alert was told. The household lives on at the pace of the clock.'
    """
    told = f"{alerts} {'alert was' if alerts == 1 else 'alerts were'} told"
    return (
        f"The play is over: {told}. The household lives on at the pace of the clock.",
        f"  Open an alert at {url} to see its evidence, and try Acknowledge, Alerts off and Close.",
        "  For people of your own: healthtwin person add --home DIR --name … --timezone …,",
        "  then healthtwin serve --home DIR.",
        "  Ctrl-C ends the demo; made-up people leave nothing behind unless --home was given.",
    )


def _play_for_the_eye(stage: Stage, stop: threading.Event, say: Callable[[str], None]) -> None:
    told_of: set[tuple[str, str]] = set()
    watched = [(person_id, member.watched) for person_id, member in stage.members.items()]
    for member in stage.members.values():
        say(f"{member.person.name}: {member.scenario.label.lower()}")
    for moment in moments_of(watched):
        stage.play([moment])
        for alert in stage.alerts():
            if (alert.id, alert.level) not in told_of:
                told_of.add((alert.id, alert.level))
                reason = alert.evidence[0].text if alert.evidence else alert.summary
                say(f"{alert.level}: {alert.person_name}: {reason}")
        if stop.wait(STEP_S):
            return


def _live_on(stage: Stage, seed: int, stop: threading.Event) -> None:
    """From here on the household's clock runs at the pace of the wall's, a message every five minutes."""
    rng = np.random.default_rng([seed, 1])
    began_s, began_ms = time.monotonic(), stage.running.clock.now_ms()
    due_ms = began_ms + LIVE_STEP_MS
    while not stop.wait(_LOOKS_EVERY_S):
        now_ms = began_ms + int((time.monotonic() - began_s) * 1000)
        stage.running.clock.advance_to(now_ms)
        if now_ms < due_ms:
            continue
        following = [
            (person_id, go_on(member, due_ms, due_ms, rng))
            for person_id, member in stage.members.items()
            if not member.scenario.silent
        ]
        stage.play(moments_of(following))
        due_ms += LIVE_STEP_MS
