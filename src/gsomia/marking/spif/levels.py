"""An agreement's level table as the policy files of both parties, and back.

Each mark becomes a classification. Peers under another regime (極秘 and 特定秘密) cannot be
two classifications, because a policy ranks each alone: the first is the classification,
the other the same classification with a category of the restrictive tag set `Regime`,
which a reader must hold too. Release is a mandatory permissive tag set with the owner in it.
What the format has no place for (dates, article, source, reasons) stands in an extension.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from gsomia.canon import instant, parse_instant
from gsomia.faults import BadInput, shown
from gsomia.marking.equivalence import Equivalence, Equivalents, LevelTable
from gsomia.marking.national import SCHEMES
from gsomia.marking.scheme import Level, Scheme
from gsomia.marking.spif import model as m
from gsomia.marking.xmlguard import Element

RELEASE = "Releasable To"
REGIME = "Regime"
TERMS = "urn:gsomia:level-table:1"
"""The namespace of the extension that holds a table's dates, article, source and reasons."""

_PLACE = ("pageTopBottom",)


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy file says about itself.

    `base` is the owner's object identifier: `base`.1 becomes the policy's own, .2 that
    of `Releasable To`, .3 that of `Regime`.
    """

    base: str
    originator: str
    created: datetime


class _Side(msgspec.Struct, frozen=True):
    """One party's marks that the table speaks about, lowest first, and where each leads."""

    party: str
    issue: Issue
    levels: tuple[Level, ...]
    targets: dict[str, tuple[str, ...]]

    def first(self, rank: int) -> Level:
        """The mark of a rank that is the classification."""
        return next(level for level in self.levels if level.rank == rank)

    def level(self, mark: str) -> Level:
        return next(level for level in self.levels if level.mark == mark)

    def regimes(self) -> tuple[Level, ...]:
        """The marks that are a classification with a regime."""
        return tuple(level for level in self.levels if level != self.first(level.rank))


def policies(
    table: LevelTable, issues: Mapping[str, Issue], schemes: Mapping[str, Scheme] = SCHEMES
) -> dict[str, m.Policy]:
    """The policy of each party of `table`, by party.

    Raises `BadInput` for a table of more than two parties, a party without scheme or
    issue, and peers of one rank that lead to different marks: a policy cannot say that.
    """
    parties = sorted(table.parties())
    if len(parties) != 2:
        raise BadInput("a level table of two parties", f"{len(parties)}", "level table")
    for party in parties:
        if party not in schemes or party not in issues:
            raise BadInput("a national scheme and an identifier of each party", "none", party)
    pairs = list(zip(parties, parties[::-1], strict=True))
    sides = {p: _side(table, p, q, issues[p], schemes) for p, q in pairs}
    return {p: _policy(table, sides[p], sides[q]) for p, q in pairs}


def _side(
    table: LevelTable, party: str, other: str, issue: Issue, schemes: Mapping[str, Scheme]
) -> _Side:
    equivalence = Equivalence([table], schemes)
    listed = {m for row in table.rows for m in row.get(party, ())} | {
        *table.excluded.get(party, {})
    }
    levels = tuple(
        level for level in schemes[party].levels if {level.mark, *level.aliases} & listed
    )
    known = {spelling for level in levels for spelling in (level.mark, *level.aliases)}
    if listed - known:
        raise BadInput("marks of the national scheme", shown(min(listed - known)), party)
    targets: dict[str, tuple[str, ...]] = {}
    for level in levels:
        one_way = table.direction is not None and table.direction != (party, other)
        found = (
            None
            if one_way
            else equivalence.corresponding(party, other, level.mark, table.valid_from)
        )
        targets[level.mark] = found.marks if isinstance(found, Equivalents) else ()
    side = _Side(party, issue, levels, targets)
    for level in side.regimes():
        if set(targets[level.mark]) != set(targets[side.first(level.rank).mark]):
            raise BadInput("peers of one rank with the same counterparts", "others", level.mark)
    return side


def _policy(table: LevelTable, own: _Side, other: _Side) -> m.Policy:
    base = own.issue.base
    classes = [level for level in own.levels if level == own.first(level.rank)]
    return m.Policy(
        schema_version="2.1",
        creation_date=own.issue.created.strftime("%Y%m%d%H%M%SZ"),
        originator=own.issue.originator,
        key_identifier="",
        privilege_id=f"{base}.1",
        rbac_id=f"{base}.1",
        policy=m.PolicyId(name=own.party, id=f"{base}.1"),
        classifications=m.Classifications(
            members=tuple(_classification(own, other, level) for level in classes)
        ),
        tag_sets=m.TagSets(members=_tag_sets(own, other, classes)),
        equivalent_policies=m.EquivalentPolicies(
            members=(m.EquivalentPolicy(name=other.party, id=f"{other.issue.base}.1"),)
        ),
        extensions=m.Extensions(members=(_terms(table),)),
    )


