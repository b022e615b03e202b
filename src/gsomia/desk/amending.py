"""Amending the text of an agreement: what an amendment may change, and who consented to it.

Consent is a paper of each party, or one of both, on this side's record; nothing that a
partner's node tells is consent. A new text says of every day before it what the old one said,
so that past answers stay. What decides when the agreement begins and ends, and who its parties
are, is not changed here: the past answers of its lifecycle would change with it.

Two officers of the desk bring a text in, by the same command: the first proposes, and it counts
once another has given the same text, day and papers. One person could else write both the text
and the papers of consent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from gsomia.act import Answer, Context, answer
from gsomia.agreement.instruments import Channel, Instrument, Kind
from gsomia.agreement.model import Pack, Role
from gsomia.agreement.pack import agreed_digest, agreed_part, load_pack
from gsomia.canon import digest
from gsomia.clearance.rules import actor_is_appointed, officer
from gsomia.desk.commands import AmendText
from gsomia.desk.entries import TextAmended, TextProposed
from gsomia.desk.model import DESKS
from gsomia.desk.rules import TWO
from gsomia.desk.texts import Proposal, versions
from gsomia.faults import BadInput, shown
from gsomia.fold import Event, State
from gsomia.ruling import RuleList, Ruling, rule

FIXED = ("format", "id", "parties", "utc_offset", "entry_into_force", "duration", "notice")
"""Parts of the agreed text that no amendment here changes; nor `residual` and the readings."""


class AmendCase(msgspec.Struct, frozen=True):
    """The facts of bringing in an amended text."""

    actor: str
    may_act: tuple[str, ...]
    appointed_as: tuple[str, ...]
    parties: tuple[str, ...]
    consented: tuple[str, ...]
    proposed_by: str


@rule("Art. 21(2)", who="the parties, in writing", sees=("parties", "consented"))
def every_party_consented(case: AmendCase) -> bool:
    """Every party's written consent to the amendment is on record."""
    return set(case.parties) <= set(case.consented)


@rule(TWO, who="another person of the same office", sees=("actor", "proposed_by"))
def brought_in_by_another_person(case: AmendCase) -> bool:
    """Whoever proposed exactly this text is not the one who brings it in."""
    return case.actor != case.proposed_by


AMEND_RULES: RuleList[AmendCase] = RuleList(
    "desk.amend-text", (actor_is_appointed, every_party_consented, brought_in_by_another_person)
)


def consented(instruments: Iterable[Instrument]) -> tuple[str, ...]:
    """The parties that these papers speak for.

    A note counts once it was handed over or received; a text, once both signed it in one room.
    Raises `BadInput` for a paper of another kind.
    """
    found: set[str] = set()
    for one in instruments:
        if one.kind is not Kind.AMENDMENT:
            raise BadInput("an amendment on record", f"{shown(one.id)}: {one.kind}", "instruments")
        delivered = one.handed_over is not None or one.received is not None
        if one.channel is Channel.MEETING or (one.channel is Channel.DIPLOMATIC and delivered):
            found.update(office.party for office in one.issuers)
    return tuple(sorted(found))


def check_amended(old: Pack, new: Pack, applies_from: date) -> None:
    """Raise `BadInput` unless `new` can follow `old` from that day on."""
    mine, theirs = agreed_part(old), agreed_part(new)
    for name in (*FIXED, "residual"):
        if mine[name] != theirs[name]:
            raise BadInput(f"the same {name} as before", "another", "pack")
    if old.readings != new.readings:
        raise BadInput("the same readings as before", "others", "pack")
    if mine == theirs:
        raise BadInput("another agreed part than before", "the same", "pack")
    for name, place in (("level_tables", 0), ("authorities", 3)):
        if _before(mine[name], place, applies_from) != _before(theirs[name], place, applies_from):
            raise BadInput(
                f"{name} that say of every day before {applies_from} what they said",
                "others",
                "pack",
            )


def _before(spans: list[Any], place: int, day: date) -> list[Any]:
    """What of dated parts lies before a day; `place`: where their first day stands."""
    end, found = day.isoformat(), []
    for span in spans:
        since, until = span[place], span[place + 1]
        if since is None or since < end:
            cut = [*span]
            cut[place + 1] = min(until or end, end)
            found.append(cut)
    return sorted(found, key=repr)


def _proposer(kept: Proposal | None, proposal: Proposal) -> str:
    """Who proposed exactly this; empty if nobody did."""
    if kept is None or msgspec.structs.replace(kept, by=proposal.by, at="") != proposal:
        return ""
    return kept.by


def amend_text(command: AmendText, state: State, context: Context) -> Answer:
    """Propose a text that both parties consented to, or bring in what another proposed."""
    record = context.record(command.agreement)
    new = load_pack(command.pack.encode(), "pack")
    check_amended(record.pack, new, command.applies_from)
    before = versions(state, command.agreement)
    if before and command.applies_from <= before[-1].applies_from:
        raise BadInput(f"a day after {before[-1].applies_from}", "another", "applies_from")
    known = {i.id: i for i in record.ours}
    for name in command.instruments:
        if name not in known:
            raise BadInput("an instrument on record", shown(name), "instruments")
    person = officer(state, context.actor, context.now, DESKS[Role.COMPETENT_AUTHORITY])
    version = len(before) + 1
    proposal = Proposal(
        command.agreement,
        version,
        digest(command.pack.encode()),
        command.applies_from,
        tuple(sorted(set(command.instruments))),
        context.actor,
    )
    by = _proposer(state.get(Proposal, proposal.key), proposal)
    case = AmendCase(
        person.actor,
        person.may_act,
        person.appointed_as,
        record.pack.codes,
        consented(known[n] for n in command.instruments),
        by,
    )

    def events(ruling: Ruling) -> tuple[Event, ...]:
        if not by:
            said = {k: v for k, v in msgspec.structs.asdict(proposal).items() if k != "at"}
            return (TextProposed(**said, ruling=ruling),)
        return (
            TextAmended(
                command.agreement,
                version,
                command.pack,
                command.applies_from,
                command.instruments,
                by,
                context.actor,
                ruling,
            ),
        )

    told = {
        "agreement": command.agreement,
        "version": version,
        "digest": agreed_digest(new),
        "state": "amended" if by else "proposed",
    }
    decision = AMEND_RULES.under(context.provisions(command.agreement)).decide(case)
    return answer(command.agreement, decision, command.agreement, context, events, told)
