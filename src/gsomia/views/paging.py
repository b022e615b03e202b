"""What all views share: parameters read strictly, pages, ages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from gsomia.canon import parse_instant
from gsomia.faults import BadInput, shown
from gsomia.fold import Doc, Where

D = TypeVar("D", bound=Doc)
Row = dict[str, Any]

LIMIT, MAX_LIMIT = 100, 1000
PAGED = ("limit", "after")


def check(params: dict[str, str], *known: str) -> None:
    """Raise `BadInput` for a parameter that the view does not know; `now` always is."""
    for name in params:
        if name not in known and name != "now":
            said = ", ".join((*known, "now"))
            raise BadInput(f"parameters among {said}", shown(name), "view")


def need(params: dict[str, str], name: str) -> str:
    """A parameter that must be there. Raises `BadInput`."""
    if not params.get(name):
        raise BadInput(f"the parameter {name}", "none", "view")
    return params[name]


def limit_of(params: dict[str, str]) -> int:
    """How many rows are asked for. Raises `BadInput`."""
    text = params.get("limit", str(LIMIT))
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise BadInput(f"a number of rows from 1 to {MAX_LIMIT}", shown(text), "limit")
    return int(text)


def page(docs: Iterable[D], params: dict[str, str], show: Callable[[D], Row]) -> Row:
    """One page of documents, in their order. Raises `BadInput` for an unknown `after`."""
    found = list(docs)
    start = 0
    after = params.get("after", "")
    if after:
        keys = [doc.key for doc in found]
        if after not in keys:
            raise BadInput("a key of this list", shown(after), "after")
        start = keys.index(after) + 1
    limit = limit_of(params)
    here = found[start : start + limit]
    more = start + limit < len(found)
    return {
        "rows": [show(doc) for doc in here],
        "total": len(found),
        "next": here[-1].key if more and here else None,
    }


def last(docs: Iterable[D], params: dict[str, str], show: Callable[[D], Row]) -> Row:
    """The newest documents of a list inside another view, oldest of them first."""
    found = list(docs)
    return {"rows": [show(doc) for doc in found[-limit_of(params) :]], "total": len(found)}


def now_of(params: dict[str, str]) -> datetime | None:
    """The instant from which ages are counted, if one was given. Raises `BadInput`."""
    return parse_instant(params["now"], "now") if params.get("now") else None


def age(since: str, now: datetime | None) -> int | None:
    """Whole seconds since an instant, never below 0; None if either is not known."""
    if now is None or not since:
        return None
    return max(0, (now - parse_instant(since, "since")) // timedelta(seconds=1))


def place(where: Where | None) -> Row | None:
    """The place of an entry."""
    if where is None:
        return None
    return {"book": where.book, "index": where.index, "leaf": where.leaf}


def keep(params: dict[str, str], doc: Doc, *names: str) -> bool:
    """Whether a document has the values that the parameters of these names ask for."""
    return all(not params.get(n) or str(getattr(doc, n)) == params[n] for n in names)
