"""Policies, labels and clearances of every kind, for laws.

A policy is a plain one with a few twists, and labels choose from short lists: a case is
quick to make, and many wholes get as far as an answer.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from gsomia.marking.label import Category, Clearance, Information, Label, Value
from gsomia.marking.label.model import Base, Originator
from gsomia.marking.spif import Policy, Sense
from gsomia.marking.spif import model as m

NAME, OID = "LAW", "2.25.99.1"
GRADES = ("OPEN", "LOW", "MIDDLE", "HIGH")
VALUES = ("1", "2", "3")
SETS = {
    "To": Sense.PERMISSIVE,
    "For": Sense.PERMISSIVE,
    "Need": Sense.RESTRICTIVE,
    "Note": Sense.INFORMATIVE,
}
_TYPES = {
    Sense.PERMISSIVE: "permissive",
    Sense.RESTRICTIVE: "restrictive",
    Sense.INFORMATIVE: "tagType7",
}
_PLACES = tuple(product(SETS, VALUES))
_REFS = tuple(
    m.CategoryRef(tag_set=name, tag_type=_TYPES[SETS[name]], lacv=lacv)
    for name, lacv in product(SETS, (*VALUES, None))
)
_NEEDS = tuple(
    m.RequiredCategory(operation=operation, groups=refs)
    for operation in ("onlyOne", "oneOrMore", "all")
    for refs in (*((ref,) for ref in _REFS), *combinations(_REFS[:4], 2))
)

_TWISTS: tuple[st.SearchStrategy[tuple[Any, str, Any]], ...] = (
    st.tuples(st.sampled_from(_PLACES), st.just("excluded_classes"), st.sampled_from(GRADES)),
    st.tuples(st.sampled_from(_PLACES), st.just("required_class"), st.sampled_from(GRADES)),
    st.tuples(st.sampled_from(_PLACES), st.just("required"), st.sampled_from(_NEEDS)),
    st.tuples(st.sampled_from(_PLACES), st.just("excluded"), st.sampled_from(_REFS)),
    st.tuples(st.sampled_from(_PLACES), st.just("obsolete"), st.just(True)),
    st.tuples(st.sampled_from(GRADES), st.just("required"), st.sampled_from(_NEEDS)),
    st.tuples(st.sampled_from(GRADES), st.just("obsolete"), st.just(True)),
    st.tuples(st.sampled_from(tuple(SETS)), st.just("single"), st.just(True)),
)


def _policy(order: tuple[str, ...], twists: list[tuple[Any, str, Any]]) -> Policy:
    bent: dict[Any, dict[str, Any]] = defaultdict(dict)
    for place, field, value in twists:
        many = field in ("excluded_classes", "required", "excluded")
        bent[place][field] = (value,) if many else value
    return m.Policy(
        schema_version="2.1",
        creation_date="20260101000000Z",
        originator="CN=X",
        key_identifier="",
        privilege_id="1.2",
        rbac_id="1.2",
        policy=m.PolicyId(name=NAME, id=OID),
        classifications=m.Classifications(
            members=tuple(
                m.Classification(name=name, lacv=rank, hierarchy=rank, **bent[name])
                for rank, name in enumerate(order)
            )
        ),
        tag_sets=m.TagSets(
            members=tuple(
                m.TagSet(name=name, id=f"2.25.99.2.{n}", tags=(_tag(name, sense, bent),))
                for n, (name, sense) in enumerate(SETS.items(), 1)
            )
        ),
    )


def _tag(name: str, sense: Sense, bent: dict[Any, dict[str, Any]]) -> m.Tag:
    values = tuple(m.Category(name=v, lacv=v, **bent[name, v]) for v in VALUES)
    return m.Tag(name=name, tag_type=_TYPES[sense], categories=values, **bent[name])


policies: st.SearchStrategy[Policy] = st.builds(
    _policy,
    st.sampled_from([GRADES, GRADES, ("HIGH", "MIDDLE", "OPEN", "LOW")]),
    st.lists(st.one_of(_TWISTS), max_size=3),
)


def _choices(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sampled_from([tuple(text) for text in values])


_CHOSEN = {
    "To": _choices("1", "12", "123", "13", "2", ""),
    "For": _choices("", "", "1", "12", "3"),
    "Need": _choices("", "", "1", "23"),
    "Note": _choices("", "1", "3"),
}
_HELD = {
    "To": _choices("123", "1", "12", "3", ""),
    "For": _choices("123", "1", ""),
    "Need": _choices("123", "123", "1", ""),
    "Note": _choices(""),
}


def _categories(
    chosen: dict[str, st.SearchStrategy[tuple[str, ...]]],
) -> st.SearchStrategy[tuple[Category, ...]]:
    return st.tuples(*chosen.values()).map(
        lambda held: tuple(
            Category(sense=SETS[name], tag_name=name, values=tuple(map(Value, values)))
            for name, values in zip(chosen, held, strict=True)
            if values
        )
    )


_REVIEWS = ("2026-01-01T00:00:00Z", "2031-01-01T00:00:00+09:00", "2031-01-01T00:00:00Z")
labels: st.SearchStrategy[Label] = st.builds(
    lambda grade, categories, originator, review: Label(
        review=review,
        base=Base(
            information=Information(policy=NAME, classification=grade, categories=categories),
            originator=originator,
            created="2026-01-01T00:00:00Z",
        ),
    ),
    st.sampled_from(GRADES),
    _categories(_CHOSEN),
    st.sampled_from([None, Originator("a@x", "rfc822Name"), Originator("b@x", "rfc822Name")]),
    st.sampled_from(_REVIEWS),
)
clearances: st.SearchStrategy[Clearance] = st.builds(
    lambda grades, categories: Clearance(
        policy=NAME, classifications=grades, categories=categories
    ),
    st.sampled_from([GRADES, GRADES, GRADES[:3], GRADES[:2], GRADES[1:], GRADES[::-1]]),
    _categories(_HELD),
)
