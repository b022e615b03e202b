"""Numbers of transmittals: gap-free for each agreement, sender and recipient."""

from __future__ import annotations

from gsomia.act import Context
from gsomia.exchange.entries import Ordered
from gsomia.exchange.messages import Carried
from gsomia.exchange.model import Line
from gsomia.exchange.state import line
from gsomia.fold import State
from gsomia.ruling import Ruling


def order(
    state: State,
    context: Context,
    agreement: str,
    peer: str,
    *,
    what: str,
    precedence: str,
    requests: tuple[str, ...] = (),
    notice: str = "",
    accepts: str = "",
    channel: str = "network",
    carries: Carried | None = None,
    rulings: tuple[Ruling, ...] = (),
    marks: tuple[tuple[str, str], ...] = (),
) -> Ordered:
    """The event that gives the next transmittal its numbers.

    The register number counts all transmittals to this peer, whatever the
    agreement, since it stands on the outer envelope and may not tell which.
    """
    serial = sum(one.sent for one in state.all(Line) if one.peer == peer) + 1
    return Ordered(
        number=f"T-{serial:06d}",
        peer=peer,
        agreement=agreement,
        sequence=line(state, agreement, peer).sent + 1,
        precedence=precedence,
        what=what,
        transmittal=context.new_id(),
        requests=requests,
        notice=notice,
        accepts=accepts,
        channel=channel,
        carries=carries,
        rulings=rulings,
        ordered_by=context.actor,
        act=context.signed.decode(),
        marks=marks,
    )
