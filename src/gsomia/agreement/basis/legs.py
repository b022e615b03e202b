"""One hop under one agreement: whether it carries the item, and with which marks."""

from __future__ import annotations

from datetime import datetime

import msgspec

from gsomia.agreement.basis.grounds import Ground, Standing, flags
from gsomia.agreement.basis.model import Condition, Leg, Question
from gsomia.agreement.basis.rules import DEFENCE, PURPOSE, condition, of_reason
from gsomia.agreement.basis.subjects import Subjects
from gsomia.agreement.catalogue.levels import NO_ARTICLE
from gsomia.agreement.catalogue.model import EntryKind, Flag
from gsomia.marking.equivalence import Equivalents


class Hop(msgspec.Struct, frozen=True):
    """From one party to another, under an agreement."""

    ground: Ground
    sender: str
    receiver: str


class Tried(msgspec.Struct, frozen=True):
    """What came of trying a hop: the leg if it carries, its conditions, and what is missing."""

    leg: Leg | None
    conditions: tuple[Condition, ...]
    missing: tuple[Condition, ...]


class Desk:
    """One question, and what is asked of agreements again and again to answer it."""

    def __init__(self, question: Question, subjects: Subjects) -> None:
        self.question, self.subjects = question, subjects
        self._standings: dict[str, Standing] = {}

    @property
    def at(self) -> datetime:
        """The instant asked about."""
        return self.question.at

    def standing(self, ground: Ground) -> Standing:
        """Where an agreement stands at the instant asked about."""
        found = self._standings.get(ground.id)
        if found is None:
            found = self._standings[ground.id] = ground.standing(self.at)
        return found

    def outside(self, ground: Ground) -> tuple[Condition, ...]:
        """That the subject is not within the agreement, if it is not or that is not known."""
        subject, scope = self.subjects.subject(self.question.subject), ground.entry.scope
        missing = []
        if not subject.defence:
            # What an entry without a pack says of its subject matter is its title at best.
            article, flag = ground.cite(DEFENCE)
            missing.append(
                condition("information_is_defence_related", article=article, verified=flag)
            )
        if scope is not None:
            row = self.subjects.scope(ground.id)
            if row is None or subject.id not in row.subjects:
                missing.append(
                    condition(
                        "subject_is_within_scope",
                        verified=row.verified if row else "none",
                        agreement=ground.id,
                        subject=subject.id,
                        scope=scope,
                    )
                )
        return tuple(missing)

    def try_(
        self,
        ground: Ground,
        sender: str,
        receiver: str,
        marks: tuple[str, ...],
        *,
        done: bool = False,
    ) -> Tried:
        """One hop with an item that bears one of these marks; no marks: of no known mark.

        `done`: the hop was made earlier, so the agreement must have begun, and may have ended.
        """
        standing = self.standing(ground)
        missing = list(standing.missing)
        if done and standing.begun:
            missing = []
        if not ground.treaty:
            missing = _no_treaty(ground, sender, receiver, missing)
        missing += self.outside(ground)
        found, refused, article = self._marks(ground, sender, receiver, marks)
        missing += () if found else refused
        if missing or not found:
            return Tried(None, (), tuple(missing))
        leg = Leg(
            sender=sender,
            receiver=receiver,
            agreement=ground.id,
            title=ground.entry.title,
            kind=ground.entry.kind,
            article=article,
            marks=tuple(found),
            becomes=tuple(dict.fromkeys(m for others in found.values() for m in others)),
            status=standing.status,
            contestable=standing.contestable,
            readings=standing.readings,
            pack=ground.lifecycle is not None,
            done=done,
            verified={
                **flags(ground, "dates", "duration"),
                "equivalence": self._flag(ground, sender, receiver, marks),
            },
            notes=standing.notes,
        )
        return Tried(leg, tuple(_conditions(ground, leg, refused)), ())

    def _marks(
        self, ground: Ground, sender: str, receiver: str, marks: tuple[str, ...]
    ) -> tuple[dict[str, tuple[str, ...]], tuple[Condition, ...], str]:
        """What each mark becomes, why the others become nothing, and the article of the table."""
        found: dict[str, tuple[str, ...]] = {}
        refused: list[Condition] = []
        article = NO_ARTICLE
        if not ground.treaty:
            return found, (), article
        for mark in marks:
            answer, flag = ground.marks(sender, receiver, mark, self.at)
            if isinstance(answer, Equivalents):
                found[mark] = answer.marks
                article = answer.articles[0]
            else:
                said = (of_reason(reason, flag) for reason in answer.refused)
                refused += (one for one in said if one not in refused)
        return found, tuple(refused), article

    def _flag(self, ground: Ground, sender: str, receiver: str, marks: tuple[str, ...]) -> Flag:
        return ground.marks(sender, receiver, marks[0], self.at)[1]


def _no_treaty(
    ground: Ground, sender: str, receiver: str, missing: list[Condition]
) -> list[Condition]:
    """That it is no treaty, before anything else; a text never signed says so by itself."""
    if ground.entry.kind is EntryKind.UNSIGNED_TEXT:
        return missing
    said = condition(
        "instrument_binds_in_law", agreement=ground.id, sender=sender, receiver=receiver
    )
    return [said, *missing]


def _conditions(ground: Ground, leg: Leg, refused: tuple[Condition, ...]) -> list[Condition]:
    """What a leg that carries asks for: the purpose, and a mark that goes on."""
    found = []
    if not leg.done:
        article, flag = ground.cite(PURPOSE)
        found.append(
            condition(
                "purpose_is_limited",
                met=True,
                article=article,
                verified=flag,
                receiver=leg.receiver,
            )
        )
    if refused:
        found.append(
            condition(
                "chosen_mark_has_counterpart",
                article=leg.article,
                verified=leg.verified["equivalence"],
                sender=leg.sender,
                marks=", ".join(leg.marks),
                agreement=leg.agreement,
            )
        )
    return found
