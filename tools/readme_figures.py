"""Copies the README's figures from the reports that commands wrote, so that no figure stands there by hand.

`python tools/readme_figures.py` writes them; with `--check` it writes nothing and fails when one differs.
The reports are what `healthtwin replay … --json` and `healthtwin evaluate … --json` printed, as
tools/write_evaluation.py keeps them.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parent.parent
README: Final = ROOT / "README.md"
REPORTS: Final = ROOT / "docs" / "evaluation"
END: Final = "<!-- end of figures -->"

Report = dict[str, Any]


def report(name: str) -> Report:
    """One report as its command wrote it."""
    text = (REPORTS / f"{name}.json").read_text(encoding="utf-8")
    loaded: Report = json.loads(text)
    return loaded


def replay_table() -> str:
    """What became of each recording."""
    lines = [
        (
            "| recording | people | person-days | rows sent | refused "
            "| warnings or worse per person-day | critical | answer p50 / p99 ms |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    for path in sorted(REPORTS.glob("replay-*.json")):
        told = report(path.stem)
        rows, alerts, answer = told["rows"], told["alerts"], told["latency_ms"]["answer"]
        per_day = alerts["per_person_day"]
        lines.append(
            f"| [{told['recording']}]({path.relative_to(ROOT).as_posix()}) | {told['people']:,} "
            f"| {told['person_days']:,.0f} | {rows['sent']:,} | {rows['refused']:,} "
            f"| {per_day['warning_or_worse']:.3g} | {per_day['critical']:.3g} "
            f"| {answer['p50']:.0f} / {answer['p99']:.0f} |"
        )
    return "\n".join(lines)


def baseline_table() -> str:
    """How narrow the personal bands are, and how far off, beside the trivial predictors."""
    lines = [
        (
            "| data, metric | people | times narrower than the population | in the 95 % band "
            "| error against: population mean | own running mean | last value |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for dataset, metrics in report("baseline")["datasets"].items():
        for metric, got in metrics.items():
            narrower, error = got["narrower_than_population"], got["error_against"]
            lines.append(
                f"| {dataset}, {metric} | {got['people']} "
                f"| {narrower['value']:.2f} ({narrower['low']:.2f} to {narrower['high']:.2f}) "
                f"| {got['predictors']['twin']['coverage']['value']:.0%} "
                f"| {error['population_mean']['value']:.2f} "
                f"| {error['running_mean']['value']:.2f} | {error['last_value']['value']:.2f} |"
            )
    return "\n".join(lines)


def genes_table() -> str:
    """What was wanted of the genes room, what was reached, and what doing nothing clever reaches."""
    told = report("genes")
    genes = told["calling"].values()
    always_reference = statistics.median(gene["trivial_reference_right"] for gene in genes)
    commonest = told["guidance"]["trivial_commonest_strength_share"] * told["guidance"]["rows"]
    trivial = {
        "unphased": f"always reference: {always_reference:.3g}",
        "rows": f"commonest strength: {commonest:,.0f}",
    }
    lines = ["| measured | wanted | reached | met | trivial answer |", "|---|---|---|---|---|"]
    for goal in told["goals"]:
        met = "yes" if goal["met"] else "**no**"
        lines.append(
            f"| {goal['goal']} | {_exact(goal['wanted'])} | {_exact(goal['reached'])} | {met} "
            f"| {trivial.get(goal['goal'].split()[0], '')} |"
        )
    worst, name = min((gene["unphased_unique_right"], name) for name, gene in told["calling"].items())
    lines.append(f"| unphased pairs, worst gene ({name}) | | {_exact(worst)} | | |")
    return "\n".join(lines)


def sensing_table() -> str:
    """What was wanted of sensing and what was reached; each row names its best rival."""
    lines = ["| measured | wanted | reached | met |", "|---|---|---|---|"]
    for goal in report("sensing")["goals"]:
        met = {True: "yes", False: "**no**", None: "not measured"}[goal["met"]]
        reached = goal["reached"] if isinstance(goal["reached"], str) else _exact(goal["reached"])
        lines.append(f"| {goal['goal']} | {goal['wanted']} | {reached} | {met} |")
    return "\n".join(lines)


def forecast_table() -> str:
    """The cross-validated forecast: every scorer of the two targets that are compared, placebo beside."""
    told = report("forecast")
    lines = [
        "| target | scorer | AUROC | AUPRC | events warned of at 1 false alarm a person-day |",
        "|---|---|---|---|---|",
    ]
    for target in told["ablation"]:
        judged = told["targets"][target]
        for name, got in {"ensemble": judged["ensemble"], **judged["members"]}.items():
            shown = (got["auroc"], got["auprc"])
            share = got["sensitivity_at_1_false_alarm"]
            lines.append(f"| {target} | {name} | {shown[0]:.3f} | {shown[1]:.3f} | {share:.1%} |")
        placebo = judged["placebo"]["permuted"]
        share = placebo["sensitivity_at_1_false_alarm"]
        lines.append(
            f"| {target} | *placebo: labels dealt out anew* | {placebo['auroc']:.3f} | | {share:.1%} |"
        )
    return "\n".join(lines)


def goals_table() -> str:
    """What was wanted of the forecast and what was reached."""
    lines = ["| target | measure | wanted | reached | met |", "|---|---|---|---|---|"]
    for goal in report("forecast")["goals"]:
        met = "yes" if goal["met"] else "**no**"
        measure = goal["measure"].replace("_", " ")
        lines.append(f"| {goal['target']} | {measure} | {goal['wanted']} | {goal['reached']:.4f} | {met} |")
    return "\n".join(lines)


def budget_table() -> str:
    """Sites within a fifth of the false alarms they asked for, beside a threshold left as it was."""
    lines = [
        "| target | kind of site | sites within 20 % | got / asked | each person alone | no budget |",
        "|---|---|---|---|---|---|",
    ]
    for target, kinds in report("budget")["sites"].items():
        for kind, told in kinds.items():
            if not told["sites_judged"]:
                lines.append(f"| {target} | {kind} | too few alarms expected | | | |")
                continue
            house = told["kept"]["site and person"]
            spans = [
                f"{told['kept'][kept]['ratio_least']:.2f} to {told['kept'][kept]['ratio_most']:.2f}"
                for kept in ("site and person", "person", "training side")
            ]
            within = f"{house['sites_within']} of {told['sites_judged']}"
            lines.append(f"| {target} | {kind} | {within} | {' | '.join(spans)} |")
    return "\n".join(lines)


def _exact(figure: float) -> str:
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:.4g}"


TABLES: Final[dict[str, Callable[[], str]]] = {
    "sensing": sensing_table,
    "forecast": forecast_table,
    "goals": goals_table,
    "budget": budget_table,
    "replay": replay_table,
    "baseline": baseline_table,
    "genes": genes_table,
}


def filled(text: str) -> str:
    """The README with every figure block as the reports say it."""
    for name, table in TABLES.items():
        begin = f"<!-- figures: {name} -->"
        head, rest = text.split(begin, 1)
        _, tail = rest.split(END, 1)
        text = f"{head}{begin}\n{table()}\n{END}{tail}"
    return text


def main() -> int:
    """Write or check the README; the exit status."""
    text = README.read_text(encoding="utf-8")
    new = filled(text)
    if new == text:
        return 0
    if "--check" in sys.argv[1:]:
        print("README.md: its figures are not those of docs/evaluation; run: python tools/readme_figures.py")
        return 1
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
