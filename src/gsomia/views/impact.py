"""What a hypothesis about an agreement would do to what lies in this register.

A dry run: it reads the state and changes nothing. Each group says how many, and the
first of them; the articles that decide; and one of three effects:

- `loses_ground`: the program would refuse the next step, by the articles named;
- `stays_protected`: the duties outlive the end, item by item;
- `in_doubt`: the text does not say, so nobody may build on it before the two
  parties have consulted.

Groups whose cause the hypothesis does not bring about are left out. What is counted
is what stands here now; what comes in later is not foreseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

import msgspec

from gsomia.agreement import counting
from gsomia.agreement.hypothesis import CORRESPONDENCE, Supposed
from gsomia.agreement.hypothesisfile import read_hypothesis
from gsomia.agreement.model import LevelTable, Pack, weakest
from gsomia.agreement.provisions import flag_of, provisions_of
from gsomia.agreement.whatif import lost, what_if_json
from gsomia.canon import builtins, order_key
from gsomia.exchange.model import Incoming, Outgoing
from gsomia.faults import BadInput, shown
from gsomia.fold import State
from gsomia.provisions import CITATION
from gsomia.registry.model import Item
from gsomia.release.model import Assurance, Consent, Request
from gsomia.views.columns import (
    AGREEMENT,
    GIVEN,
    HERE,
    LOCAL_MARK,
    MARK,
    ORIGINATOR,
    RECEIVED,
    Class,
    Items,
    Span,
    Table,
    item_class,
    micros,
)
from gsomia.views.paging import PAGED, Row, check, limit_of, need
from gsomia.views.treaty import standing_of

LOSES, STAYS, DOUBT = "loses_ground", "stays_protected", "in_doubt"

TRANSFER = "Art. 21"
ASSURANCE = "Art. 7(5)"
CONSENT = "Art. 6(a)"
CUSTODY = "Art. 9"


class Case(msgspec.Struct, frozen=True):
    """What is asked of the register: the agreement, and what the hypothesis takes away.

    `spans`: when transfers would have no ground though they have one now. `unmapped`:
    whether an item of a class loses its correspondence.
    """

    pack: Pack
    spans: tuple[tuple[datetime, datetime], ...]
    unmapped: Callable[[Class], bool]
    table_changes: bool
    now: str

    @property
    def name(self) -> str:
        """The agreement's id."""
        return self.pack.id

    def cite(self, *provisions: str) -> tuple[str, ...]:
        """Where this treaty has what rules cite."""
        places = provisions_of(self.pack)
        return tuple(places.cite(p) for p in provisions)


class Group(msgspec.Struct, frozen=True):
    """One kind of thing: what happens to it, by which articles, and how it is found.

    `marks`: how many of each class, for items. `rows` gives those after a key, in order.
    """

    effect: str
    articles: tuple[str, ...]
    count: int
    rows: Callable[[str], Iterator[Row]]
    marks: tuple[Row, ...] = ()


def what_if(state: State, params: dict[str, str]) -> Row:
    """What `hypothesis` (a text in its file form) would do to `agreement` and to the register.

    It is supposed beside our own record; `differences` is where the partner's node told
    another. `from`, `to`, `reading`: as for the status along time. `limit`: rows of each group;
    with `group`, that group alone, page by page. Raises `BadInput`.
    """
    check(params, "agreement", "hypothesis", "from", "to", "reading", "group", *PAGED)
    standing = standing_of(state, need(params, "agreement"))
    lifecycle = standing.ours
    begin = counting.read_instant(need(params, "from"), "from")
    end = counting.read_instant(need(params, "to"), "to")
    hypothesis = read_hypothesis(need(params, "hypothesis").encode(), "hypothesis")
    reading = params.get("reading") or None
    value, supposed, found = what_if_json(lifecycle, hypothesis, begin, end, reading)
    case = _case(lifecycle.pack, supposed, lost(found), params.get("now") or value["from"])
    groups = impact(state, state.follow(Items).table, case)
    if name := params.get("group"):
        if name not in groups:
            said = ", ".join(groups) or "none is concerned"
            raise BadInput(f"a group of this answer: {said}", shown(name), "group")
        return _page(groups[name], limit_of(params), params.get("after", ""))
    if params.get("after"):
        raise BadInput("a group to go on with", "none", "group")
    return {
        **value,
        "differences": builtins(standing.differences),
        "transfer_ends": builtins(case.spans[0][0]) if case.spans else None,
        "items": {"registered": _all_of(state.follow(Items).table, case.name)},
        "impact": {n: _told(lifecycle.pack, g, limit_of(params)) for n, g in groups.items()},
    }


