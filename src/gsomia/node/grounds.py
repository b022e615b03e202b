"""Agreements as a node applies them: pack, recorded instruments, level tables, one instant."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from gsomia.act import Ground
from gsomia.agreement.correspondence import equivalence_of
from gsomia.agreement.lifecycle import Status
from gsomia.agreement.model import Pack, Role
from gsomia.agreement.pack import agreed_digest
from gsomia.agreement.provisions import provisions_of
from gsomia.agreement.records import Record, Standing
from gsomia.desk.policy import in_force
from gsomia.desk.record import record_of
from gsomia.desk.texts import base_of, pack_at, pack_of
from gsomia.exchange.model import Outgoing
from gsomia.fold import State
from gsomia.marking.equivalence import Equivalence, Equivalents
from gsomia.provisions import SAME, Provisions


class _Text(NamedTuple):
    pack: Pack
    digest: str
    equivalence: Equivalence


class Agreement:
    """One agreement on this node, by the pack and the instruments that its state holds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._standing: Standing | None = None
        self._text: _Text | None = None
        self._stated: tuple[Pack | None, Provisions] = (None, SAME)

    def codes(self, state: State) -> tuple[str, ...]:
        """The parties."""
        return pack_of(state, self.name).codes

    def _text_of(self, state: State) -> _Text:
        """What is worked out once for each text, and not for each act."""
        pack, kept = pack_of(state, self.name), self._text
        if kept is None or kept.pack is not pack:
            kept = self._text = _Text(pack, agreed_digest(pack), equivalence_of(pack))
        return kept

    def _digest_at(self, state: State, at: datetime, newest: _Text) -> str:
        """The digest of the text in force at an instant."""
        pack = pack_at(state, self.name, at)
        return newest.digest if pack is newest.pack else agreed_digest(pack)

    def provisions(self, at: datetime, state: State) -> Provisions:
        """Where the text in force at an instant has what rules cite: made once for each text."""
        pack, kept = pack_at(state, self.name, at), self._stated
        if kept[0] is not pack:
            kept = self._stated = (pack, provisions_of(pack))
        return kept[1]

    def standing(self, state: State) -> Standing:
        """The agreement under the record that `state` holds: ours, and the partner's."""
        record = record_of(pack_of(state, self.name), base_of(state, self.name), state)
        kept = self._standing
        if kept is None or not _same(kept.record, record):
            kept = self._standing = Standing(record)
        return kept

    def status(self, at: datetime, state: State) -> Status:
        """The status at an instant, with all that is known here."""
        return self.standing(state).status(at)

    def keeps_back(self, out: Outgoing, at: datetime, state: State) -> str:
        """Why a transmittal may not leave at this instant, or the empty string.

        Its dispatch was decided while transfers were permitted. Where they are not any
        more, what has not left stays; all that is no item goes on, as duties do.
        """
        if out.what != "items" or self.status(at, state).transfer:
            return ""
        article = self.provisions(at, state).cite("Art. 21")
        return f"{self.name} permits no transfer now ({article}): {out.number} stays here"

    def ground(self, at: datetime, state: State, party: str) -> Ground:
        """The agreement as an act of `party` at this instant, on top of `state`, sees it."""
        text = self._text_of(state)
        pack = text.pack
        status = self.status(at, state)
        policy = in_force(state, pack, party)
        table = pack.table_at(at)
        listed = {
            party: tuple(m for row in (table.rows if table else ()) for m in row.marks[party])
            for party in pack.codes
        }
        authorities = {
            party: tuple(
                a.names["en"] for a in pack.authorities_at(party, Role.COMPETENT_AUTHORITY, at)
            )
            for party in pack.codes
        }

        def corresponding(from_party: str, to_party: str, mark: str) -> tuple[str, ...]:
            found = text.equivalence.corresponding(from_party, to_party, mark, at)
            return found.marks if isinstance(found, Equivalents) else ()

        return Ground(
            agreement=pack.id,
            parties=pack.codes,
            status=status.status.value,
            transfer=status.transfer,
            protect=status.protect,
            contestable=status.contestable,
            uncertain=status.uncertain,
            reading=policy.reading,
            policy=policy.policy,
            policy_version=policy.version,
            agreed_digest=self._digest_at(state, at, text),
            listed=listed,
            authorities=authorities,
            corresponding=corresponding,
        )


def _same(one: Record, two: Record) -> bool:
    return one.pack is two.pack and (one.ours, one.told) == (two.ours, two.told)
