"""Laws of legal bases: consent never takes a permission away, an agreement less never adds one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from gsomia.agreement.basis import (
    Answer,
    Consent,
    Known,
    Outcome,
    Question,
    Route,
    RouteKind,
    ask,
    known,
    subjects,
)

KNOWN = known()
IDS = [g.id for g in KNOWN.grounds]
RANK = {Outcome.NOT_PERMITTED: 0, Outcome.PERMITTED_IF: 1, Outcome.PERMITTED: 2}

CODES = st.sampled_from(["KOR", "JPN", "USA", "AUS", "POL", "CZE", "SVK", "DEU", "NATO"])
MARKS = st.sampled_from(
    [
        "군사II급비밀",
        "군사I급비밀",
        "極秘",
        "特定秘密",
        "機密",
        "SECRET",
        "TAJNE",
        "TAJNÉ",
        "GEHEIM",
    ]
)
CONSENTS = st.builds(Consent, CODES, CODES).filter(lambda c: c.by != c.recipient)
DAYS = st.integers(0, 50 * 365)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Mostly among the three of the arrangement, in the years in which something changes."""
    three = st.sampled_from(["KOR", "JPN", "USA"])
    party = draw(st.sampled_from([three, three, CODES]))
    originator, holder = draw(party), draw(party)
    return Question(
        originator=originator,
        holder=draw(st.sampled_from([originator, holder])),
        recipient=draw(party),
        mark=draw(MARKS),
        subject=draw(st.sampled_from([s.id for s in subjects().subjects])),
        purpose="watch",
        at=datetime(1985, 1, 1, tzinfo=UTC) + timedelta(days=draw(DAYS)),
        consents=tuple(draw(st.lists(CONSENTS, max_size=3))),
    )


QUESTIONS = questions().filter(lambda q: q.holder != q.recipient)
# Back to its originator, under the treaty by which it came.
RETURN = Question(
    originator="USA",
    holder="KOR",
    recipient="USA",
    mark="SECRET",
    subject="dprk-nuclear",
    purpose="watch",
    at=datetime(1987, 9, 25, tzinfo=UTC),
)
DROPPED = st.lists(st.sampled_from(IDS), max_size=4).map(lambda ids: KNOWN.without(*ids))


def named(route: Route) -> tuple[object, ...]:
    """What makes it the same route under other consents or fewer agreements."""
    ids = tuple(leg.agreement for leg in route.legs)
    return route.kind, route.path, route.arrangement, ids


def at_least(more: Answer, less: Answer) -> None:
    """Every route of `less` is one of `more`, with no worse an outcome."""
    assert RANK[more.outcome] >= RANK[less.outcome]
    best = {named(r): RANK[r.outcome] for r in more.routes}
    for route in less.routes:
        assert best[named(route)] >= RANK[route.outcome]


@given(QUESTIONS, CONSENTS, DROPPED)
def test_one_more_consent_never_removes_a_permission(
    question: Question, more: Consent, among: Known
) -> None:
    wider = msgspec.structs.replace(question, consents=(*question.consents, more))
    at_least(ask(wider, among), ask(question, among))


@given(QUESTIONS, st.sampled_from(IDS), DROPPED)
def test_one_agreement_less_never_adds_a_permission(
    question: Question, less: str, among: Known
) -> None:
    at_least(ask(question, among), ask(question, among.without(less)))


@given(QUESTIONS, DROPPED)
@example(RETURN, KNOWN)
def test_no_hop_is_without_a_treaty_and_none_further_without_consent(
    question: Question, among: Known
) -> None:
    usable = {g.id: g for g in among.usable()}
    for route in ask(question, among).routes:
        assert 1 <= route.hops <= 3
        assert (route.path[0], route.path[-1]) == (question.holder, question.recipient)
        pairs = [(leg.sender, leg.receiver) for leg in route.legs if not leg.done]
        assert pairs == list(zip(route.path, route.path[1:], strict=False))
        for leg in route.legs:
            ground = usable[leg.agreement]
            assert ground.treaty
            assert {leg.sender, leg.receiver} <= ground.codes
            assert leg.marks
            assert leg.becomes
            if leg.done or leg.sender == question.originator:
                continue
            consent = Consent(question.originator, leg.receiver)
            if route.outcome is Outcome.PERMITTED and leg.receiver != question.originator:
                assert consent in question.consents
        if route.kind is RouteKind.HUB:
            assert usable[str(route.arrangement)].hub in route.path


@given(QUESTIONS)
def test_the_outcome_is_the_best_routes_and_the_shortest_stands_first(question: Question) -> None:
    answer = ask(question, KNOWN)
    assert RANK[answer.outcome] == max((RANK[r.outcome] for r in answer.routes), default=0)
    hops = [r.hops for r in answer.routes]
    assert hops == sorted(hops)
    for route in answer.routes:
        assert (route.outcome is Outcome.PERMITTED) is (not route.missing)
    for one in answer.rejected:
        assert one.missing
        assert all(c.who and c.article and c.text for c in one.missing)
    assert ask(question, known()) == answer
