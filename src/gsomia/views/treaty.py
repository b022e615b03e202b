"""The treaty desk: instruments recorded here, and the status that follows from them."""

from __future__ import annotations

from gsomia.agreement.instrumentfile import shipped_instruments
from gsomia.agreement.lifecycle import Lifecycle
from gsomia.agreement.pack import shipped
from gsomia.agreement.queries import answer_json
from gsomia.canon import builtins
from gsomia.desk import Filing
from gsomia.fold import State
from gsomia.views.paging import PAGED, Row, check, keep, need, page


def instruments(state: State, params: dict[str, str]) -> Row:
    """What this node has recorded, beside what ships with the agreements."""
    check(params, "agreement", *PAGED)
    return page((f for f in state.all(Filing) if keep(params, f, "agreement")), params, builtins)


def agreement(state: State, params: dict[str, str]) -> Row:
    """The status of `agreement` at `as_of` (or `now`), from shipped and recorded instruments."""
    check(params, "agreement", "as_of", "known_at", "reading")
    name = need(params, "agreement")
    recorded = [f.instrument for f in state.all(Filing) if f.agreement == name]
    lifecycle = Lifecycle(shipped(name), (*shipped_instruments(name), *recorded))
    as_of = params.get("as_of") or need(params, "now")
    return {
        **answer_json(lifecycle, as_of, params.get("known_at"), params.get("reading")),
        "instruments": [
            {"id": i.id, "kind": i.kind.value, "effect": i.legal_effect.value, "title": i.title}
            for i in lifecycle.instruments
        ],
        "hypothetical": any(f.hypothetical for f in state.all(Filing) if f.agreement == name),
    }
