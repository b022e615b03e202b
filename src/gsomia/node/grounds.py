"""Agreements as a node applies them: pack, recorded instruments, level tables, one instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gsomia.act import Ground
from gsomia.agreement.correspondence import equivalence_of
from gsomia.agreement.instruments import Instrument
from gsomia.agreement.lifecycle import Status
from gsomia.agreement.model import Pack, Role
from gsomia.agreement.pack import agreed_digest
from gsomia.agreement.records import Record, Standing
from gsomia.desk.policy import in_force
from gsomia.desk.record import record_of
from gsomia.fold import State
from gsomia.marking.equivalence import Equivalents


class Agreement:
    """One agreement on this node: its pack, and the instruments that ship with it."""

    def __init__(self, pack: Pack, instruments: Iterable[Instrument]) -> None:
        self.pack = pack
        self.instruments = tuple(instruments)
        self.digest = agreed_digest(pack)
        self.equivalence = equivalence_of(pack)
        self._standing = Standing(Record(pack, self.instruments))

    def standing(self, state: State) -> Standing:
        """The agreement under the record that `state` holds: ours, and the partner's."""
        record = record_of(self.pack, self.instruments, state)
        kept = self._standing
        if (kept.record.ours, kept.record.told) != (record.ours, record.told):
            kept = self._standing = Standing(record)
        return kept

    def status(self, at: datetime, state: State) -> Status:
        """The status at an instant, with all that is known here."""
        return self.standing(state).status(at)

    def ground(self, at: datetime, state: State, party: str) -> Ground:
        """The agreement as an act of `party` at this instant, on top of `state`, sees it."""
        status = self.status(at, state)
        policy = in_force(state, self.pack, party)
        table = self.pack.table_at(at)
        listed = {
            party: tuple(m for row in (table.rows if table else ()) for m in row.marks[party])
            for party in self.pack.codes
        }
        authorities = {
            party: tuple(
                a.names["en"] for a in self.pack.authorities_at(party, Role.COMPETENT_AUTHORITY, at)
            )
            for party in self.pack.codes
        }

        def corresponding(from_party: str, to_party: str, mark: str) -> tuple[str, ...]:
            found = self.equivalence.corresponding(from_party, to_party, mark, at)
            return found.marks if isinstance(found, Equivalents) else ()

        return Ground(
            agreement=self.pack.id,
            parties=self.pack.codes,
            status=status.status.value,
            transfer=status.transfer,
            protect=status.protect,
            contestable=status.contestable,
            uncertain=status.uncertain,
            reading=policy.reading,
            policy=policy.policy,
            policy_version=policy.version,
            agreed_digest=self.digest,
            listed=listed,
            authorities=authorities,
            corresponding=corresponding,
        )