def _classification(own: _Side, other: _Side, level: Level) -> m.Classification:
    return m.Classification(
        name=level.mark,
        lacv=level.rank,
        hierarchy=level.rank,
        equivalents=tuple(_equivalent(other, mark) for mark in own.targets[level.mark]),
        required=(m.RequiredCategory(operation="all", groups=(_release_ref("1"),)),),
    )


def _release_ref(lacv: str) -> m.CategoryRef:
    return m.CategoryRef(tag_set=RELEASE, tag_type="permissive", lacv=lacv)


def _equivalent(other: _Side, mark: str) -> m.EquivalentClassification:
    level = other.level(mark)
    regimes = other.regimes()
    required: tuple[m.RequiredCategory, ...] = ()
    if level in regimes:
        ref = m.CategoryRef(
            tag_set=REGIME, tag_type="restrictive", lacv=str(regimes.index(level) + 1)
        )
        required = (m.RequiredCategory(operation="all", groups=(ref,)),)
    return m.EquivalentClassification(
        policy=other.party, lacv=level.rank, applied="encrypt", required=required
    )


def _tag_sets(own: _Side, other: _Side, classes: list[Level]) -> tuple[m.TagSet, ...]:
    shut = tuple(level.mark for level in classes if not own.targets[level.mark])
    release = m.Tag(
        name=RELEASE,
        tag_type="permissive",
        categories=(
            m.Category(name=own.party, lacv="1", equivalents=(_released(other, "2"),)),
            m.Category(
                name=other.party,
                lacv="2",
                equivalents=(_released(other, "1"),),
                excluded_classes=shut,
                required=(m.RequiredCategory(operation="all", groups=(_release_ref("1"),)),),
            ),
        ),
        qualifiers=(
            m.MarkingQualifier(
                code="pageTopBottom",
                qualifiers=(
                    m.Qualifier(text="REL TO ", code="prefix"),
                    m.Qualifier(text=", ", code="separator"),
                ),
            ),
        ),
    )
    sets = [m.TagSet(name=RELEASE, id=f"{own.issue.base}.2", tags=(release,))]
    regimes = tuple(
        m.Category(
            name=level.mark,
            lacv=str(number),
            equivalents=(_released(other, "1", discard=True),),
            markings=(m.MarkingData(phrase=level.mark, codes=(*_PLACE, "suppressClassName")),),
            excluded_classes=tuple(c.mark for c in classes if c.rank != level.rank),
        )
        for number, level in enumerate(own.regimes(), 1)
    )
    if regimes:
        tag = m.Tag(name=REGIME, tag_type="restrictive", single=True, categories=regimes)
        sets.insert(0, m.TagSet(name=REGIME, id=f"{own.issue.base}.3", tags=(tag,)))
    return tuple(sets)


def _released(other: _Side, lacv: str, *, discard: bool = False) -> m.EquivalentCategory:
    return m.EquivalentCategory(
        policy=other.party,
        tag_set_id=f"{other.issue.base}.2",
        tag_type="permissive",
        lacv=lacv,
        applied="encrypt",
        action=m.DISCARD if discard else None,
    )


# -- what the format has no place for -----------------------------------------------


def _terms(table: LevelTable) -> Element:
    attributes = {
        "validFrom": instant(table.valid_from),
        "article": table.article,
        "source": table.source,
        "verified": "true" if table.verified else "false",
    }
    if table.valid_until is not None:
        attributes["validUntil"] = instant(table.valid_until)
    left_out = tuple(
        Element(f"{TERMS}}}excluded", {"party": party, "mark": mark}, (reason,))
        for party, marks in sorted(table.excluded.items())
        for mark, reason in marks.items()
    )
    return Element(f"{TERMS}}}levelTable", attributes, left_out)


