"""From codes and facts to sentences, once, at the edge: what leaves the house for people.

A catalogue is a folder of Project Fluent files, one folder a language (``words/en/*.ftl``); ids are unique
across the files of a language. Portal and app read the same files with ``@fluent/bundle``, so both sides keep
to one contract.

**Facts.** ``say(said)`` fills the message ``said.code`` (``id`` or ``id.attribute``) with ``said.facts``:
a nested `Said` is said first and comes in as a string; a list of them is joined by the message
``list-separator``; an empty list, like None, comes in as ``"none"``; True and False as ``"true"`` and
``"false"``; numbers as numbers; strings as they are. No Unicode isolation marks.

**Functions** (positional arguments may be variables, named ones are literals, as Fluent has it):

- ``NUMBER($x, minimumFractionDigits: 0, maximumFractionDigits: 3, minimumIntegerDigits: 1)``:
  as ``Intl.NumberFormat`` (half away from zero), with the message ``decimal-mark``; there is never a mark
  between thousands. ``{ $x }`` of a number is ``NUMBER($x)``.
  (With ``@fluent/bundle``: hand numbers in as ``new FluentNumber(x, { useGrouping: false })``.)
- ``UNIT($value, $metric, unit: "yes", digits: n, fine: "no", significant: n)``: the value with the ``digits``
  of the metric's row (or those given), then the unit as people write it, by the message ``value-with-unit``
  ($number, $unit). ``fine: "yes"`` gives one decimal more where the value is less than 5 steps of the last
  one, as a spread needs ("± 2" for 2.5 would belie what stands beside it); ``significant`` counts significant
  digits instead and drops trailing zeros. ``unit: "no"`` leaves the unit out; so does a unit whose words are
  empty. The unit's words are the message ``unit-`` + its UCUM code with ``%`` as ``percent``, ``/`` as
  ``-per-``, ``[`` as ``-`` and no ``]``, without hyphens at the ends (``unit-Cel``, ``unit-per-min``,
  ``unit-mm-Hg``).
- ``METRIC($metric, form: "label")``: what the metric is called: the message ``metric-<name, dashes for
  underscores>``, or its attribute ``form`` where it has that (``inline`` inside a sentence).
- ``DURATION($ms, form: "…")``: a span as people say it, rounded down: under a minute
  ``duration-under-a-minute``; under 2 h ``duration-minutes`` ($minutes); under 2 days ``duration-hours``
  ($hours) or, with minutes left, ``duration-hours-minutes`` ($hours, $minutes); else ``duration-days``
  ($days). ``form`` picks the message's attribute where it has that (``dative`` for "seit …", ``short``).
- ``TIME($ms)``: the clock in the reader's time zone, ``14:05`` (24 h).
- ``DATE($ms, form: "…")``: the day there, by the message ``date`` ($day, $month, $year: numbers, the year as
  a string), or its attribute (``short``).
- ``READER()``: ``self`` where who reads is the person spoken of ("your usual"), else ``other`` ("their
  usual").

**Selectors** match an exact number first, then the CLDR plural category of the number as it is written
(`healthtwin.words.plurals`), then a string; else the default.

**Language and reader.** `say` takes a language and a time zone, or those of the `speaking` block around it
(the HTTP layer opens one per request from ``Accept-Language`` and from who asks), else English, UTC and the
person. Nothing is parsed before the first sentence, and then only the messages that it needs.
"""

from healthtwin.words.evidence import AdviceView, EvidenceView, advice_view, evidence_view
from healthtwin.words.languages import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    OTHER,
    SELF,
    language_for,
    speaking,
    spoken_language,
)
from healthtwin.words.sentences import say

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "OTHER",
    "SELF",
    "AdviceView",
    "EvidenceView",
    "advice_view",
    "evidence_view",
    "language_for",
    "say",
    "speaking",
    "spoken_language",
]
