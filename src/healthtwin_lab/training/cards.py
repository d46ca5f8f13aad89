"""Model cards for people: one page per shipped file, written from `card.json` so that they cannot disagree.

After Mitchell et al., Model Cards for Model Reporting, FAT* 2019.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin.forecast.targets import COMPARED, TARGETS
from healthtwin.words import say

if TYPE_CHECKING:
    from pathlib import Path

WHAT: Final = {
    "trend": "Ridge logistic regression over levels, slopes and own deviations, one per target.",
    "trees": "Gradient-boosted trees, one shallow forest per target, in one ONNX tree ensemble.",
    "lstm": "Long short-term memory over the rows of a person, all targets at once; one step per call.",
    "snn": "Spiking network (leaky integrate-and-fire, surrogate gradient); one step per call.",
}

INTENDED: Final = """\
To say, beside rules that always run, what may be coming in the next hours for an adult whose vital signs are
read at least every few hours, and how sure that is. Research and wellness; not a medical device. No
diagnosis, and never a reason to wait where somebody feels ill."""

LIMITS: Final = """\
- Trained on intensive-care stays of one hospital system, charted hourly, of treated patients: oxygen,
  ventilation and drugs were not visible. Nobody in the data lived at home.
- People under 16 and pregnancy do not occur in the data.
- Charting itself carries information: staff measure more often when they worry. A phone that measures by the
  clock does not worry, so probabilities are not calibrated there; the alarm budget is.
- At another hospital the number of false alarms of a fixed threshold differs; the alarm budget finds the
  threshold again.
- Infection: the label depends on what clinicians ordered."""


def write_cards(card: dict[str, Any], folder: Path) -> None:
    """Write `NAME.md` for every fitted member and `README.md` for the ensemble."""
    for name in card["members_cards"]:
        (folder / f"{name}.md").write_text(_member_page(card, name), encoding="utf-8")
    (folder / "README.md").write_text(_ensemble_page(card), encoding="utf-8")


def _member_page(card: dict[str, Any], name: str) -> str:
    facts = card["members_cards"][name]
    lines = [
        f"# {name}",
        "",
        WHAT.get(name, ""),
        "",
        f"- File: `{name}.onnx`, {facts['bytes']:,} bytes; {card['version']}.",
        f"- In the ensemble: {'yes' if name in card['used'] else 'no'}.",
        *_data_lines(card),
        "",
        f"Measured by {card['measured']['how']}:",
        "",
        *_table(card, (name, "news2", "last_value")),
        "",
    ]
    if facts["features"]:
        heaviest = ", ".join(f"`{feature}`" for feature in list(facts["features"])[:12])
        lines += [f"Heaviest features: {heaviest}.", ""]
    return "\n".join([*lines, *_closing()])


def _ensemble_page(card: dict[str, Any]) -> str:
    lines = [
        "# Shipped forecast models",
        "",
        f"Members {', '.join(card['members'])}; stacked: {', '.join(card['used'])}. {card['version']}.",
        "",
        *_data_lines(card),
        "",
        f"Measured by {card['measured']['how']}:",
        "",
        *_table(card, ("ensemble", *card["members"])),
        "",
        "| target | what | measured on |",
        "|---|---|---|",
        *(
            f"| {target.name} | {say(target.said)} | {'stays' if target.trained else 'nothing labelled'} |"
            for target in TARGETS
        ),
        "",
    ]
    return "\n".join([*lines, *_closing()])


def _data_lines(card: dict[str, Any]) -> list[str]:
    data = card["data"]
    versions = ", ".join(f"{name} {version}" for name, version in card["versions"].items())
    source = "PhysioNet/CinC Challenge 2019, training set B (Reyna et al., Crit Care Med 2020;48:210)"
    return [
        f"- Data: {data['people']:,} stays, {data['rows']:,} hours; sha256 `{data['sha256']}`; {source}.",
        f"- Seed {card['seed']}; {versions}.",
    ]


def _table(card: dict[str, Any], scorers: tuple[str, ...]) -> list[str]:
    lines = [
        "| target | scorer | AUROC | AUPRC | sensitivity at 1 false alarm a day | ECE | Brier skill |",
        "|---|---|---|---|---|---|---|",
    ]
    targets = card["measured"]["targets"]
    for target in (*COMPARED, *(name for name in targets if name not in COMPARED)):
        for scorer in scorers:
            found = targets[target]["ensemble" if scorer == "ensemble" else "members"]
            found = found if scorer == "ensemble" else found[scorer]
            cells = [found["auroc"], found["auprc"], found["sensitivity_at_1_false_alarm"]]
            tail = [found.get("ece"), found.get("brier_skill")]
            shown = [f"{value:.3f}" for value in cells]
            shown += ["–" if value is None else f"{value:.4f}" for value in tail]
            lines.append(f"| {target} | {scorer} | {' | '.join(shown)} |")
    return lines


def _closing() -> list[str]:
    return [
        "## Intended use",
        "",
        INTENDED,
        "",
        "## Limits",
        "",
        LIMITS,
        "",
    ]