def level_table(one: m.Policy, two: m.Policy) -> LevelTable:
    """The level table that two policies say together, rows from the highest level down.

    The rows come from their equivalences; dates, article, source and reasons from the
    extension, which both must hold alike. Raises `BadInput` for policies that do not
    speak of each other, that disagree, of one party, or without that extension.
    """
    if one.policy.name == two.policy.name:
        raise BadInput("the policies of both parties", "those of one", "level table")
    terms = [_terms_of(policy) for policy in (one, two)]
    if _told(terms[0]) != _told(terms[1]):
        raise BadInput("both policies with the same terms", "others", TERMS)
    there, back = _pairs(one, two), {(a, b) for b, a in _pairs(two, one)}
    names = (one.policy.name, two.policy.name)
    direction = None
    if there and not back:
        direction = names
    elif back and not there:
        direction = names[::-1]
    elif there != back:
        raise BadInput("the same equivalences in both policies", "others", "level table")
    rows: dict[tuple[str, ...], list[str]] = {}
    pairs = there or back
    theirs = _marks(two)
    for mark in reversed(_marks(one)):
        targets = tuple(t for t in theirs if (mark, t) in pairs)
        if targets:
            rows.setdefault(targets, []).insert(0, mark)
    return _table(terms[0], direction, names, rows)


def _table(
    terms: Element,
    direction: tuple[str, str] | None,
    names: tuple[str, str],
    rows: Mapping[tuple[str, ...], list[str]],
) -> LevelTable:
    excluded: dict[str, dict[str, str]] = {}
    for child in terms.children:
        held = child.attributes
        if child.name != f"{TERMS}}}excluded" or set(held) != {"party", "mark"}:
            raise BadInput("marks left out, by party and mark", "another element", TERMS)
        excluded.setdefault(held["party"], {})[held["mark"]] = child.text
    given = terms.attributes
    if not {"validFrom", "article", "source", "verified"} <= set(given):
        raise BadInput("validFrom, article, source and verified", "less", TERMS)
    until = given.get("validUntil")
    table = LevelTable(
        valid_from=parse_instant(given["validFrom"], TERMS),
        valid_until=parse_instant(until, TERMS) if until is not None else None,
        rows=tuple({names[0]: tuple(ours), names[1]: theirs} for theirs, ours in rows.items()),
        excluded=excluded,
        article=given["article"],
        source=given["source"],
        verified=given["verified"] == "true",
        direction=direction,
    )
    Equivalence([table])
    return table


def has_terms(policy: m.Policy) -> bool:
    """Whether a policy has the extension with the terms of a level table."""
    return bool(_all_terms(policy))


def _all_terms(policy: m.Policy) -> list[Element]:
    members = policy.extensions.members if policy.extensions else ()
    return [e for e in members if e.name == f"{TERMS}}}levelTable"]


def _terms_of(policy: m.Policy) -> Element:
    found = _all_terms(policy)
    if len(found) != 1:
        raise BadInput("one extension with the terms of a level table", f"{len(found)}", TERMS)
    return found[0]


def _told(terms: Element) -> tuple[object, list[object]]:
    """What an extension says, whatever blanks lay it out."""
    children: list[object] = [(c.name, dict(c.attributes), c.text) for c in terms.children]
    return dict(terms.attributes), children


def _regimes(policy: m.Policy) -> dict[str, m.Category]:
    sets = [s for s in policy.sets if s.name == REGIME]
    return {c.lacv: c for s in sets for t in s.tags for c in t.categories}


def _marks(policy: m.Policy) -> list[str]:
    """Every mark of a policy, lowest first; those with a regime after their classification."""
    marks = []
    for one in sorted(policy.classifications.members, key=lambda c: c.hierarchy):
        marks.append(one.name)
        marks += [c.name for c in _regimes(policy).values() if one.name not in c.excluded_classes]
    return marks


def _pairs(policy: m.Policy, other: m.Policy) -> set[tuple[str, str]]:
    """Which marks of `policy` lead to which of `other`."""
    by_lacv = {c.lacv: c.name for c in other.classifications.members}
    regimes = _regimes(other)
    pairs: set[tuple[str, str]] = set()
    for one in policy.classifications.members:
        sources = [one.name]
        sources += [c.name for c in _regimes(policy).values() if one.name not in c.excluded_classes]
        for entry in one.equivalents:
            if entry.policy != other.policy.name:
                continue
            refs = [g for r in entry.required for g in r.groups]
            target = by_lacv.get(entry.lacv)
            if refs:
                regime = regimes.get(refs[0].lacv or "") if len(refs) == 1 else None
                target = regime.name if regime is not None else None
            if target is None:
                raise BadInput("a classification of the other policy", f"{entry.lacv}", one.name)
            pairs.update((source, target) for source in sources)
    return pairs
