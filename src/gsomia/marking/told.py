"""A handling in words, one for each thing it says; and as caveats of a mark of our own.

What a form cannot hold is named in these words, so that nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from gsomia.faults import BadInput
from gsomia.marking.handling import Handling, OneOf, Pap, Privileges, Sharing, Tlp
from gsomia.marking.spelling import check_label


def told(handling: Handling) -> tuple[str, ...]:
    """Everything `handling` says, each thing once: field and value, sorted."""
    return tuple(sorted(_told(handling)))


def lost(whole: Handling, held: Handling) -> tuple[str, ...]:
    """What `whole` says and `held` does not."""
    missing = set(told(whole)) - set(told(held))
    if held.silent and not whole.silent:
        missing.add("who may receive: not held")
    return tuple(sorted(missing))


def _told(h: Handling) -> Iterator[str]:
    if h.tlp is not None:
        yield f"tlp: {h.tlp.value}"
    if h.pap is not None:
        yield f"pap: {h.pap.value}"
    if h.states is not None:
        yield f"states: {_list(h.states)}"
    yield from (f"level: {level.policy} {level.level}" for level in h.levels)
    yield from (f"caveat: {caveat}" for caveat in h.caveats)
    yield from (f"one of: {_one_of(part)}" for part in h.one_of)
    yield from (f"sharing: {_sharing(part)}" for part in h.sharing)
    yield from (f"privileges: {_privileges(part)}" for part in h.privileges)
    yield from (f"statement: {text}" for text in h.statements)
    yield from (f"closed: {part.rule}, {part.what}" for part in h.closed)


def _list(values: frozenset[str]) -> str:
    return ", ".join(sorted(values)) or "none"


def _one_of(part: OneOf) -> str:
    return f"{part.kind} {_list(part.values)}"


def _sharing(part: Sharing) -> str:
    named = [f"default {part.default.value}"]
    if part.permits:
        named.append(f"permit {_list(part.permits)}")
    if part.denies:
        named.append(f"deny {_list(part.denies)}")
    return "; ".join(named)


def _privileges(part: Privileges) -> str:
    rules = []
    for rule in part.rules:
        scope = {name: getattr(rule.scope, name) for name in rule.scope.__struct_fields__}
        about = ", ".join(
            f"{name} {_list(held)}" for name, held in scope.items() if held is not None
        )
        rules.append(f"{rule.effect.value} {rule.action} for {about or 'everybody'}")
    return "; ".join([f"default {part.default.value}", *sorted(rules)])


# -- as caveats of our own mark ------------------------------------------------------------

_FOREIGN = ("ACS ", "ISM ", "TLP:EX:")


def caveats_of(handling: Handling) -> frozenset[str]:
    """The caveats that a mark can carry of `handling`.

    TLP and PAP become caveats, never a level: neither says how secret a thing is.
    """
    words = {f"TLP:{handling.tlp.value}"} if handling.tlp else set()
    words |= {f"PAP:{handling.pap.value}"} if handling.pap else set()
    return frozenset(words | {text for text in handling.caveats if _fits(text)})


def handling_of(caveats: frozenset[str]) -> Handling:
    """What the caveats of a mark say of TLP, PAP, ACS and ISM. Others are the mark's own."""
    tlps = [tlp for tlp in Tlp if f"TLP:{tlp.value}" in caveats]
    paps = [pap for pap in Pap if f"PAP:{pap.value}" in caveats]
    return Handling(
        silent=not tlps,
        tlp=max(tlps, default=None),
        pap=max(paps, default=None),
        caveats=frozenset(text for text in caveats if text.startswith(_FOREIGN)),
    )


def _fits(text: str) -> bool:
    try:
        check_label(text, "a caveat", "")
    except BadInput:
        return False
    return text.startswith(_FOREIGN)
