"""Letters and notes of the treaty desk, and the withdrawal of a notice with its suspension."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.catalogue import agreement as agreements
from gsomia.cli.lookup import node_pack, partner
from gsomia.cli.people import After, Limit
from gsomia.cli.run import Lang, Run, command, now
from gsomia.cli.say import Out, Screen

if TYPE_CHECKING:
    from gsomia.agreement import Moment
    from gsomia.api import Answered, Officer

letter = typer.Typer(help="Letters and notes: drafted, signed off by two, issued, handed over.")

Letter = Annotated[str, typer.Argument(help="A letter's id, like L-3.")]
Agreement = Annotated[str, typer.Option("--agreement", help="An agreement's id.")]
AnAgreement = Annotated[str, typer.Argument(help="An agreement's id, like rok-japan-2016.")]
Instrument = Annotated[str, typer.Argument(help="An instrument's id, as the partner told it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
When = Annotated[
    str | None,
    typer.Option("--at", metavar="ISO", help="An instant with offset, or a day; now unless given."),
]
Peer = Annotated[
    str | None, typer.Option("--peer", help="The partner's registry; needed where there are two.")
]
ConfirmRevival = Annotated[
    bool,
    typer.Option("--confirm-revival", help="Yes: this puts a suspended notice back in effect."),
]


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(letter, name="letter", no_args_is_help=True)


_MOMENT = (
    "an instant with offset, like 2019-08-23T15:25:00+09:00, or a day with offset, "
    "like 2023-03-21+09:00"
)


def _moment(text: str | None, where: str) -> Moment:
    """An instant as it is written, or a whole day with an offset: `2023-03-21+09:00`."""
    from gsomia.agreement import Moment, counting
    from gsomia.faults import BadInput, shown

    if text is None:
        return Moment.exact(now())
    if "T" in text:
        return Moment.exact(counting.read_instant(text, where))
    if len(text) != len("2023-03-21+09:00"):
        raise BadInput(_MOMENT, shown(text), where)
    day, zone = text[:10], text[10:]
    return Moment.day(counting.read_date(day, where), counting.offset(zone, where))


def _warned(run: Run, answer: Answered, act: str) -> Out:
    """What came of a step, with what was out of order in it."""
    import msgspec

    out = run.did(answer, act)
    if not answer.granted:
        return out
    warnings = answer.told.get("warnings", [])
    # Told in words below, so not by their names in the table.
    rest = {k: v for k, v in answer.told.items() if k != "warnings"}
    shown = run.did(msgspec.structs.replace(answer, told=rest), act).show

    def show(screen: Screen) -> None:
        if shown is not None:
            shown(screen)
        for name in warnings:
            screen.line(screen.words("out_of_order", what=screen.words.label(f"warn_{name}")))

    return Out(out.value, show, out.code)


@command(letter, "draft", signed=True)
def draft(
    run: Run,
    kind: Annotated[
        str,
        typer.Argument(
            help="withdrawal, notice-of-termination, suspension-of-notice, "
            "notification-of-requirements, or inter-ministry-letter."
        ),
    ],
    agreement: Agreement,
    refers_to: Annotated[
        list[str] | None, typer.Option("--refers-to", help="An instrument it is about.")
    ] = None,
    withdraws: Annotated[
        list[str] | None, typer.Option("--withdraws", help="An instrument it takes back.")
    ] = None,
    request: Annotated[
        str, typer.Option("--request", help="The letter that asked for this note.")
    ] = "",
    asks: Annotated[
        str, typer.Option("--asks", help="For a letter inside: the kind of note it asks for.")
    ] = "",
    language: Annotated[
        Lang | None, typer.Option("--language", help="The letter's own language.")
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option("--text", metavar="FILE", help="Paragraphs, one a line, for the template's."),
    ] = None,
    hypothetical: Annotated[
        bool, typer.Option("--hypothetical", help="Made for an exercise.")
    ] = False,
) -> Out:
    """Draft a letter or note from its template. What could never go on record is told now."""
    from gsomia.desk.model import ISSUERS
    from gsomia.faults import BadInput, shown

    names = {k.replace("_", "-"): k for k in ISSUERS}
    if kind not in names:
        raise BadInput("a kind of letter: " + ", ".join(names), shown(kind), "kind")
    answer = run.officer().draft_letter(
        agreement,
        names[kind],
        (language or Lang(run.words.lang)).value,
        refers_to=refers_to or (),
        withdraws=withdraws or (),
        request=request,
        asks=asks.replace("-", "_"),
        paragraphs=_paragraphs(text),
        hypothetical=hypothetical,
    )
    return _warned(run, answer, "desk.draft-letter")


def _paragraphs(file: Path | None) -> tuple[str, ...]:
    from gsomia.cli.files import read_small
    from gsomia.faults import BadInput

    if file is None:
        return ()
    try:
        lines = read_small(file, "text").decode().splitlines()
    except UnicodeDecodeError:
        raise BadInput("text in UTF-8", "other bytes", file.name) from None
    return tuple(line.strip() for line in lines if line.strip())


@command(letter, "sign-off", signed=True)
def sign_off(
    run: Run,
    letter: Letter,
    decline: Annotated[bool, typer.Option("--decline", help="It goes no further.")] = False,
    reason: Reason = "",
) -> Out:
    """Sign a draft off. Two people do, besides the one who drafted it."""
    answer = run.officer().sign_off(letter, favour=not decline, reason=reason)
    return run.did(answer, "desk.sign-off")


@command(letter, "issue", signed=True)
def issue(
    run: Run,
    letter: Letter,
    dated: Annotated[
        str | None, typer.Option("--dated", metavar="ISO", help="The date it bears; now else.")
    ] = None,
) -> Out:
    """Give a letter its number and date, and send it."""
    moment = None if dated is None else _moment(dated, "--dated")
    return _warned(run, run.officer().issue_letter(letter, moment), "desk.issue-letter")


@command(letter, "hand-over", signed=True)
def hand_over(
    run: Run,
    letter: Letter,
    at: When = None,
    place: Annotated[str, typer.Option("--place", help="Where.")] = "",
    to: Annotated[str, typer.Option("--to", help="Into whose hands.")] = "",
    peer: Peer = None,
    confirm_revival: ConfirmRevival = False,
) -> Out:
    """Record that a note was handed over, and tell the partner's node, which this informs."""
    officer = run.officer()
    answer = officer.hand_over_note(
        letter, _moment(at, "--at"), place, to, confirm_revival=confirm_revival
    )
    if answer.granted:
        _tell(run, officer, run.view("letter", letter=letter)["agreement"], answer, peer)
    return _warned(run, answer, "desk.hand-over")


