"""Writes the pages under docs/reference that only repeat code, so that they cannot say something else.

`python tools/generate_docs.py` writes them; with `--check` it writes nothing and fails when one is stale.
"""

from __future__ import annotations

import inspect
import json
import sys
from dataclasses import fields
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.main import get_command

from healthtwin.access import SignInSettings
from healthtwin.access.accounts.passwords import MEMORY_MIB
from healthtwin.cli import app
from healthtwin.domain import BASELINES, HOUR_MS, LEARNED, METRICS, MINUTE_MS, RULES, Said
from healthtwin.forecast import Voice, shipped_forecast
from healthtwin.forecast.feature_names import FEATURES
from healthtwin.forecast.limit import ADULT, ASK, CHILD, LOW, PREGNANT, Limit, Tier
from healthtwin.forecast.limit_table import LIMITS, SCALE_2
from healthtwin.forecast.targets import TARGETS
from healthtwin.house import HouseSettings
from healthtwin.notify.channels import channel_kinds
from healthtwin.store import StorageSettings
from healthtwin.store.keys import KeySettings
from healthtwin.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

VOICES: Final = {
    Voice.AT_ONCE: "its level stands, in every phase of learning and whatever the budget says.",
    Voice.BUDGETED: "its score is held against the person's threshold, which the alarm budget moves.",
    Voice.BACKING: "its rules speak where the budgeted score is not settled, and one that lasts backs it.",
    Voice.SHOWN: "it shows what may be coming; whether that is worth an alarm is decided beside it.",
}
REFERENCE: Final = Path(__file__).parent.parent / "docs" / "reference"
HEAD: Final = "<!-- Written by tools/generate_docs.py from the code; do not edit. -->\n\n"


