"""Stamping a copy of an item, and reading which marks a file shows. No node is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.label.labels import (
    AsOfOption,
    LanguageOption,
    LenientOption,
    label,
    label_bytes,
)
from gsomia.cli.label.marked import Marked, found_marking, label_of
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import DONE, REFUSED, Out, Screen
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from gsomia.documents import Sheet
    from gsomia.marking import Mark, Refused, Scheme

LabelOption = Annotated[
    Path | None, typer.Option("--label", metavar="LABEL", help="A label of STANAG 4774.")
]
MarkingPolicyOption = Annotated[
    Path | None, typer.Option("--policy", metavar="SPIF", help="The label's policy.")
]


@command(label, "stamp")
def stamp(
    run: Run,
    file: Annotated[
        Path, typer.Argument(help="The item's content: PDF, .docx, PNG, JPEG or text in UTF-8.")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new file: the stamped copy.")],
    party: Annotated[
        str | None,
        typer.Option("--party", metavar="AAA", help="Who holds the copy: whose mark stands on it."),
    ] = None,
    mark: Annotated[str | None, typer.Option("--mark", help="The holder's mark.")] = None,
    number: Annotated[
        str | None, typer.Option("--number", help="The item's control number.")
    ] = None,
    copy: Annotated[
        str | None, typer.Option("--copy", metavar="X/Y", help="Which copy of how many.")
    ] = None,
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
    label_: LabelOption = None,
    policy: MarkingPolicyOption = None,
    language: LanguageOption = "",
    lenient: LenientOption = False,
    as_of: AsOfOption = None,
    may_break_signature: Annotated[
        bool,
        typer.Option("--break-signature", help="Stamp a signed PDF although that breaks it."),
    ] = False,
) -> Out:
    """Stamp one copy of an item: marks, originator and number at top and bottom of every page.

    By a mark of --party; or by --label, with the marking that its --policy gives it: then the
    label is bound inside too.
    """
    from gsomia.cli.files import check_new, read_small, write_out
    from gsomia.documents import MAX_FILE, Kind
    from gsomia.documents import stamp as stamp_file

    check_new(out)
    if label_ is not None or policy is not None:
        own = (party, mark, from_, original, agreement, releasable_to, caveat)
        if label_ is None or policy is None or any(own):
            expected = "--label and --policy together, and none of the options of a mark"
            raise BadInput(expected, "others", "label stamp")
        asked = Marked.of(label_, policy, lenient, language, as_of)
        told: Sheet | Out = asked.sheet(run, number, copy)
    else:
        told = _of_mark(
            party, mark, number, copy, from_, original, agreement, releasable_to, caveat
        )
    if isinstance(told, Out):
        return told
    where = shown(file.name)
    data = read_small(file, where, MAX_FILE)
    inside = None if label_ is None else label_bytes(label_)
    kind, stamped = stamp_file(
        data, told, where, may_break_signature=may_break_signature, label=inside
    )
    size = write_out(out, [stamped])
    value: dict[str, Any] = {
        "file": str(out),
        "kind": kind.value,
        "size": size,
        "stamp": list(dict.fromkeys(t for place in told.places for t in told.lines(place))),
        "resting_on_usage": list(told.unverified),
    }
    if label_ is not None:
        value["label_inside"] = kind is not Kind.TEXT
    return Out(value, lambda screen: _show_stamped(screen, value))


def _of_mark(
    party: str | None,
    mark: str | None,
    number: str | None,
    copy: str | None,
    from_: str | None,
    original: str | None,
    agreement: str | None,
    releasable_to: list[str] | None,
    caveat: list[str] | None,
) -> Sheet | Out:
    """The stamp of a mark of the holder's own scheme, or why it may not be."""
    from gsomia.documents import copy_of, sheet
    from gsomia.marking import Mark, scheme_of

    needed = {"--party": party, "--mark": mark, "--number": number, "--copy": copy}
    lacking = [name for name, given in needed.items() if given is None]
    if party is None or mark is None or number is None or copy is None:
        expected = "--party, --mark, --number and --copy; or --label and --policy"
        raise BadInput(expected, f"no {lacking[0]}", "label stamp")
    one, of = copy_of(copy)
    scheme = scheme_of(party)
    if (from_ is None) != (original is None):
        raise BadInput("--from and --original together", "one of them", "label stamp")
    released = releasable_to or [p for p in (party, from_) if p]
    made = _mark(scheme, mark, from_, original, agreement, released, caveat or ())
    if not isinstance(made, Mark):
        return _refused(made, original or mark)
    return sheet(scheme, made, number, one, of)


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
    from gsomia.cli.equivalent import show_refused

    def show(screen: Screen) -> None:
        show_refused(screen, mark, answer)

    return Out(builtins(answer), show, REFUSED)


@command(label, "marks")
def marks(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A file of any kind.")],
    party: Annotated[
        str | None, typer.Option("--party", metavar="AAA", help="Whose marks to look for.")
    ] = None,
    mark: Annotated[
        str | None, typer.Option("--mark", help="The mark it should show; 1 if it shows another.")
    ] = None,
    policy: MarkingPolicyOption = None,
    label_: LabelOption = None,
    language: LanguageOption = "",
    lenient: LenientOption = False,
    as_of: AsOfOption = None,
) -> Out:
    """Read which marks of --party a file shows, and where. Without --mark nothing is compared.

    With --policy instead: whether the file shows, at every place, the marking of its label. The
    label is the one inside it or beside it, or --label. Exit code 1 unless every place shows it.
    """
    from gsomia.canon import builtins
    from gsomia.cli.files import open_source
    from gsomia.documents import Place, read_marks
    from gsomia.marking import require, scheme_of

    if policy is not None and party is None and mark is None:
        held = label_of(file, label_, policy, lenient)
        asked = Marked.made(held, str(label_ or file), policy, lenient, language, as_of)
        return found_marking(run, file, asked)
    if party is None or policy is not None or label_ is not None:
        got = "others" if party or policy or label_ else "neither"
        raise BadInput("--party, or --policy without --party and --mark", got, "label marks")
    scheme = scheme_of(party)
    expected = None if mark is None else require(scheme, mark, "--mark").mark
    source, _ = open_source(file, "file")
    with source:
        found = read_marks(iter(lambda: source.read(1 << 20), b""), party, shown(file.name))
    value: dict[str, Any] = {"file": str(file), **builtins(found)}
    code = DONE
    if expected is not None:
        held_marks = [seen.mark for seen in found.seen]
        agrees = expected in held_marks and scheme.covers((expected,), held_marks)
        labelled = {seen.mark for seen in found.seen if seen.place is Place.LABEL}
        agrees = agrees and labelled <= {expected}
        outcome = _outcome(bool(found.why), held_marks, agrees)
        value |= {"expected_mark": expected, "outcome": outcome}
        code = REFUSED if held_marks and not agrees else DONE
    return Out(value, lambda screen: _show_marks(screen, value), code)


def _outcome(unexamined: bool, held: list[str], agrees: bool) -> str:
    if unexamined:
        return "not_examined"
    return "agrees" if agrees else "differs" if held else "shows_none"


def _show_marks(screen: Screen, value: dict[str, Any]) -> None:

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
        {"where": words.place(s["place"], s["number"]), "mark": s["mark"], "text": s["text"]}
        for s in value["seen"]
    ]
    if rows:
        screen.table(rows)


def _read(value: dict[str, Any]) -> str:
    return "not_examined" if value["why"] else "shows" if value["seen"] else "shows_none"
