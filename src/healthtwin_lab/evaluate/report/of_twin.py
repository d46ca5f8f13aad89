"""`healthtwin evaluate twin` for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from healthtwin_lab.evaluate.report.document import Document, Section, Table
from healthtwin_lab.evaluate.report.words import made_by, with_range

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTEXT: Final = (
    "Each row changes one rule. Ratios are to the rules the product runs, on the same readings of the same "
    "people, with a bootstrap over people: above 1 the change makes it worse. Both halves of the people are "
    "shown; no setting was chosen on the half named report."
)
FREEZING: Final = (
    "Synthetic people; not evidence about people. A planted worsening must stay noticed, a planted new "
    "normal should be accepted. Shares are of days; the new normal is counted in days."
)
PHASING: Final = (
    "Alerts of the personal baseline (in brackets: warnings or worse) and person-days with data, by how many "
    "days were known. Nobody's trouble is labelled in these recordings, so every alert counts as false."
)


def document_of_twin(report: dict[str, Any]) -> Document:
    """What each rule of learning brings, in tables.

    Args:
        report: what `healthtwin_lab.evaluate.twin.evaluate_twin` returned.
    """
    return Document(
        "twin",
        "What the twin's rules of learning bring",
        made_by(report),
        (
            Section(
                "Context and speed",
                (CONTEXT,),
                tuple(_variants(report["variants"])),
            ),
            Section(
                "Freezing while something is wrong",
                (FREEZING,),
                (_freezes(report["freezes"]),),
            ),
            Section(
                "Phases",
                (PHASING,),
                tuple(_phases(report["phases"])),
            ),
        ),
    )


def _variants(variants: dict[str, Any]) -> Iterator[Table]:
    for dataset, halves in variants.items():
        for half, metrics in halves.items():
            yield Table(
                (
                    f"{dataset} ({half}), metric",
                    "people",
                    "changed rule",
                    "error",
                    "interval score",
                    "coverage",
                ),
                tuple(
                    (
                        metric,
                        str(got["people"]),
                        rule,
                        with_range(ratio["error_ratio"], 3),
                        with_range(ratio["interval_score_ratio"], 3),
                        f"{ratio['coverage']:.1%}",
                    )
                    for metric, got in metrics.items()
                    for rule, ratio in got["variants"].items()
                ),
            )


def _freezes(freezes: dict[str, Any]) -> Table:
    weeks = tuple(next(iter(freezes["rules"].values()))["worsening_noticed_in_weeks"])
    return Table(
        (
            "rule",
            *(f"worsening noticed, weeks {week}" for week in weeks),
            "days until the new normal",
            f"never within {freezes['changed_days']} days",
            "noticed on ordinary days",
        ),
        tuple(
            (
                rule,
                *(with_range(got["worsening_noticed_in_weeks"][week], 2) for week in weeks),
                with_range(got["days_until_new_normal"], 1),
                f"{got['never']} of {freezes['people']}",
                with_range(got["ordinary_days_noticed"], 3),
            )
            for rule, got in freezes["rules"].items()
        ),
    )


def _phases(phases: dict[str, Any]) -> Iterator[Table]:
    for dataset, policies in phases.items():
        bins = ["{} to {}".format(*row["days_known"]) for row in next(iter(policies.values()))]
        yield Table(
            (f"{dataset}, phases (silent, asking, full)", *(f"days {known}" for known in bins)),
            tuple(
                (
                    policy,
                    *(f"{row['any']} ({row['warning_or_worse']}) in {row['person_days']}" for row in rows),
                )
                for policy, rows in policies.items()
            ),
        )
