"""Laws of the order and of the join, over every kind of mark both schemes can make."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import decode, encode
from gsomia.marking import (
    JPN,
    KOR,
    Mark,
    Original,
    Releasability,
    Scheme,
    admits,
    derive,
    dominates,
    join,
)

PARTIES = ("AUS", "JPN", "KOR", "USA")
CAVEATS = ("EYES", "ORCON", "ATOMAL")
ORIGINALS = tuple(
    Original(scheme.owner, level.mark) for scheme in (KOR, JPN) for level in scheme.levels
)

schemes = st.sampled_from([KOR, JPN])


def held(scheme: Scheme) -> st.SearchStrategy[tuple[str, ...]]:
    """Any set of marks, reduced to one for each regime."""
    return st.sets(st.sampled_from([x.mark for x in scheme.levels])).map(scheme.strictest)


def marks(scheme: Scheme) -> st.SearchStrategy[Mark]:
    """Any well-formed mark of the scheme's owner."""
    return st.builds(
        Mark,
        holder=st.just(scheme.owner),
        level=held(scheme).filter(bool),
        originals=st.sets(st.sampled_from(ORIGINALS), min_size=1, max_size=3).map(
            lambda found: tuple(sorted(found))
        ),
        releasable_to=st.builds(Releasability, st.frozensets(st.sampled_from(PARTIES))),
        caveats=st.frozensets(st.sampled_from(CAVEATS)),
    )


def some(count: int) -> st.SearchStrategy[tuple[Scheme, list[Mark]]]:
    """A scheme and `count` of its marks."""
    return schemes.flatmap(
        lambda s: st.tuples(st.just(s), st.lists(marks(s), min_size=count, max_size=count))
    )


@given(some(3), st.data())
def test_whoever_passes_the_result_passes_every_part(
    drawn: tuple[Scheme, list[Mark]], data: st.DataObject
) -> None:
    """The invariant, for any reader; and passing every part is enough to pass the result."""
    scheme, parts = drawn
    whole = join(scheme, parts)
    party = data.draw(st.sampled_from(PARTIES))
    reader = data.draw(held(scheme))
    briefed = data.draw(st.frozensets(st.sampled_from(CAVEATS)))

    def passes(mark: Mark) -> bool:
        return admits(scheme, mark, party, reader, briefed)

    assert passes(whole) == all(passes(part) for part in parts)


@given(some(2), st.data())
def test_a_stricter_mark_admits_nobody_new(
    drawn: tuple[Scheme, list[Mark]], data: st.DataObject
) -> None:
    """The order means what it says: if a dominates b, who passes a passes b."""
    scheme, (a, b) = drawn
    strict = data.draw(st.sampled_from([a, join(scheme, [a, b])]))
    party = data.draw(st.sampled_from(PARTIES))
    reader = data.draw(held(scheme))
    if dominates(scheme, strict, b) and admits(scheme, strict, party, reader, CAVEATS):
        assert admits(scheme, b, party, reader, CAVEATS)


@given(some(3))
def test_join_is_commutative_associative_idempotent(drawn: tuple[Scheme, list[Mark]]) -> None:
    """Sources may come in any order, grouping and number."""
    scheme, (a, b, c) = drawn

    def j(*parts: Mark) -> Mark:
        return join(scheme, parts)

    assert j(a, b) == j(b, a)
    assert j(j(a, b), c) == j(a, j(b, c)) == j(a, b, c)
    assert j(a, a) == j(a) == a


@given(some(3))
def test_join_is_the_least_upper_bound(drawn: tuple[Scheme, list[Mark]]) -> None:
    """It dominates each part, and every mark that dominates each part dominates it."""
    scheme, (a, b, c) = drawn
    whole = join(scheme, [a, b])
    assert dominates(scheme, whole, a)
    assert dominates(scheme, whole, b)
    above = join(scheme, [a, b, c])
    assert dominates(scheme, above, whole)
    assert dominates(scheme, a, b) == (join(scheme, [a, b]) == a)


@given(some(3))
def test_dominates_is_a_partial_order(drawn: tuple[Scheme, list[Mark]]) -> None:
    """Reflexive, antisymmetric, transitive (the chain is made by joins, so that it occurs)."""
    scheme, (a, b, c) = drawn
    assert dominates(scheme, a, a)
    assert (dominates(scheme, a, b) and dominates(scheme, b, a)) == (a == b)
    top, middle = join(scheme, [a, b, c]), join(scheme, [b, c])
    assert dominates(scheme, top, middle)
    assert dominates(scheme, middle, c)
    assert dominates(scheme, top, c)
    if dominates(scheme, a, b) and dominates(scheme, b, c):
        assert dominates(scheme, a, c)


@given(some(2))
def test_nothing_is_lost_or_widened(drawn: tuple[Scheme, list[Mark]]) -> None:
    """Article 4(3), part by part: level, release, caveats and originators."""
    scheme, parts = drawn
    whole = join(scheme, parts)
    ranks: Iterable[int] = (scheme.level(m).rank for part in parts for m in part.level)
    assert scheme.level(whole.level[0]).rank == max(ranks)
    assert {scheme.level(m).regime for m in whole.level} == {
        scheme.level(m).regime for part in parts for m in part.level
    }
    for party in PARTIES:
        everywhere = all(part.releasable_to.permits(party) for part in parts)
        assert whole.releasable_to.permits(party) is everywhere
    assert whole.caveats == parts[0].caveats | parts[1].caveats
    assert set(whole.originators) == {o for part in parts for o in part.originators}


@given(some(2))
def test_derived_material_dominates_its_sources(drawn: tuple[Scheme, list[Mark]]) -> None:
    """The holder's own name comes in, nothing goes out; deriving again changes nothing."""
    scheme, parts = drawn
    made = derive(scheme, parts)
    assert all(dominates(scheme, made, part) for part in parts)
    assert scheme.owner in made.originators
    assert derive(scheme, [made]) == made


@given(some(1))
def test_a_mark_has_one_encoding(drawn: tuple[Scheme, list[Mark]]) -> None:
    """Canonical bytes there and back."""
    _, (mark,) = drawn
    assert decode(encode(mark), Mark, "test") == mark


@given(some(2), st.data())
def test_release_is_closed_under_an_empty_set(
    drawn: tuple[Scheme, list[Mark]], data: st.DataObject
) -> None:
    """When the parts name nobody in common, nobody passes the whole, whatever they hold."""
    scheme, parts = drawn
    whole = join(scheme, parts)
    everything = scheme.strictest(level.mark for level in scheme.levels)
    party = data.draw(st.sampled_from(PARTIES))
    passed = admits(scheme, whole, party, everything, CAVEATS)
    assert passed == whole.releasable_to.permits(party)
