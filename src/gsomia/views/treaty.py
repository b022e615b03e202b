"""The treaty desk: instruments on record, and the status that follows from them."""

from __future__ import annotations

from gsomia.agreement.difference import difference, read_agreed
from gsomia.agreement.pack import agreed_digest, agreed_part, load_pack
from gsomia.agreement.queries import answer_json
from gsomia.agreement.records import Standing
from gsomia.canon import builtins, digest, encode, parse_instant
from gsomia.desk.model import Filing, Told, ToldText
from gsomia.desk.policy import POLICIES, GroundPolicy, in_force
from gsomia.desk.record import record_of
from gsomia.desk.texts import base_of, pack_at, pack_of, versions
from gsomia.fold import State
from gsomia.views.paging import PAGED, Row, check, keep, need, page


def instruments(state: State, params: dict[str, str]) -> Row:
    """What this node has recorded, beside what ships with the agreements."""
    check(params, "agreement", *PAGED)
    return page((f for f in state.all(Filing) if keep(params, f, "agreement")), params, builtins)


def policy(state: State, params: dict[str, str]) -> Row:
    """What this node, of `party`, does where the readings of `agreement` differ."""
    check(params, "agreement", "party")
    pack = pack_of(state, need(params, "agreement"))
    found = in_force(state, pack, need(params, "party"))
    decided = state.get(GroundPolicy, pack.id)
    return {
        "agreement": pack.id,
        "policy": found.policy,
        "reading": found.reading,
        "version": found.version,
        "reason": decided.reason if decided else "",
        "set_by": decided.set_by if decided else "",
        "set_at": decided.set_at if decided else None,
        "readings": [r.id for r in pack.readings if r.held],
        "policies": list(POLICIES),
    }


def agreed_text(state: State, params: dict[str, str]) -> Row:
    """The agreed part that this node holds, what partners told of theirs, and each difference."""
    check(params, "agreement")
    name = need(params, "agreement")
    now = params.get("now")
    pack = pack_at(state, name, parse_instant(now, "now")) if now else pack_of(state, name)
    ours = read_agreed(encode(agreed_part(pack)).decode())
    told = [t for t in state.all(ToldText) if t.agreement == pack.id]
    return {
        "agreement": pack.id,
        "digest": agreed_digest(pack),
        "text": encode(ours).decode(),
        "versions": [
            {
                "version": one.version,
                "applies_from": one.applies_from.isoformat(),
                "digest": agreed_digest(load_pack(one.pack.encode(), name)),
                "instruments": list(one.instruments),
            }
            for one in versions(state, name)
        ],
        "told": [
            {
                "party": one.party,
                "at": one.at,
                "digest": digest(one.text.encode()),
                "differences": builtins(difference(ours, read_agreed(one.text))),
            }
            for one in told
        ],
    }


def text(state: State, params: dict[str, str]) -> Row:
    """The whole pack that this node holds of `agreement`, as canonical text, and its digest."""
    check(params, "agreement")
    pack = pack_of(state, need(params, "agreement"))
    return {
        "agreement": pack.id,
        "digest": agreed_digest(pack),
        "text": encode(pack).decode(),
    }


def standing_of(state: State, name: str) -> Standing:
    """An agreement under this node's record, and its partner's. Raises `BadInput`."""
    return Standing(record_of(pack_of(state, name), base_of(state, name), state))


def agreement(state: State, params: dict[str, str]) -> Row:
    """The status of `agreement` at `as_of` (or `now`), from shipped and recorded instruments.

    Where the partner's node told another record than ours, `records` has the answer of
    each, `differences` the fields, and the top-level answer is the stricter.
    """
    check(params, "agreement", "as_of", "known_at", "reading")
    name = need(params, "agreement")
    standing = standing_of(state, name)
    as_of = params.get("as_of") or need(params, "now")
    asked = (as_of, params.get("known_at"), params.get("reading"))
    records = {"ours": standing.ours, "theirs": standing.theirs or standing.ours}
    return {
        **answer_json(standing, *asked),
        "records": {k: answer_json(v, *asked)["status"] for k, v in records.items()},
        "differences": builtins(standing.differences),
        "instruments": [
            {"id": i.id, "kind": i.kind.value, "effect": i.legal_effect.value, "title": i.title}
            for i in standing.ours.instruments
        ],
        "hypothetical": _hypothetical(state, name),
    }


def _hypothetical(state: State, name: str) -> bool:
    """Whether something made for an exercise is on either record."""
    filed = any(f.hypothetical for f in state.all(Filing) if f.agreement == name)
    return filed or any(t.hypothetical for t in state.all(Told) if t.agreement == name)
