"""The exchange with a partner: cards, transmittals, notices, alarms."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from gsomia.cli.lookup import node_pack
from gsomia.cli.people import After, Facility, Limit
from gsomia.cli.run import Run, command
from gsomia.cli.say import REFUSED, Out, Screen
from gsomia.faults import BadInput, shown
from gsomia.shapes import from_plain

peer = typer.Typer(help="Partners' nodes.")
transmittal = typer.Typer(help="Transmittals: what goes out, what comes in.")
notice = typer.Typer(help="Notices: questions and answers between the two sides.")

Peer = Annotated[str, typer.Argument(help="The partner's registry, like JPN-DIH1.")]
Number = Annotated[str, typer.Argument(help="A transmittal's register number.")]
OnlyPeer = Annotated[str | None, typer.Option("--peer", help="Only with this partner.")]
Fields = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="What the notice says.")
]


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(peer, name="peer", no_args_is_help=True)
    app.add_typer(transmittal, name="transmittal", no_args_is_help=True)
    app.add_typer(notice, name="notice", no_args_is_help=True)
    command(app, "alarms", node=True)(alarms)


# -- partners -----------------------------------------------------------------------


@command(peer, "trust", signed=True)
def trust(
    run: Run,
    card: Annotated[Path, typer.Argument(help="The partner's card.")],
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="As the partner read it out to you.")
    ],
) -> Out:
    """Trust a partner's card, once you have compared its fingerprint with the partner."""
    from gsomia.cli.files import read_small
    from gsomia.exchange.card import open_card

    data = read_small(card, "card")
    open_card(data)
    return run.did(run.officer().trust(data, fingerprint), "exchange.trust")


@command(peer, "list", node=True)
def list_peers(run: Run, limit: Limit = 100, after: After = None) -> Out:
    """Trusted partners, and how the numbering with each stands."""
    page = run.view("peers", limit=limit, after=after)
    columns = (
        "registry",
        "party",
        "authority",
        "named",
        "name",
        "serial",
        "fingerprint",
        "trusted_at",
        "lines",
    )
    return Out(page, lambda screen: screen.page(page, *columns))


def alarms(run: Run, peer: OnlyPeer = None, limit: Limit = 100, after: After = None) -> Out:
    """What a person must look at: gaps, conflicts, rewritten histories, losses.

    A gap is settled from the instant at which all that was missing has arrived. It stays listed
    here, and is no longer due on the desk.
    """
    from gsomia.cli.alarmtexts import in_words

    page = run.view("alarms", peer=peer, limit=limit, after=after)
    columns = ("at", "peer", "alarm", "text", "settled_at")

    def show(screen: Screen) -> None:
        rows = [in_words(screen.words.lang, row) for row in page["rows"]]
        screen.page({**page, "rows": rows}, *columns)

    return Out(page, show)


# -- transmittals -------------------------------------------------------------------


@command(transmittal, "dispatch", signed=True)
def dispatch(
    run: Run,
    request: Annotated[list[str], typer.Argument(help="Approved requests.")],
    precedence: Annotated[
        str, typer.Option("--precedence", help="Z flash, O immediate, P priority, R routine.")
    ] = "R",
    courier: Annotated[
        bool, typer.Option("--courier", help="By courier: it waits to be exported.")
    ] = False,
) -> Out:
    """Send released items in one transmittal."""
    channel = "courier" if courier else "network"
    return run.did(run.officer().dispatch(request, precedence, channel), "exchange.dispatch")


@command(transmittal, "cancel", signed=True)
def cancel(
    run: Run,
    peer: Peer,
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
) -> Out:
    """Cancel what has not left; its number goes out as a void."""
    return run.did(run.officer().cancel(peer, number, reason), "exchange.cancel")


