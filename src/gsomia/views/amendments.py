"""Amendments of agreed texts on their way, and for whom each waits."""

from __future__ import annotations

from collections.abc import Iterator

from gsomia.agreement.instruments import Kind
from gsomia.agreement.pack import agreed_digest, load_pack
from gsomia.canon import digest, instant
from gsomia.desk.amending import consented
from gsomia.desk.model import Filing, ToldText
from gsomia.desk.texts import Amendment, Proposal, pack_of, versions
from gsomia.exchange.model import Line, Peer
from gsomia.fold import Doc, State
from gsomia.views.paging import PAGED, Row, check, page


class Step(Doc, frozen=True, tag="views.amendment_step"):
    """One amendment, or a paper of consent that no amendment relies on yet.

    States: `consent_missing`; `to_propose`, once every party consented; `proposed`, which a
    second officer brings in; `amended`. `waits_for` are parties whose consent, or whose word
    that they hold the text, is not here; `shown_by` those that told it, or sent something under it.
    """

    agreement: str
    version: int
    state: str
    applies_from: str
    digest: str
    instruments: tuple[str, ...]
    by: str
    at: str
    shown_by: tuple[str, ...]
    waits_for: tuple[str, ...]

    @property
    def key(self) -> str:
        """Agreement, and the version or the paper."""
        return f"{self.agreement} {self.version or self.instruments[0]}"


def steps(state: State) -> tuple[Step, ...]:
    """Every amendment and every paper of consent, by agreement: the oldest version first."""
    filed = [f for f in state.all(Filing) if f.instrument.kind is Kind.AMENDMENT]
    amended, proposed = list(state.all(Amendment)), list(state.all(Proposal))
    names = {f.agreement for f in filed} | {a.agreement for a in amended}
    names |= {p.agreement for p in proposed}
    return tuple(step for name in sorted(names) for step in _of(state, name, filed))


def _of(state: State, name: str, filed: list[Filing]) -> Iterator[Step]:
    made = versions(state, name)
    for one in made:
        yield _brought_in(state, one, newest=one is made[-1])
    kept = state.get(Proposal, f"{name} {len(made) + 1}")
    if kept is not None:
        yield Step(
            name,
            kept.version,
            "proposed",
            kept.applies_from.isoformat(),
            "",
            kept.instruments,
            kept.by,
            kept.at,
            (),
            (),
        )
    used = {i for one in (*made, *((kept,) if kept else ())) for i in one.instruments}
    papers = [f.instrument for f in filed if f.agreement == name and f.instrument.id not in used]
    missing = tuple(sorted(set(pack_of(state, name).codes) - set(consented(papers))))
    for paper in papers:
        known = instant(paper.known_at) if paper.known_at else ""
        told = "consent_missing" if missing else "to_propose"
        yield Step(name, 0, told, "", "", (paper.id,), "", known, (), missing)


def _brought_in(state: State, one: Amendment, *, newest: bool) -> Step:
    pack = load_pack(one.pack.encode(), one.agreement)
    text = agreed_digest(pack)
    shown = {
        told.party
        for told in state.all(ToldText)
        if told.agreement == one.agreement and digest(told.text.encode()) == text
    }
    partners = {p.registry: p.party for p in state.all(Peer) if p.party in pack.codes}
    for line in state.all(Line):
        if line.agreement == one.agreement and text in dict(line.texts):
            shown.add(partners.get(line.peer, line.peer))
    return Step(
        one.agreement,
        one.version,
        "amended",
        one.applies_from.isoformat(),
        text,
        one.instruments,
        one.by,
        one.at,
        tuple(sorted(shown)),
        tuple(sorted({*partners.values()} - shown)) if newest else (),
    )


def amendments(state: State, params: dict[str, str]) -> Row:
    """Every amendment of `agreement`, or of each, and for whom it waits."""
    check(params, "agreement", *PAGED)
    wanted = params.get("agreement")
    found = (step for step in steps(state) if wanted in (None, "", step.agreement))
    return page(found, params, row)


def row(step: Step) -> Row:
    """A step in plain values; what is not known or does not apply is null."""
    return {
        "agreement": step.agreement,
        "version": step.version or None,
        "state": step.state,
        "applies_from": step.applies_from or None,
        "digest": step.digest or None,
        "instruments": list(step.instruments),
        "by": step.by or None,
        "at": step.at or None,
        "shown_by": list(step.shown_by),
        "waits_for": list(step.waits_for),
    }