def _case(
    pack: Pack, supposed: Supposed, spans: tuple[tuple[datetime, datetime], ...], now: str
) -> Case:
    tables = [(pack.table_at(at), supposed.pack.table_at(at)) for at in supposed.tables_at]

    def unmapped(class_: Class) -> bool:
        return any(corresponds(a, class_) and not corresponds(b, class_) for a, b in tables)

    return Case(pack, spans, unmapped, bool(tables), now)


def corresponds(table: LevelTable | None, class_: Class) -> bool:
    """Whether a table still has the item's mark, and for a received item its local mark too."""
    for row in table.rows if table else ():
        if class_[MARK] in row.marks.get(str(class_[ORIGINATOR]), ()):
            others = {p: m for p, m in row.marks.items() if p != class_[ORIGINATOR]}
            return not class_[RECEIVED] or any(class_[LOCAL_MARK] in m for m in others.values())
    return False


def impact(state: State, table: Table, case: Case) -> dict[str, Group]:
    """Every group that the hypothesis concerns, by name."""
    out: dict[str, Group] = {}
    if case.spans or case.table_changes:
        out["in_flight"] = _listed(LOSES, _in_flight(state, case))
        out["open_requests"] = _listed(LOSES, _requests(state, case))
    if case.spans:
        out["assurances"] = _listed(LOSES, _assurances(state, case))
        out["consents"] = _listed(DOUBT, _consents(state, case))
        residual = (case.pack.residual.article,)
        spans = [(micros(a), micros(b)) for a, b in case.spans]
        after_end, received = _received(table, case, residual, spans)
        out["received_after_end"], out["received"] = after_end, received
        out["given"] = _items(table, STAYS, residual, _mine(case, GIVEN))
        out["awaiting_registration"] = _listed(
            STAYS, _arrivals(state, case, (*case.cite(CUSTODY), *residual), lambda _: True)
        )
    if case.table_changes:
        mine = _mine(case)
        out["marks_unmapped"] = _items(
            table, LOSES, case.cite(CORRESPONDENCE), lambda c: mine(c) and case.unmapped(c)
        )
        out["arrivals_unmapped"] = _listed(
            LOSES, _arrivals(state, case, case.cite(CORRESPONDENCE), case.unmapped)
        )
    return out


# -- items, by columns -------------------------------------------------------------


def _mine(case: Case, *flags: int) -> Callable[[Class], bool]:
    return lambda c: c[AGREEMENT] == case.name and all(c[f] for f in flags)


def _all_of(table: Table, agreement: str) -> int:
    return sum(table.groups(lambda c: c[AGREEMENT] == agreement).values())


def _items(
    table: Table, effect: str, articles: tuple[str, ...], test: Callable[[Class], bool]
) -> Group:
    found = table.groups(test)

    def rows(after: str) -> Iterator[Row]:
        return ({"id": key} for key in table.keys_of(test, after))

    return Group(effect, articles, sum(found.values()), rows, _by_mark(found.items()))


def _received(
    table: Table, case: Case, residual: tuple[str, ...], spans: list[Span]
) -> tuple[Group, Group]:
    """Items that came in when there would have been no ground for it; and the others.

    What was provided while there was a ground stays protected, whatever becomes of it.
    """
    received, here = _mine(case, RECEIVED), _mine(case, RECEIVED, HERE)
    late = table.groups_within(received, spans)
    kept = {c: n - late.get(c, 0) for c, n in table.groups(here).items()}

    def after_end(after: str) -> Iterator[Row]:
        return ({"id": key} for key in table.keys_within(received, spans, after))

    def before(after: str) -> Iterator[Row]:
        return ({"id": key} for key in table.keys_outside(here, spans, after))

    return (
        Group(LOSES, case.cite(TRANSFER), sum(late.values()), after_end, _by_mark(late.items())),
        Group(STAYS, residual, sum(kept.values()), before, _by_mark(kept.items())),
    )


def _by_mark(found: Iterable[tuple[Class, int]]) -> tuple[Row, ...]:
    marks: dict[tuple[str, str, str], int] = {}
    for c, count in found:
        if not count:
            continue
        pair = str(c[ORIGINATOR]), str(c[MARK]), str(c[LOCAL_MARK])
        marks[pair] = marks.get(pair, 0) + count
    return tuple(
        {"originator": o, "mark": m, "local_mark": local, "count": n}
        for (o, m, local), n in sorted(marks.items())
    )


