"""A replay's report as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.play.replay.report import Percentiles, RefusedField, ReplayReport, UnreadableCells


def lines(report: ReplayReport) -> Iterator[tuple[str, str]]:
    """What is told and its value, in the order in which a reader wants them."""
    rows, alerts = report.rows, report.alerts
    yield "recording", f"{report.recording} (replayed, in {report.home})"
    yield (
        "people",
        f"{report.people}, of them too short to learn, safety rules only: {report.too_short_to_learn}",
    )
    yield "person-days", f"{report.person_days:g}"
    yield "rows in the file", f"{rows.in_file:,} ({_unsent(report)})"
    yield (
        "rows sent",
        f"{rows.sent:,}: {rows.accepted:,} taken, {rows.duplicates:,} known, {rows.refused:,} refused",
    )
    if rows.refused:
        yield (
            "refused rows",
            f"{rows.accepted_in_part:,} taken without the refused field; lost: {rows.lost:,}",
        )
    for refused in report.refused:
        yield f"  {refused.field}", refused_in_words(refused)
    for cells in report.unreadable:
        yield f"  {cells.column}", unreadable_in_words(cells)
    for warning in report.warnings:
        yield "  attention", warning
    yield "readings taken", f"{report.readings_accepted:,}"
    yield (
        "alerts",
        f"{alerts.total:,} (" + ", ".join(f"{n:,} {level}" for level, n in alerts.by_level.items()) + ")",
    )
    for rule, count in alerts.by_rule.items():
        yield f"  {rule}", f"{count:,}"
    for name, rate in alerts.per_person_day.items():
        yield f"  per person-day, {name.replace('_', ' ')}", f"{rate:g}"
    yield "false alarms", _false_alarms(report)
    if report.by_label is not None:
        for side, group in (("with", report.by_label.labelled), ("without", report.by_label.unlabelled)):
            told = f"{group.people:,} people, {group.person_days:g} person-days, {group.alerts:,} alerts at "
            told += f"warning or worse for {group.people_with_alert:,} of them"
            yield f"  {side} the label", told
    yield "sent → answered", _milliseconds(report.latency_ms.answer)
    yield "sent → alert readable", _milliseconds(report.latency_ms.alert)
    pace = f"{report.rows_per_s:,.0f} rows/s, {report.times_real_time:,.0f} × real time"
    yield "took", f"{report.duration_s:g} s for {report.event_days:g} days ({pace})"
    for note in (report.label, *report.notes):
        yield "note", note


def refused_in_words(refused: RefusedField) -> str:
    """How many rows were refused for a reason, the first of them, and what would have been right."""
    where = "".join(f"line {example.line}: {example.value}; " for example in refused.examples)
    likely = f" ({refused.likely})" if refused.likely else ""
    return f"{refused.rows:,} rows refused; {where}allowed: {refused.allowed}{likely}"


def unreadable_in_words(cells: UnreadableCells) -> str:
    """How many cells could not be read, the first of them, and what would have been right."""
    where = "".join(
        f"line {line}: {text!r}; " for line, text in zip(cells.lines, cells.examples, strict=False)
    )
    return f"{cells.cells:,} cells unreadable; {where}allowed: {cells.allowed}"


def nothing_taken(report: ReplayReport) -> str:
    """Why nothing of a recording was taken, in one line."""
    causes = [f"{refused.field}: {refused_in_words(refused)}" for refused in report.refused]
    causes += [f"{cells.column}: {unreadable_in_words(cells)}" for cells in report.unreadable]
    return f"nothing of {report.recording} was taken. " + ". ".join(causes)


def _unsent(report: ReplayReport) -> str:
    rows = report.rows
    left_out = {
        "without a value": rows.without_values,
        "without a time": rows.without_time,
        "without a person": rows.without_person,
        "copies": rows.shifted_copies,
        "left out by --people or --limit": rows.not_played,
    }
    return ", ".join(f"{count:,} {why}" for why, count in left_out.items() if count) or "all sent"


def _false_alarms(report: ReplayReport) -> str:
    told = report.false_alarms
    rate = "" if told.per_person_day is None else f"{told.per_person_day:g} per person-day: "
    return rate + told.means


def _milliseconds(told: Percentiles) -> str:
    if told.p50 is None:
        return "nothing to measure"
    return f"p50 {told.p50:g} ms, p99 {told.p99:g} ms ({told.count:,} messages)"