@command(transmittal, "list", node=True)
def list_(
    run: Run,
    incoming: Annotated[bool, typer.Option("--in/--out", help="Received, or ours.")] = False,
    peer: OnlyPeer = None,
    state: Annotated[str | None, typer.Option("--state", help="Only in this state.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """Transmittals of ours, or with --in those received."""
    name = "incoming" if incoming else "outgoing"
    page = run.view(name, peer=peer, state=state, limit=limit, after=after)
    columns = ("peer", "number", "precedence", "what", "state")
    more = ("received_at", "key_part") if incoming else ("ordered_at", "receipt", "acceptance")
    return Out(page, lambda screen: screen.page(page, *columns, *more))


@command(transmittal, "show", node=True)
def show(
    run: Run,
    peer: Peer,
    number: Number,
    incoming: Annotated[
        bool | None,
        typer.Option("--in/--out", help="Received, or ours. Else ours, or what came if none is."),
    ] = None,
) -> Out:
    """One transmittal, with its items and receipts. Their signatures: `--json`."""
    direction = None if incoming is None else "in" if incoming else "out"
    found = run.view("transmittal", peer=peer, number=number, direction=direction)
    return Out(found, lambda screen: screen.fields({**found, **_unsigned(found)}))


def _unsigned(found: dict[str, Any]) -> dict[str, str]:
    """A transmittal's receipts as people see them: which form, and who signed; no signatures."""
    notes = {name: found.get(name) for name in ("receipt", "acceptance")}
    return {name: _form_and_signers(note) for name, note in notes.items() if note}


def _form_and_signers(note: str) -> str:
    form, _, rest = note.partition("\n")
    lines = rest.rpartition("\n\n")[2].splitlines()
    signers = dict.fromkeys(line.split(" ")[1] for line in lines if line.startswith("— "))
    return ", ".join((form, *signers))


@command(transmittal, "accept", signed=True)
def accept(
    run: Run,
    peer: Peer,
    number: Number,
    facility: Facility,
    mark: Annotated[
        list[str] | None,
        typer.Option("--mark", metavar="[REFERENCE=]MARK", help="Your mark, for one item or all."),
    ] = None,
    refuse: Annotated[
        list[str] | None,
        typer.Option("--refuse", metavar="REFERENCE=REASON", help="Refuse one item."),
    ] = None,
) -> Out:
    """Mark and register what a transmittal brought, or refuse items (Art. 4(2))."""
    officer = run.officer()
    arrived = run.view("transmittal", peer=peer, number=number, direction="in")
    references = [i["reference"] for i in arrived.get("items", ())]
    lines = _lines(references, mark or [], refuse or [])
    return run.did(officer.accept(peer, number, facility, lines), "exchange.accept")


def _lines(references: list[str], marks: list[str], refusals: list[str]) -> list[Any]:
    """One line for each item. Raises `BadInput` for one without an answer, or with two."""
    from gsomia.exchange.commands import ReceivedLine

    refused = dict(_pair(text, references) for text in refusals)
    chosen = [_pair(text, references) for text in marks]
    each = {reference: mark for reference, mark in chosen if reference}
    general = [mark for reference, mark in chosen if not reference]
    wrong = len(general) > 1 or "" in refused or set(each) & set(refused)
    if wrong or len(each) + len(general) != len(chosen) or len(refused) != len(refusals):
        raise BadInput("one answer for each item", "more", "accept")
    lines = []
    for reference in references:
        mark = each.get(reference, general[0] if general else "")
        if reference in refused:
            line = ReceivedLine(reference, accepted=False, reason=refused[reference])
        elif mark:
            line = ReceivedLine(reference, accepted=True, mark=mark)
        else:
            raise BadInput("--mark or --refuse for each item", shown(reference), "accept")
        lines.append(line)
    return lines


def _pair(text: str, references: list[str]) -> tuple[str, str]:
    """`REFERENCE=VALUE`, or only a value. Raises `BadInput` for an item that did not come."""
    reference, equals, value = text.partition("=")
    if not equals:
        return "", text
    if reference not in references:
        raise BadInput("an item of the transmittal", shown(reference), "accept")
    return reference, value


@command(transmittal, "export", node=True)
def export(
    run: Run,
    peer: Peer,
    number: Number,
    out: Annotated[Path, typer.Option("-o", "--out", help="A new file.")],
) -> Out:
    """Write a sealed transmittal for a courier's medium: the same bytes as on the wire."""
    from gsomia.cli.files import check_new, write_out

    check_new(out)
    size = write_out(out, run.door().export(peer, number))
    return Out({"peer": peer, "number": number, "file": str(out), "size": size})


@command(transmittal, "import", node=True)
def import_(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A sealed transmittal.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the receipt, for the way back.")
    ] = None,
) -> Out:
    """Take in what a courier brought."""
    from gsomia.canon import unb64
    from gsomia.cli.files import check_new, open_source, write_out

    if out is not None:
        check_new(out)
    source, _ = open_source(file, "FILE")
    with closing(source):
        told = run.door().take(source)
    body = unb64(told["body"], "answer")
    kept = told["outcome"] in ("received", "repeated")
    value = {k: told[k] for k in ("outcome", "peer", "number")}
    value["receipt" if kept else "answer"] = body.decode("utf-8", "replace")
    if out is not None:
        write_out(out, [body])
    plain = {**value, "receipt": str(out)} if kept and out else value
    if kept and out is None:
        plain = {k: v for k, v in value.items() if k != "receipt"}
    return Out(value, lambda screen: screen.fields(plain), 0 if kept else REFUSED)


@command(transmittal, "receipt", node=True)
def receipt(
    run: Run,
    peer: Peer,
    number: Number,
    file: Annotated[Path, typer.Argument(help="The receipt that came back.")],
) -> Out:
    """File a delivery receipt that a courier brought back."""
    from gsomia.cli.files import read_small

    run.door().receipt(peer, number, read_small(file, "receipt"))
    return Out({"peer": peer, "number": number, "filed": True})


# -- notices ------------------------------------------------------------------------


@command(notice, "give", signed=True)
def give(
    run: Run,
    kind: Annotated[str, typer.Argument(help="What it is, like loss-suspected.")],
    peer: Annotated[str, typer.Option("--peer", help="The partner's registry.")],
    agreement: Annotated[str, typer.Option("--agreement", help="An agreement's id.")],
    fields: Fields = None,
) -> Out:
    """Give a notice. `gsomia notice kinds` tells what each says, and under which article."""
    about = _about(kind, fields or [])
    return run.did(run.officer().notify(peer, agreement, about), "exchange.notify")


@command(notice, "answer", signed=True)
def answer(
    run: Run,
    question: Annotated[str, typer.Argument(help="The id of the notice to answer.")],
    kind: Annotated[str, typer.Argument(help="What the answer is, like consent-granted.")],
    fields: Fields = None,
) -> Out:
    """Answer a notice. What question and answer both name is taken from the question."""
    officer = run.officer()
    asked = run.view("notice", id=question)
    about = _about(kind, fields or [], asked["about"])
    answer = officer.notify(asked["peer"], asked["agreement"], about, asked["id"])
    return run.did(answer, "exchange.notify")


@command(notice, "assure", signed=True)
def assure(
    run: Run,
    question: Annotated[str, typer.Argument(help="The id of the notice that asks.")],
    clearance: Annotated[
        str, typer.Option("--clearance", metavar="MARK", help="The clearance that is assured.")
    ] = "",
    no_need: Annotated[bool, typer.Option("--no-need", help="No official need.")] = False,
    no_protection: Annotated[
        bool, typer.Option("--no-protection", help="No equal protection under our law.")
    ] = False,
    refuse: Annotated[
        str, typer.Option("--refuse", metavar="REASON", help="Assure nothing, and say why.")
    ] = "",
) -> Out:
    """Assure the three points that must come before a release (Art. 7(5)), or refuse to."""
    from gsomia.exchange.notices import AssuranceGiven, AssuranceRefused

    if bool(clearance) == bool(refuse):
        raise BadInput("--clearance, or --refuse", "both" if refuse else "neither", "assure")
    officer = run.officer()
    asked = run.view("notice", id=question)
    if asked["kind"] != "assurance_asked":
        raise BadInput("a notice that asks for assurance", asked["kind"], "question")
    request = asked["about"]["request"]
    about = (
        AssuranceRefused(request, refuse)
        if refuse
        else AssuranceGiven(request, clearance, not no_need, not no_protection)
    )
    answer = officer.notify(asked["peer"], asked["agreement"], about, asked["id"])
    return run.did(answer, "exchange.notify")


@command(notice, "list", node=True)
def list_notices(
    run: Run,
    peer: OnlyPeer = None,
    open_: Annotated[bool, typer.Option("--open", help="Only questions without answer.")] = False,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """Notices given and received."""
    page = run.view("notices", peer=peer, open="yes" if open_ else None, limit=limit, after=after)
    columns = ("id", "ours", "peer", "kind", "about", "at", "may_be_answered_by", "answered_by")
    return Out(page, lambda screen: screen.page(page, *columns))


@command(notice, "kinds", node=True)
def kinds(
    run: Run,
    agreement: Annotated[
        str,
        typer.Option("--agreement", help="Whose articles to cite: an id, or a pack of your own."),
    ] = "rok-japan-2016",
) -> Out:
    """The kinds of notice: article, what each says, and what may answer it.

    A field in brackets may be left out. With `--json`, `needed` names the others.
    """
    from gsomia.agreement.provisions import provisions_of
    from gsomia.exchange.notices import FORMS

    places = provisions_of(node_pack(run, agreement))
    rows: list[dict[str, Any]] = [
        {
            "kind": name,
            "article": places.cite(form.article),
            "fields": list(_types()[name].__struct_fields__),
            "needed": _needed(_types()[name]),
            "may_be_answered_by": sorted(form.answers),
        }
        for name, form in FORMS.items()
    ]

    def show(screen: Screen) -> None:
        screen.table([_kind_seen(screen, row) for row in rows])

    return Out(rows, show)


def _kind_seen(screen: Screen, row: dict[str, Any]) -> dict[str, Any]:
    """A kind of notice as people see it."""
    fields = [f if f in row["needed"] else f"[{f}]" for f in row["fields"]]
    seen = {**row, "article": screen.words.article(row["article"]), "fields": fields}
    del seen["needed"]
    return seen


def _types() -> dict[str, Any]:
    """Every kind of notice and its type."""
    from typing import get_args

    from gsomia.exchange.notices import About

    return {str(t.__struct_config__.tag): t for t in get_args(About)}


def _needed(type_: Any) -> list[str]:
    """The fields that a kind of notice cannot do without."""
    import msgspec

    return [f.name for f in msgspec.structs.fields(type_) if f.required]


_INSTANTS = frozenset({"discovered_at", "effective_at", "marked_at", "until", "valid_from"})
"""Fields that hold an instant: any offset may be given, and UTC is what travels."""


def _about(kind: str, given: list[str], question: dict[str, Any] | None = None) -> Any:
    """What a notice says, from NAME=VALUE texts. Raises `BadInput`.

    A name may be repeated where the notice holds several; yes and no stand for
    true and false; an instant has any offset.
    """
    import msgspec

    from gsomia.canon import instant, parse_instant

    types = _types()
    tag = kind.replace("-", "_")
    if tag not in types:
        raise BadInput("a kind of notice: " + ", ".join(types), shown(kind), "notice")
    known = {f.name: f for f in msgspec.inspect.type_info(types[tag]).fields}  # type: ignore[attr-defined]  # a struct's
    several = {n for n, f in known.items() if isinstance(f.type, msgspec.inspect.VarTupleType)}
    flags = {n for n, f in known.items() if isinstance(f.type, msgspec.inspect.BoolType)}
    value: dict[str, Any] = {n: v for n, v in (question or {}).items() if n in known}
    said: dict[str, Any] = {}
    for text in given:
        name, equals, part = text.partition("=")
        if not equals or name not in known:
            raise BadInput("NAME=VALUE, NAME one of " + ", ".join(known), shown(text), tag)
        if name in several:
            said.setdefault(name, []).append(part)
        elif name in said:
            raise BadInput("each name once", f"{name} twice", tag)
        elif name in _INSTANTS and part:
            said[name] = instant(parse_instant(part, name))
        elif name in flags:
            if part not in ("yes", "no"):
                raise BadInput("yes or no", shown(part), name)
            said[name] = part == "yes"
        else:
            said[name] = part
    missing = [n for n in _needed(types[tag]) if n not in value and n not in said]
    if missing:
        raise BadInput("NAME=VALUE for " + ", ".join(missing), "none", tag)
    try:
        return from_plain({**value, **said}, types[tag], strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(f"what a notice {tag} says", shown(str(error)), "notice") from None