# -- what is open, one by one --------------------------------------------------------


def _listed(effect: str, rows: Iterable[tuple[Row, tuple[str, ...]]]) -> Group:
    """A group of things that are few: each with the articles that decide about it."""
    found = sorted(rows, key=lambda r: str(r[0]["id"]))
    articles = tuple(sorted({a for _, cited in found for a in cited}))

    def after(key: str) -> Iterator[Row]:
        return ({**row, "articles": list(cited)} for row, cited in found if row["id"] > key)

    return Group(effect, articles, len(found), after)


def _cited(state: State, case: Case, items: Iterable[str], *, moving: bool) -> tuple[str, ...]:
    """Why a release of these items would be refused: no transfer, or no corresponding mark."""
    found = (state.get(Item, number) for number in items)
    unmapped = any(case.unmapped(item_class(state, i)) for i in found if i is not None)
    transfer = (TRANSFER,) if case.spans and moving else ()
    return case.cite(*transfer, *((CORRESPONDENCE,) if unmapped else ()))


def _in_flight(state: State, case: Case) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Transmittals of items that may not leave, or that the partner would have to refuse.

    Once delivered, custody is the partner's: only its registrar's marking is still to come.
    """
    for out in state.open(Outgoing):
        if out.agreement != case.name or out.what != "items":
            continue
        if out.state not in ("ordered", "sealed", "delivered"):
            continue
        requests = (state.get(Request, r) for r in out.requests)
        items = [r.item for r in requests if r is not None]
        cited = _cited(state, case, items, moving=out.state != "delivered")
        if cited:
            told = {"id": out.key, "state": out.state, "items": len(items)}
            yield told, cited


def _requests(state: State, case: Case) -> Iterator[tuple[Row, tuple[str, ...]]]:
    for request in state.open(Request):
        if request.agreement == case.name:
            cited = _cited(state, case, (request.item,), moving=True)
            if cited:
                told = {"id": request.id, "item": request.item, "state": request.state}
                yield told, cited


def _assurances(state: State, case: Case) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Assurances given before a release that would not happen any more."""
    for request in state.open(Request):
        found = state.get(Assurance, request.id)
        if request.agreement == case.name and found is not None:
            yield {"id": found.request, "party": found.party}, case.cite(ASSURANCE, TRANSFER)


def _consents(state: State, case: Case) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Approvals asked or given, and still valid, for third parties and other purposes.

    The duty to have one lives on. Whether one given before still counts, and whether
    a new one can be given, the text does not say.
    """
    for consent in state.all(Consent):
        item = state.get(Item, consent.item)
        lapsed = consent.until and order_key(consent.until) <= order_key(case.now)
        if item is None or item.agreement != case.name or lapsed or consent.state == "refused":
            continue
        told = {
            "id": consent.id,
            "ours": consent.ours,
            "item": consent.item,
            "recipient": consent.recipient,
            "state": consent.state,
            "until": consent.until or None,
        }
        yield told, (*case.cite(CONSENT), case.pack.residual.article)


def _arrivals(
    state: State, case: Case, articles: tuple[str, ...], test: Callable[[Class], bool]
) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Transmittals received that wait for the registrar: their items have no local mark yet."""
    for arrival in state.open(Incoming):
        if arrival.agreement != case.name or arrival.state != "received":
            continue
        classes = [
            (case.name, line.originator, line.originator_mark, "", False, True, False)
            for line in arrival.statement.items()
        ]
        if any(test(c) for c in classes):
            yield {"id": arrival.key, "items": len(classes)}, articles


# -- showing ------------------------------------------------------------------------


def _page(group: Group, limit: int, after: str) -> Row:
    here = list(islice(group.rows(after), limit + 1))
    rows = here[:limit]
    return {
        "rows": rows,
        "total": group.count,
        "next": rows[-1]["id"] if len(here) > limit else None,
    }


def _told(pack: Pack, group: Group, limit: int) -> Row:
    flags = [flag_of(pack, article) for article in group.articles if CITATION.match(article)]
    return {
        "effect": group.effect,
        "articles": list(group.articles),
        "verified": weakest(*flags) if flags else None,
        "count": group.count,
        "marks": list(group.marks),
        **_page(group, limit, ""),
    }
