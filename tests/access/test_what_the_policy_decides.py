"""Every cell of role, relation, need, kind, consent and purpose, against expectations written here by hand.

What stands below is no table of the product turned round: it says, in the words of who asks, what they may.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.access import (
    SHARED_KINDS,
    Grant,
    Kind,
    Need,
    Purpose,
    Relation,
    Scope,
    Tie,
    Verdict,
    kinds_seen,
    withheld_from,
)
from healthtwin.access import decide as asked
from healthtwin.access.ties import Consent
from healthtwin.domain.errors import Forbidden, NotFound, Withheld

ADA, NOW = "p-ada", 1_000_000

ABOUT_ADA = ("read", "act", "state", "tell", "share", "export", "erase")

MAY = {
    ("device", "self"): {"read", "tell"},
    ("person", "self"): {"read", "act", "state", "tell", "share", "export", "erase"},
    ("person", "family"): {"read", "act"},
    ("person", "treating"): {"read", "act", "state", "tell", "share", "export", "erase"},
    ("family", "self"): {"read", "act"},
    ("family", "family"): {"read", "act"},
    ("family", "treating"): {"read", "act"},
    ("clinician", "self"): {"read", "act", "state"},
    ("clinician", "family"): {"read", "act"},
    ("clinician", "treating"): {"read", "act", "state"},
    ("admin", "self"): {"read", "act", "state", "tell", "share", "export", "erase"},
    ("admin", "family"): {"read", "act"},
    ("admin", "treating"): {"read", "act", "state", "tell", "share", "export", "erase"},
    ("service", "self"): {"read", "tell"},
    ("service", "family"): {"read"},
    ("service", "treating"): {"read", "tell"},
    ("device", "family"): {"read"},
    ("device", "treating"): {"read", "tell"},
}
"""With a device where one is needed. What does not stand here nobody may."""

NOBODYS: dict[str, set[str]] = {
    "known": {"device", "person", "family", "clinician", "admin", "service"},
    "send": {"device", "person", "admin", "service"},
    "find": {"clinician"},
    "operate": {"admin"},
}

WHATEVER_THEY_ARE = {"break": {"clinician"}, "mend": {"person", "clinician", "admin"}}
"""About a person to whom the asker need be nothing."""

PURPOSE = {"self": "self", "family": "family", "treating": "care"}


def grant(scope: Scope, tie: Tie | None, device: str = "d-1") -> Grant:
    """Somebody in this role, tied to Ada like this, and to nobody else; None: not at all."""
    people = frozenset[str]() if tie is None else frozenset({ADA})
    return Grant("g-asker", device, scope, people | {"p-bob"}, {} if tie is None else {ADA: tie})


TIES = [
    Tie(relation, until, rests=rests)
    for relation in (Relation.SELF, Relation.FAMILY, Relation.TREATING)
    for until in (None, NOW, NOW + 1)
    for rests in (False, True)
]


def kept_back(tie: Tie, kinds: frozenset[Kind]) -> Tie:
    line = Consent(kinds, tie.relation.value, None, allowed=False)
    return Tie(tie.relation, tie.until_ms, tie.rests, tie.reads_only, (line,))


def test_every_cell_about_a_person_is_as_it_is_written_here() -> None:
    cells = 0
    for scope, tie, need, kind, back in itertools.product(
        Scope, [None, *TIES], ABOUT_ADA, Kind, (False, True)
    ):
        tied = None if tie is None else kept_back(tie, frozenset({kind})) if back else tie
        for purpose in (None, *Purpose):
            cells += 1
            found = asked(grant(scope, tied), Need(need), kind, ADA, purpose, NOW).verdict
            if tied is None or tied.until_ms == NOW:
                expected = "unknown"
            elif tied.rests:
                expected = "rests"
            elif need not in MAY[scope.value, tied.relation.value]:
                expected = "role"
            elif purpose is not None and purpose.value != PURPOSE[tied.relation.value]:
                expected = "purpose"
            elif back and kind is not Kind.PROFILE and tied.relation is not Relation.SELF:
                expected = "withheld"
            else:
                expected = "allowed"
            assert found.value == expected, (scope, tied, need, kind, purpose)
    assert cells == 6 * 19 * 7 * 8 * 2 * 6


def test_every_cell_about_nobody_in_particular_goes_by_the_role_alone() -> None:
    for scope, (need, may) in itertools.product(Scope, NOBODYS.items()):
        for tie in (None, Tie(Relation.FAMILY)):
            found = asked(grant(scope, tie), Need(need), None, None, None, NOW).allowed
            assert found == (scope.value in may)
    for scope in Scope:
        assert not asked(grant(scope, None, device=""), Need.SEND, None, None, None, NOW).allowed


def test_every_need_stands_in_one_of_the_two() -> None:
    assert {need.value for need in Need} == {*ABOUT_ADA, *NOBODYS, *WHATEVER_THEY_ARE, "nobody"}


def test_an_emergency_goes_by_the_role_alone_whoever_the_person_is_to_them() -> None:
    for scope, tie, (need, may) in itertools.product(Scope, [None, *TIES], WHATEVER_THEY_ARE.items()):
        for person in (ADA, "p-nobody", None):
            found = asked(grant(scope, tie), Need(need), Kind.PROFILE, person, None, NOW)
            assert found.allowed == (scope.value in may), (scope, tie, need)
            assert found.relation is Relation.NONE


def test_nobody_sees_a_stranger_whatever_they_are_to_somebody_else() -> None:
    for scope, need, kind in itertools.product(Scope, ABOUT_ADA, Kind):
        for people in (frozenset({"p-bob"}), frozenset({"p-bob", "p-cy"})):
            stranger = Grant("g-1", "d-1", scope, people, {"p-bob": Tie(Relation.TREATING)})
            assert asked(stranger, Need(need), kind, ADA, None, NOW).verdict is Verdict.UNKNOWN
            with pytest.raises(NotFound, match="no such person"):
                asked(stranger, Need(need), kind, ADA, None, NOW).require()


def test_an_admin_that_names_nobody_sees_nobody_and_is_told_how_it_could() -> None:
    runs_the_house = Grant("g-1", "g-1", Scope.ADMIN, frozenset())
    for need, kind in itertools.product(ABOUT_ADA, Kind):
        said = asked(runs_the_house, Need(need), kind, ADA, None, NOW)
        assert said.verdict is Verdict.SEES_NOBODY
        with pytest.raises(Forbidden, match="--scope admin --person"):
            said.require()
    assert kinds_seen(runs_the_house, ADA, NOW) == frozenset()
    assert asked(runs_the_house, Need.OPERATE, None, None, None, NOW).allowed


def test_an_admin_that_treats_everybody_sees_who_comes_later_but_not_who_ended_it() -> None:
    ended = Tie(Relation.TREATING, until_ms=NOW)
    everybody = Grant("g-1", "", Scope.ADMIN, None, {"p-bob": ended})
    assert asked(everybody, Need.READ, Kind.VITALS, "p-new", None, NOW).allowed
    assert asked(everybody, Need.READ, Kind.VITALS, "p-bob", None, NOW).verdict is Verdict.UNKNOWN


def test_a_tie_that_only_reads_is_good_for_nothing_else() -> None:
    glass = grant(Scope.CLINICIAN, Tie(Relation.TREATING, until_ms=NOW + 1, reads_only=True))
    allowed = {need for need in ABOUT_ADA if asked(glass, Need(need), Kind.VITALS, ADA, None, NOW).allowed}
    assert allowed == {"read"}


def test_a_question_without_a_person_or_a_kind_is_refused() -> None:
    own = grant(Scope.PERSON, Tie(Relation.SELF))
    assert not asked(own, Need.READ, Kind.VITALS, None, None, NOW).allowed
    assert not asked(own, Need.READ, None, ADA, None, NOW).allowed


def test_what_is_kept_back_is_said_and_nothing_more() -> None:
    sister = grant(Scope.FAMILY, kept_back(Tie(Relation.FAMILY), frozenset({Kind.GENES, Kind.CHAT})))
    assert withheld_from(sister, ADA, NOW) == (Kind.GENES, Kind.CHAT)
    with pytest.raises(Withheld, match="genes") as refused:
        asked(sister, Need.READ, Kind.GENES, ADA, None, NOW).require()
    assert refused.value.kind == "genes"


kinds = st.frozensets(st.sampled_from(SHARED_KINDS), min_size=1)
untils = st.one_of(st.none(), st.integers(NOW - 3, NOW + 3))
lines = st.lists(
    st.builds(
        Consent,
        kinds,
        st.sampled_from(["family", "treating", "g-asker", "g-other"]),
        untils,
        allowed=st.booleans(),
    ),
    max_size=6,
)
relations = st.sampled_from([Relation.FAMILY, Relation.TREATING])


def seen(relation: Relation, consents: list[Consent], at_ms: int = NOW) -> frozenset[Kind]:
    return kinds_seen(grant(Scope.CLINICIAN, Tie(relation, consents=tuple(consents))), ADA, at_ms)


@given(relations, lines, kinds)
@settings(max_examples=300, deadline=None)
def test_a_line_that_keeps_back_keeps_back_whatever_else_is_said(
    relation: Relation, others: list[Consent], back: frozenset[Kind]
) -> None:
    line = Consent(back, "g-asker", None, allowed=False)
    for place in range(len(others) + 1):
        assert not back & seen(relation, [*others[:place], line, *others[place:]])


@given(relations, lines)
@settings(max_examples=300, deadline=None)
def test_the_order_of_the_lines_says_nothing(relation: Relation, consents: list[Consent]) -> None:
    assert seen(relation, consents) == seen(relation, consents[::-1])


@given(lines, st.integers(NOW - 5, NOW + 5))
@settings(max_examples=200, deadline=None)
def test_lines_about_others_change_nothing_and_the_own_name_always_goes_along(
    consents: list[Consent], at_ms: int
) -> None:
    others = [line for line in consents if line.to in {"g-other", "treating"}]
    assert seen(Relation.FAMILY, others, at_ms) == frozenset(Kind)
    assert Kind.PROFILE in seen(Relation.FAMILY, consents, at_ms)
    own = grant(Scope.PERSON, Tie(Relation.SELF, consents=tuple(consents)))
    assert kinds_seen(own, ADA, at_ms) == frozenset(Kind)


@given(kinds, st.sampled_from(["family", "g-asker"]))
@settings(max_examples=100, deadline=None)
def test_whoever_names_what_is_allowed_keeps_back_the_rest(shown: frozenset[Kind], to: str) -> None:
    line = Consent(shown, to, NOW + 1, allowed=True)
    assert seen(Relation.FAMILY, [line]) == shown | {Kind.PROFILE}
    assert seen(Relation.FAMILY, [line], NOW + 1) == {Kind.PROFILE}, "and when it has ended, all of it"