def table(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def metrics_page() -> str:
    """The metric table."""
    rows = [
        (
            f"`{metric.name}`",
            ", ".join(f"`{alias}`" for alias in metric.aliases),
            metric.label,
            f"`{metric.unit}`",
            f"{metric.low:g} to {metric.high:g}",
            f"{metric.resolution:g}",
            metric.digits,
            *(f"{age / HOUR_MS:g}" for age in (metric.ages.decides, metric.ages.current)),
            f"{metric.ages.known / HOUR_MS:g}" if metric.is_vital_sign else "no",
            ", ".join(metric.loinc) or "local",
            metric.code,
        )
        for metric in METRICS.values()
    ]
    learned = [
        (
            f"`{metric.name}`",
            usual.column,
            f"{usual.prior_spread:g}" + (" (√)" if usual.square_root else ""),
            f"{usual.least_spread:g}" + (" (√)" if usual.square_root else ""),
            usual.worrying,
            usual.group,
            "no" if usual.moved_by_effort else "yes",
            _shift(usual.meter.lasting, usual.meter.relative) + f" over {usual.meter.lasts_h:g} h",
            _shift(usual.meter.once, usual.meter.relative),
        )
        for metric, usual in zip(LEARNED, BASELINES, strict=True)
    ]
    header = (
        "field",
        "also accepted",
        "meaning",
        "UCUM unit",
        "accepted",
        "step",
        "digits",
        "decides (h)",
        "current (h)",
        "known (h)",
    )
    of_learned = ("field", "column", "spread before", "least spread", "worrying", "group", "judged in effort")
    of_meters = ("lasting shift", "one reading")
    return (
        "# Metrics\n\nA value outside the accepted range is refused, never clipped. *Step*: the smallest "
        "difference worth keeping. *Digits*: decimals shown to people. How old a value may be to "
        "*decide* an alarm, to be shown as *current*, and to leave its person *known*; what is no vital sign "
        "keeps nobody known. *Code* is the number in the log and the series, fixed for ever.\n\n"
        + table((*header, "LOINC", "code"), rows)
        + "\n## With a personal baseline\n\nThe twin learns what is usual for each person. *Spread before*: "
        "assumed before anything was seen. *Least spread*: never claimed smaller; √: of the value's square "
        "root. *Worrying*: the side on which deterioration usually shows; the other counts half. *Group*: of "
        "metrics that say the same thing, only the larger deviation counts. *Column* stands in the log, "
        "fixed for ever. *Lasting shift* and *one reading*: the smallest worth calling unusual, in the "
        "metric's unit or as a share of what is expected: what meters of this kind may be off by. Less is "
        "the meter's, however steady the person.\n\n" + table((*of_learned, *of_meters), learned)
    )


def _shift(shift: float, relative: bool) -> str:
    if shift == inf:
        return "never"
    return f"{100 * shift:g} %" if relative else f"{shift:g}"


def members_page() -> str:
    """Who judges every reading."""
    rows = [
        (
            f"`{member.name}`",
            member.version,
            (inspect.getdoc(type(member)) or "").partition("\n\n")[0].replace("\n", " "),
            member.voice.value,
            ", ".join(f"`{RULES[number].name}`" for number in member.rules),
            member.state_dtype.itemsize,
        )
        for member in shipped_forecast().members
    ]
    voices = "".join(f"\n- *{voice.value}*: {told}" for voice, told in VOICES.items())
    return (
        "# Members\n\nEvery reading is judged by each of these, in this order. How one is heard:\n"
        f"{voices}\n\n"
        + table(("member", "version", "what it does", "heard", "rules", "bytes a person"), rows)
    )


def rules_page() -> str:
    """The rule table."""
    rows = [
        (
            rule.number,
            f"`{rule.name}`",
            say(rule.said),
            "budget" if rule.budgeted else "always",
            rule.within_h or "",
            say(rule.cited),
        )
        for rule in RULES.values()
    ]
    limits = [
        (
            _for_whom(limit),
            f"`{limit.metric}`",
            _from_value(limit),
            {3: "critical", 2: "within 2 h", 1: "within 24 h"}[limit.tier],
            _one_reading(limit),
            say(Said.of(limit.source)),
            limit.read.value,
        )
        for limit in (*LIMITS, *SCALE_2)
    ]
    return (
        "# Rules\n\n**No clinician has signed these rules.** They were built from public sources by people "
        "who make software; how well each source was read stands beside it. *Read*: its own text or table. "
        "*Restated*: a page that restates it. *Recalled*: from memory, to be checked before anybody relies "
        "on it. *Ours*: no source sets it.\n\n"
        "Every reason for which the house may speak. *Always*: a safety rule, which "
        "no budget, learning phase or other rule silences; it is silent only for a person whose alerts are "
        "switched off (`alarms`), who is shown as such everywhere, and for readings that arrive too late to "
        "speak of now. *Budget*: the person's alarm budget decides how far from usual is far "
        "enough. *Hours*: within how long a warning asks for somebody (2: be seen now; 24: today or "
        "tomorrow). A rule states a fact; none is a diagnosis.\n\n"
        + table(("bit", "rule", "what it says", "speaks", "hours", "source"), rows)
        + "\n## Limits\n\nFor whom, from which value on and how soon. Children are grouped by completed "
        "months; where only the year of birth is known, the loosest limit of the possible ages holds. What "
        "stands for pregnancy holds for six weeks after birth too. NEWS2 and its forecasts are neither shown "
        "nor told under 16 and in pregnancy. *One reading* says what a reading is told as before a second "
        "one confirms it: nothing is silent for want of one, but for values that mean nothing while they "
        "pass.\n\n"
        + table(("for whom", "metric", "from", "how soon", "one reading", "source", "read how"), limits)
    )


def _for_whom(limit: Limit) -> str:
    if limit.who == CHILD:
        return f"{limit.months[0]}-{limit.months[1]} months"
    if limit in SCALE_2:
        return "SpO2 scale 2"
    return {ADULT: "adults", PREGNANT: "pregnancy"}[limit.who]


def _from_value(limit: Limit) -> str:
    """The value as a reader knows it: "below 90", not the next number under it."""
    value = limit.low if limit.side == LOW else limit.high
    whole = round(value, 6)
    if limit.side == LOW:
        return f"below {whole:g}" if value < whole else f"{whole:g} and less"
    return f"above {whole:g}" if value > whole else f"{whole:g} and more"


def _one_reading(limit: Limit) -> str:
    if not limit.after_s:
        return "enough, unless usual for the person" if limit.own else "enough"
    minutes = round(limit.after_s / 60)
    if limit.first == 0:
        return f"nothing; told once it lasts {minutes} min, unless usual for the person"
    told = "asks for a second" if limit.first == ASK else Tier(limit.first).name.lower()
    return f"{told}; confirmed by one {minutes} min later"


def settings_page() -> str:
    """Every setting of a home's config.toml."""
    storage = StorageSettings()
    house = HouseSettings()
    rows: list[tuple[object, ...]] = [
        ("`[storage]`", f"`{field.name}`", f"`{getattr(storage, field.name)!r}`")
        for field in fields(StorageSettings)
    ]
    rows += [
        ("`[house]`", "`allowed_lateness_minutes`", f"`{house.allowed_lateness_ms // MINUTE_MS}`"),
        ("`[house]`", "`idle_after_minutes`", f"`{house.idle_after_ms // MINUTE_MS}`"),
        ("`[house]`", "`tick_minutes`", f"`{house.tick_ms // MINUTE_MS}`"),
        ("`[house]`", "`shadow_models`", "none"),
        ("`[house]`", "`country`", "none"),
        ("`[access]`", "`breached_passwords`", "none"),
        ("`[access]`", "`password_memory_mib`", f"`{MEMORY_MIB}`"),
    ]
    of_channels = ""
    explained: list[Any] = [kind.settings for kind in channel_kinds().values() if kind.settings]
    for settings in (*explained, SignInSettings, KeySettings):
        for name, told in settings.MEANING.items():
            default = json.dumps(getattr(settings(), name), default=dict)
            rows.append((f"`[{settings.SECTION}]`", f"`{name}`", f"`{default}`"))
            of_channels += f" `{name}`: {told}."
    meaning = (
        "`raw_days`: days for which every reading is kept. `daily_days`: days for which daily "
        "summaries are kept. "
        "`reserve_mib`: MiB of free disk below which new readings are refused. `records_url`: "
        "`postgresql+psycopg://…`; empty for the SQLite file in the home. "
        "`allowed_lateness_minutes`: a reading "
        "that arrives later than this teaches and is kept, but raises no alarm. "
        "`idle_after_minutes`: a device "
        "silent for longer holds back its person's other devices no more. `tick_minutes`: how "
        "often time is noted "
        "in the log. `shadow_models`: one folder of forecast models or several, absolute or from the home, "
        "that run beside those of the program: their scores are compared (health, figures), told to nobody. "
        "`country`: where people live of whom nothing else was said, a code of ISO 3166 (`DE`, `US-AL`); it "
        "decides from which age on somebody decides alone. `breached_passwords`: a file of stolen "
        "passwords that nobody may take, absolute or from the home: sorted SHA-1 as Have I Been Pwned gives "
        "it out, or one a line. "
        "`password_memory_mib`: what hashing one password takes; 19 is the least."
        f"{of_channels}\n\n"
    )
    return (
        "# Settings\n\n`config.toml` in the home directory; every setting is optional, an "
        "unknown one is refused at "
        "the start.\n\n" + meaning + table(("table", "setting", "default"), rows)
    )


def commands_page() -> str:
    """Every command with its options."""
    command: Any = get_command(app)
    parts = ["# Commands\n"]
    _describe(command, "healthtwin", typer.Context(command, info_name="healthtwin"), parts)
    return "\n".join(parts) + "\n"


def _describe(command: Any, name: str, context: Any, parts: list[str]) -> None:  # noqa: ANN401 - click has no types
    # Asked for by name: a group may hold commands that another package brings.
    listed = command.list_commands(context) if hasattr(command, "list_commands") else []
    children = {child: command.get_command(context, child) for child in listed}
    if not children:
        parts.append(f"## `{name}`\n\n{(command.help or '').strip()}\n")
        rows = [
            (
                " ".join(f"`{option}`" for option in parameter.opts) or f"`{parameter.name}`",
                (getattr(parameter, "help", None) or "").strip(),
            )
            for parameter in command.params
            if parameter.name != "help"
        ]
        if rows:
            parts.append(table(("option", "meaning"), rows))
    for child_name, child in sorted(children.items()):
        _describe(
            child, f"{name} {child_name}", typer.Context(child, parent=context, info_name=child_name), parts
        )


def targets_page() -> str:
    """What is forecast, and when it came true."""
    rows = [
        (
            f"`{target.name}`",
            say(target.said),
            target.eligible,
            target.positive,
            "labelled stays" if target.trained else "nothing labelled",
            target.note,
        )
        for target in TARGETS
    ]
    return (
        "# Targets\n\nWhat the forecast says something about. *Now* is the latest value of a metric if it is "
        "at most 4 h old; values outside the accepted range were dropped. A target without labelled data has "
        "no probability.\n\n"
        + table(("target", "what", "can be judged when", "came true when", "trained on", "to know"), rows)
    )


def features_page() -> str:
    """What the trained members are told."""
    rows = [
        (i, f"`{feature.name}`", feature.words, f"`{feature.unit}`") for i, feature in enumerate(FEATURES)
    ]
    return (
        "# Features\n\nOne row of these numbers per observation, computed by the same code online and for "
        "training, from one fixed-size record per person. What is unknown is NaN, never 0. A reading weighs "
        "as long as it stood alone, up to an hour. *About 3 h*: older readings fade with that time "
        "constant.\n\n" + table(("column", "feature", "meaning", "unit"), rows)
    )


PAGES: Final[dict[str, Callable[[], str]]] = {
    "members.md": members_page,
    "metrics.md": metrics_page,
    "rules.md": rules_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "features.md": features_page,
    "targets.md": targets_page,
}


def main() -> int:
    """Write or check the pages; the exit status."""
    check = "--check" in sys.argv[1:]
    stale = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        path = REFERENCE / name
        text = HEAD + page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"docs/reference is out of date ({', '.join(stale)}); run: python tools/generate_docs.py")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