@command(letter, "receive", signed=True)
def receive(
    run: Run,
    agreement: AnAgreement,
    instrument: Instrument,
    at: When = None,
    peer: Peer = None,
    confirm_revival: ConfirmRevival = False,
) -> Out:
    """Record that a note came through the diplomatic channel, and tell the partner so."""
    officer = run.officer()
    answer = officer.receive_note(
        agreement, instrument, _moment(at, "--at"), confirm_revival=confirm_revival
    )
    if answer.granted:
        _tell(run, officer, agreement, answer, peer)
    return _warned(run, answer, "desk.receive")


@command(letter, "tell", signed=True)
def tell(run: Run, agreement: AnAgreement, instrument: Instrument, peer: Peer = None) -> Out:
    """Tell the partner's node this node's record of an instrument, once more or at last."""
    officer = run.officer()
    return run.did(
        officer.tell_instrument(partner(run, agreement, peer), agreement, instrument),
        "exchange.notify",
    )


def _tell(run: Run, officer: Officer, agreement: str, answer: Answered, peer: str | None) -> None:
    """Tell the partner. A refusal of the telling does not undo what was recorded."""
    told = officer.tell_instrument(
        partner(run, agreement, peer), agreement, str(answer.need("instrument"))
    )
    answer.told["told"] = told.granted


