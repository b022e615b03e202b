"""Letters of the treaty desk, and where the withdrawal of a notice and its suspension stands."""

from __future__ import annotations

from collections.abc import Iterator

from gsomia.agreement.instruments import Instrument, Kind
from gsomia.agreement.queries import answer_json
from gsomia.canon import builtins
from gsomia.desk.model import DESKS, ISSUERS, Filing, Letter, Told
from gsomia.exchange.model import NoticeFile
from gsomia.exchange.notices import InstrumentTold
from gsomia.faults import BadInput, shown
from gsomia.fold import State
from gsomia.views.paging import PAGED, Row, check, keep, need, page
from gsomia.views.treaty import standing_of


def letters(state: State, params: dict[str, str]) -> Row:
    """Letters and notes, in the order they were drafted."""
    names = ("agreement", "state", "kind")
    check(params, *names, *PAGED)
    return page((x for x in state.all(Letter) if keep(params, x, *names)), params, _letter_row)


def _letter_row(letter: Letter) -> Row:
    return {
        "letter": letter.id,
        "agreement": letter.agreement,
        "kind": letter.kind.value,
        "title": letter.title,
        "state": letter.state,
        "number": letter.number,
        "warnings": list(letter.warnings),
    }


def letter(state: State, params: dict[str, str]) -> Row:
    """One letter with its text; `letter` says which."""
    check(params, "letter")
    return dict(builtins(state.need(Letter, need(params, "letter"), "letter")))


def told(state: State, params: dict[str, str]) -> Row:
    """What partners' nodes told of instruments, and whether each is on our record."""
    check(params, "agreement", *PAGED)

    def row(doc: Told) -> Row:
        filed = state.get(Filing, f"{doc.agreement} {doc.instrument.id}") is not None
        question = state.get(NoticeFile, doc.notice)
        answered = question is None or bool(question.answered_by)
        return {**builtins(doc), "recorded": filed, "answered": answered}

    return page((t for t in state.all(Told) if keep(params, t, "agreement")), params, row)


# -- normalisation: both notes withdrawn by one ------------------------------------------------


def normalisation(state: State, params: dict[str, str]) -> Row:
    """The steps by which `notice` and `suspension` are withdrawn together, as `party` sees them.

    Each step says whether it is done and by whom; `next` is the step to take, by a `role` of
    this side if `ours`, or null at the end. Raises `BadInput` unless the two are a notice of
    termination and its suspension on record, of one issuer.
    """
    check(params, "agreement", "notice", "suspension", "party")
    name, party = need(params, "agreement"), need(params, "party")
    standing = standing_of(state, name)
    known = {i.id: i for i in standing.ours.instruments}
    notice = _one(known, need(params, "notice"), Kind.NOTICE_OF_TERMINATION)
    suspension = _one(known, need(params, "suspension"), Kind.SUSPENSION_OF_NOTICE)
    if notice.id not in suspension.refers_to or notice.issuer != suspension.issuer:
        raise BadInput(f"a suspension of {shown(notice.id)}", shown(suspension.id), "suspension")
    both = {notice.id, suspension.id}
    if party == notice.issuer:
        steps = list(_issuing(state, name, both))
    else:
        steps = list(_receiving(state, name, both, party))
    waiting = next((s for s in steps if not s["done"]), None)
    return {
        "agreement": name,
        "notice": notice.id,
        "suspension": suspension.id,
        "issuer": notice.issuer,
        "party": party,
        "steps": steps,
        "next": waiting,
        "status": answer_json(standing, need(params, "now"))["status"],
    }


def _one(known: dict[str, Instrument], name: str, kind: Kind) -> Instrument:
    found = known.get(name)
    if found is None or found.kind is not kind:
        got = found.kind.value if found else shown(name)
        raise BadInput(f"a {kind} on record", got, "notice")
    return found


def _newest(state: State, agreement: str, kind: Kind, both: set[str]) -> Letter | None:
    """The newest letter for this purpose that was not given up."""
    found = None
    for one in state.all(Letter):
        about = one.withdraws if one.is_note else one.refers_to
        fits = one.agreement == agreement and one.kind is kind and set(about) == both
        purpose = one.is_note or one.asks == Kind.WITHDRAWAL
        if fits and purpose and one.state not in ("declined", "cancelled"):
            found = one
    return found


def _step(
    name: str,
    role: str,
    one: Letter | None,
    *,
    done: bool,
    by: object = "",
    instrument: str = "",
    ours: bool = True,
) -> Row:
    """A step. `ours`: this side takes it; the other's shows when its node tells."""
    return {
        "step": name,
        "role": role,
        "ours": ours,
        "done": done,
        "by": by if done else "",
        "letter": one.id if one else "",
        "instrument": instrument,
    }


def _steps_of(name: str, kind: Kind, one: Letter | None) -> Iterator[Row]:
    """Drafted, signed off by two, issued."""
    role = DESKS[ISSUERS[kind]]
    signed = one.signed_off_by if one else ()
    yield _step(f"{name}_drafted", role, one, done=one is not None, by=one and one.drafted_by)
    for index, ordinal in enumerate(("first", "second")):
        done = len(signed) > index
        yield _step(f"{name}_signed_off_{ordinal}", role, one, done=done, by=done and signed[index])
    issued = one is not None and bool(one.issued_by or one.handed_over_by)
    yield _step(f"{name}_issued", role, one, done=issued, by=one and one.issued_by)


def _issuing(state: State, agreement: str, both: set[str]) -> Iterator[Row]:
    request = _newest(state, agreement, Kind.INTER_MINISTRY_LETTER, both)
    note = _newest(state, agreement, Kind.WITHDRAWAL, both)
    role = DESKS[ISSUERS[Kind.WITHDRAWAL]]
    yield from _steps_of("request", Kind.INTER_MINISTRY_LETTER, request)
    yield from _steps_of("note", Kind.WITHDRAWAL, note)
    over = note is not None and note.state == "handed_over"
    yield _step("handed_over", role, note, done=over, by=note and note.handed_over_by)
    name = note.instrument if note and over else ""
    known = bool(name) and _was_told(state, agreement, name)
    yield _step("told", role, note, done=known, instrument=name)
    theirs = [t for t in state.all(Told) if t.agreement == agreement and t.instrument.id == name]
    answered = next((t for t in theirs if t.instrument.received is not None), None)
    by = answered.party if answered else ""
    yield _step("received", role, None, done=answered is not None, by=by, ours=False)


def _receiving(state: State, agreement: str, both: set[str], party: str) -> Iterator[Row]:
    role = DESKS[ISSUERS[Kind.WITHDRAWAL]]
    heard = next(
        (
            t
            for t in state.all(Told)
            if t.agreement == agreement and set(t.instrument.withdraws) == both and t.party != party
        ),
        None,
    )
    name = heard.instrument.id if heard else ""
    yield _step("handed_over", role, None, done=heard is not None, instrument=name, ours=False)
    filed = state.get(Filing, f"{agreement} {name}") if name else None
    yield _step("received", role, None, done=filed is not None, instrument=name)
    known = bool(name) and _was_told(state, agreement, name)
    yield _step("told", role, None, done=known, instrument=name)


def _was_told(state: State, agreement: str, instrument: str) -> bool:
    """Whether this side told its partner its record of the instrument."""
    return any(
        n.ours
        and n.agreement == agreement
        and isinstance(n.about, InstrumentTold)
        and n.about.instrument.id == instrument
        for n in state.all(NoticeFile)
    )
