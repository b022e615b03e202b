"""Stamping a copy of an item, and reading which marks a file shows. No node is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.label.labels import label
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import DONE, REFUSED, Out, Screen
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from gsomia.marking import Mark, Refused, Scheme

PartyOption = Annotated[
    str, typer.Option("--party", metavar="AAA", help="Who holds the copy: whose mark stands on it.")
]


@command(label, "stamp")
def stamp(
    run: Run,
    file: Annotated[
        Path, typer.Argument(help="The item's content: PDF, .docx, PNG, JPEG or text in UTF-8.")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new file: the stamped copy.")],
    party: PartyOption,
    mark: Annotated[str, typer.Option("--mark", help="The holder's mark.")],
    number: Annotated[str, typer.Option("--number", help="The item's control number.")],
    copy: Annotated[str, typer.Option("--copy", metavar="X/Y", help="Which copy of how many.")],
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="AAA", help="Who gave it, for a received item."),
    ] = None,
    original: Annotated[
        str | None, typer.Option("--original", help="Its mark as the giver issued it.")
    ] = None,
    agreement: Annotated[
        str | None,
        typer.Option("--agreement", help="Under which it came; needed if several bind both."),
    ] = None,
    releasable_to: Annotated[
        list[str] | None,
        typer.Option(
            "--releasable-to",
            metavar="AAA",
            help="May be repeated; the holder and the giver unless given.",
        ),
    ] = None,
    caveat: Annotated[list[str] | None, typer.Option("--caveat", help="May be repeated.")] = None,
    may_break_signature: Annotated[
        bool,
        typer.Option("--break-signature", help="Stamp a signed PDF although that breaks it."),
    ] = False,
) -> Out:
    """Stamp one copy of an item: marks, originator and number at top and bottom of every page."""
    del run
    from gsomia.cli.files import check_new, read_small, write_out
    from gsomia.documents import MAX_FILE, copy_of, sheet
    from gsomia.documents import stamp as stamp_file
    from gsomia.marking import Mark, scheme_of

    check_new(out)
    one, of = copy_of(copy)
    scheme = scheme_of(party)
    if (from_ is None) != (original is None):
        raise BadInput("--from and --original together", "one of them", "label stamp")
    released = releasable_to or [p for p in (party, from_) if p]
    made = _mark(scheme, mark, from_, original, agreement, released, caveat or ())
    if not isinstance(made, Mark):
        return _refused(made, original or mark)
    told = sheet(scheme, made, number, one, of)
    where = shown(file.name)
    data = read_small(file, where, MAX_FILE)
    kind, stamped = stamp_file(data, told, where, may_break_signature=may_break_signature)
    size = write_out(out, [stamped])
    value: dict[str, Any] = {
        "file": str(out),
        "kind": kind.value,
        "size": size,
        "stamp": list(told.lines()),
        "resting_on_usage": list(told.unverified),
    }
    return Out(value, lambda screen: _show_stamped(screen, value))


def _show_stamped(screen: Screen, value: dict[str, Any]) -> None:
    usage = [screen.words.label(f"usage_{name}") for name in value["resting_on_usage"]]
    screen.fields({**value, "resting_on_usage": usage})


def _mark(
    scheme: Scheme,
    mark: str,
    from_: str | None,
    original: str | None,
    agreement: str | None,
    released: list[str],
    caveats: list[str] | tuple[str, ...],
) -> Mark | Refused:
    """The mark of an own item, or of a received one by the agreement's level table."""
    from gsomia.agreement import shipped
    from gsomia.agreement.correspondence import equivalence_of
    from gsomia.marking import Original, Releasability, own, received

    releasable = Releasability.parse(released, "--releasable-to")
    if from_ is None or original is None:
        return own(scheme, mark, releasable, caveats)
    if from_ == scheme.owner:
        raise BadInput("another party than the holder", shown(from_), "--from")
    pack = shipped(agreement or _only_agreement(scheme.owner, from_))
    return received(
        scheme,
        equivalence_of(pack),
        Original(from_, original),
        mark,
        at=now(),
        releasable_to=releasable,
        caveats=caveats,
    )


def _only_agreement(party: str, other: str) -> str:
    """The one agreement that binds both. Raises `BadInput` for none or several."""
    from gsomia.agreement import shipped, shipped_ids

    found = [name for name in shipped_ids() if {party, other} <= set(shipped(name).codes)]
    if len(found) != 1:
        told = ", ".join(found) if found else "none"
        raise BadInput("one agreement that binds both, or --agreement", told, "--agreement")
    return found[0]


def _refused(answer: Refused, mark: str) -> Out:
    from gsomia.canon import builtins
    from gsomia.cli.catalogue import show_refused

    def show(screen: Screen) -> None:
        show_refused(screen, mark, answer)

    return Out(builtins(answer), show, REFUSED)


@command(label, "marks")
def marks(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A file of any kind.")],
    party: Annotated[str, typer.Option("--party", metavar="AAA", help="Whose marks to look for.")],
    mark: Annotated[
        str | None, typer.Option("--mark", help="The mark it should show; 1 if it shows another.")
    ] = None,
) -> Out:
    """Read which marks a file shows, and where. Without --mark nothing is compared."""
    del run
    from gsomia.canon import builtins
    from gsomia.cli.files import open_source
    from gsomia.documents import read_marks
    from gsomia.marking import require, scheme_of

    scheme = scheme_of(party)
    expected = None if mark is None else require(scheme, mark, "--mark").mark
    source, _ = open_source(file, "file")
    with source:
        found = read_marks(iter(lambda: source.read(1 << 20), b""), party, shown(file.name))
    value: dict[str, Any] = {"file": str(file), **builtins(found)}
    code = DONE
    if expected is not None:
        held = [seen.mark for seen in found.seen]
        agrees = expected in held and scheme.covers((expected,), held)
        value |= {"expected_mark": expected, "outcome": _outcome(bool(found.why), held, agrees)}
        code = REFUSED if held and not agrees else DONE
    return Out(value, lambda screen: _show_marks(screen, value), code)


def _outcome(unexamined: bool, held: list[str], agrees: bool) -> str:
    if unexamined:
        return "not_examined"
    return "agrees" if agrees else "differs" if held else "shows_none"


def _show_marks(screen: Screen, value: dict[str, Any]) -> None:
    from gsomia.cli.label.stamptexts import place_text

    words = screen.words
    screen.fields(
        {
            "file": value["file"],
            "kind": value["kind"],
            **({"expected_mark": value["expected_mark"]} if "expected_mark" in value else {}),
            "outcome": words.label(value.get("outcome") or _read(value)),
            **({"why": words.label(f"why_{value['why']}")} if value["why"] else {}),
            **({"error": value["error"]} if value["error"] else {}),
        }
    )
    rows = [
        {"where": place_text(words, s["place"], s["number"]), "mark": s["mark"], "text": s["text"]}
        for s in value["seen"]
    ]
    if rows:
        screen.table(rows)


def _read(value: dict[str, Any]) -> str:
    return "not_examined" if value["why"] else "shows" if value["seen"] else "shows_none"