@command(letter, "cancel", signed=True)
def cancel(run: Run, letter: Letter, reason: Reason) -> Out:
    """Give up a letter that was not sent."""
    return run.did(run.officer().cancel_letter(letter, reason), "desk.cancel-letter")


@command(letter, "numbering", signed=True)
def numbering(
    run: Run,
    office: Annotated[str, typer.Argument(help="An authority's id in the pack, like kor-mofa.")],
    pattern: Annotated[str, typer.Argument(help="Text with {serial}, and {year} if wanted.")],
    agreement: Agreement,
) -> Out:
    """Say how an office numbers its letters from now on."""
    answer = run.officer().set_numbering(agreement, office, pattern)
    return run.did(answer, "desk.set-numbering")


@command(letter, "list", node=True)
def list_(
    run: Run,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only this one.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """Letters and notes, and how each stands."""
    page = run.view("letters", agreement=agreement, limit=limit, after=after)
    columns = ("letter", "agreement", "kind", "state", "number", "title")
    return Out(page, lambda screen: screen.page(page, *columns))


@command(letter, "told", node=True)
def told(
    run: Run,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only this one.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """What the partner's node told of instruments, and whether it is on our record."""
    page = run.view("told", agreement=agreement, limit=limit, after=after)
    rows = [
        {
            "instrument": r["instrument"]["id"],
            "party": r["party"],
            "kind": r["instrument"]["kind"],
            "title": r["instrument"]["title"],
            "recorded": r["recorded"],
        }
        for r in page["rows"]
    ]
    return Out(page, lambda screen: screen.page({**page, "rows": rows}))


@command(letter, "show", node=True)
def show(run: Run, letter: Letter) -> Out:
    """A letter, with its text."""
    value = run.view("letter", letter=letter)

    def draw(screen: Screen) -> None:
        rest = {k: v for k, v in value.items() if k not in ("paragraphs", "warnings")}
        screen.fields(rest)
        for paragraph in value["paragraphs"]:
            screen.line(paragraph)
        for name in value["warnings"]:
            screen.line(screen.words("out_of_order", what=screen.words.label(f"warn_{name}")))

    return Out(value, draw)


@command(letter, "print", node=True)
def print_(
    run: Run,
    letter: Letter,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The PDF to write.")],
) -> Out:
    """Print a letter as PDF/A. What is not issued yet is stamped as a draft."""
    from gsomia.canon import digest, parse_instant
    from gsomia.cli.files import write_out
    from gsomia.cli.paper import sheet
    from gsomia.printing import pdf

    value = run.view("letter", letter=letter)
    at = parse_instant(value["drafted_at"], "letter")
    data = pdf("letter", sheet(value, node_pack(run, value["agreement"])), at)
    write_out(out, [data])
    return Out({"letter": letter, "file": str(out), "bytes": len(data), "digest": digest(data)})


# -- contested ground ---------------------------------------------------------------------------


@command(agreements, "policy", signed=True)
def policy(
    run: Run,
    agreement: AnAgreement,
    set_: Annotated[
        str | None,
        typer.Option("--set", help="allow, second-pair, refuse or other-route."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option("--reading", help="The held reading that is relied on.")
    ] = None,
    reason: Reason = "",
) -> Out:
    """What this node does where the readings of an agreement differ; with --set, decide it."""
    from gsomia.desk.policy import POLICIES
    from gsomia.faults import BadInput, shown

    party = run.door().do("standing", {})["party"]
    found = run.view("policy", agreement=agreement, party=party)
    if set_ is None:
        if reading is not None or reason:
            raise BadInput("--set, to decide anything", "none", "policy")
        return Out(found, lambda screen: _show_policy(screen, found))
    named = {p.replace("_", "-"): p for p in POLICIES}
    if set_ not in named:
        raise BadInput("one of " + ", ".join(named), shown(set_), "--set")
    answer = run.officer().set_policy(agreement, named[set_], reading or found["reading"], reason)
    return run.did(answer, "desk.set-policy")


def _show_policy(screen: Screen, value: dict[str, Any]) -> None:
    label = screen.words.label
    apart = ("policy", "policies", "reading", "readings")
    told = {
        "agreement": value["agreement"],
        "policy": label(value["policy"]),
        "policies": [f"{p.replace('_', '-')}: {label(p)}" for p in value["policies"]],
        "reading_relied_on": value["reading"],
        "held_readings": value["readings"],
    }
    screen.fields(told | {k: v for k, v in value.items() if k not in apart})


# -- normalisation -----------------------------------------------------------------------------


@command(agreements, "normalise", signed=True)
def normalise(
    run: Run,
    agreement: AnAgreement,
    notice: Annotated[str, typer.Option("--notice", help="The notice of termination.")],
    suspension: Annotated[str, typer.Option("--suspension", help="Its suspension.")],
    dated: Annotated[
        str | None, typer.Option("--dated", metavar="ISO", help="The date a letter bears.")
    ] = None,
    at: When = None,
    place: Annotated[str, typer.Option("--place", help="Where the note is handed over.")] = "",
    to: Annotated[str, typer.Option("--to", help="Into whose hands.")] = "",
    language: Annotated[
        Lang | None, typer.Option("--language", help="The letters' own language.")
    ] = None,
    peer: Peer = None,
    stand: Annotated[bool, typer.Option("--stand", help="Only show where it stands.")] = False,
) -> Out:
    """Take the next step towards withdrawing a notice and its suspension by one note.

    Each officer in turn runs the same command: the ministry's letter is drafted, signed off
    and issued; the note is drafted, signed off, issued and handed over; the other side records
    its receipt. Without --key, or with --stand, it shows where that stands.
    """
    from gsomia.cli.normalising import Papers, step

    asked = {"agreement": agreement, "notice": notice, "suspension": suspension}
    party = run.door().do("standing", {})["party"]
    found = run.view("normalisation", party=party, **asked)
    if stand or run.unsigned or found["next"] is None or not found["next"]["ours"]:
        return Out(found, lambda screen: _show_stand(screen, found))
    officer = run.officer()
    papers = Papers(
        agreement,
        (notice, suspension),
        (language or Lang(run.words.lang)).value,
        None if dated is None else _moment(dated, "--dated"),
        _moment(at, "--at"),
        place,
        to,
        partner(run, agreement, peer),
    )
    answer = step(officer, papers, found)
    if not answer.granted:
        return run.did(answer, found["next"]["step"])
    after = run.view("normalisation", party=party, **asked)
    value: dict[str, Any] = {
        **after,
        "taken": found["next"]["step"],
        "warnings": answer.told.get("warnings", []),
    }
    return Out(value, lambda screen: _show_stand(screen, value))


def _show_stand(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    rows = [
        {
            "step": words.label(f"step_{s['step']}"),
            "role": words.label(s["role"]),
            "taken": s["done"],
            "by": s["by"],
            "letter": s["letter"] or s["instrument"],
        }
        for s in value["steps"]
    ]
    screen.table(rows, title=f"{value['agreement']}: {value['notice']}, {value['suspension']}")
    for name in value.get("warnings", ()):
        screen.line(words("out_of_order", what=words.label(f"warn_{name}")))
    if value["next"] is None:
        screen.line(words("normalised", status=words.label(value["status"])))
        return
    named = {
        "step": words.label(f"step_{value['next']['step']}"),
        "role": words.label(value["next"]["role"]),
        "status": words.label(value["status"]),
    }
    if value["next"]["ours"]:
        screen.line(words("next_step", **named))
    else:
        screen.line(words("partners_step", **named))
