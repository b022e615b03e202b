"""What is on record as kept here: sealed bytes and key slots. All else was left by a cut-off run.

Staged content that nobody registered, an arrival whose entry was not committed, keys
unwrapped for an acceptance that did not happen: each is written before its entry, and
stays behind when the process ends between the two.
"""

from __future__ import annotations

from gsomia.exchange.messages import Items
from gsomia.exchange.model import Incoming, Outgoing
from gsomia.exchange.receiving import blob_name, slot_name
from gsomia.fold import State
from gsomia.node.arrivals import keys_name
from gsomia.node.custody import cover_name
from gsomia.node.sealing import outgoing_name
from gsomia.registry.model import Item


def called_for(state: State) -> tuple[set[str], set[str]]:
    """The names of the blobs, and of the slots, that documents need."""
    blobs: set[str] = set()
    slots: set[str] = set()
    for item in state.all(Item):
        if item.key_held:
            slots.add(item.sealed.slot)
            blobs |= {cover_name(item.sealed.slot), item.sealed.blob}
    for arrival in state.all(Incoming):
        if arrival.key_part:
            blobs.add(keys_name(arrival.peer, arrival.number))
        if arrival.state == "received":
            blobs |= _waiting(arrival)
    blobs |= {outgoing_name(out) for out in state.open(Outgoing)}
    return blobs, slots


def _waiting(arrival: Incoming) -> set[str]:
    """What the registrar has not yet answered for."""
    carries = arrival.statement.carries
    if not isinstance(carries, Items):
        return set()
    slots = [slot_name(arrival.peer, arrival.number, x.reference) for x in carries.items]
    return {cover_name(slot) for slot in slots} | {blob_name(slot) for slot in slots}
