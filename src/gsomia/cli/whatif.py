"""What a hypothesis would do to an agreement, and to a node's register. Nothing is recorded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.differing import difference_rows
from gsomia.cli.lookup import is_file, lifecycle_of, node_pack
from gsomia.cli.run import Run, now
from gsomia.cli.say import Out, Screen

if TYPE_CHECKING:
    from datetime import datetime

    from gsomia.agreement import Pack
    from gsomia.agreement.hypothesis import Hypothesis

_HYPOTHESES = "--instrument, --suppose, --notice-by, --lift-suspension, --terminated-at"


def what_if(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement, or a pack of your own.")],
    instrument: Annotated[
        Path | None,
        typer.Option("--instrument", metavar="FILE", help="Suppose the one instrument of a file."),
    ] = None,
    suppose: Annotated[
        Path | None,
        typer.Option("--suppose", metavar="FILE", help="A file with a hypothesis."),
    ] = None,
    notice_by: Annotated[
        str | None,
        typer.Option("--notice-by", metavar="AAA", help="Suppose a party's notice, at --at."),
    ] = None,
    lift_suspension: Annotated[
        bool,
        typer.Option("--lift-suspension", help="Suppose that suspensions are withdrawn, at --at."),
    ] = False,
    terminated_at: Annotated[
        str | None,
        typer.Option("--terminated-at", metavar="ISO", help="Suppose that it ends at an instant."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="ISO", help="Instant with offset; now unless given."),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ISO",
            help="Beginning, with offset; else now, or what is supposed if that is earlier.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="ISO", help="End, with offset; else two years later."),
    ] = None,
    reading: Annotated[
        str | None, typer.Option("--reading", help="One reading's own answer.")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="Only this group of the register, in full.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="Rows of each group.")] = 10,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this row.")] = None,
) -> Out:
    """The status along time as it is, and as it would be. Nothing is recorded.

    Counted beside the instruments that ship with the agreement. With a node: beside those
    that its desk recorded too, and what would lose its ground in its register.
    """
    from gsomia.agreement import counting
    from gsomia.agreement.hypothesisfile import read_hypothesis
    from gsomia.agreement.whatif import what_if_json
    from gsomia.canon import instant
    from gsomia.faults import BadInput

    pack = node_pack(run, agreement)
    moment = None if at is None else counting.read_instant(at, "--at")
    chosen = {
        "--instrument": instrument,
        "--suppose": suppose,
        "--notice-by": notice_by,
        "--lift-suspension": lift_suspension or None,
        "--terminated-at": terminated_at,
    }
    text, where = _text(pack, {k: v for k, v in chosen.items() if v is not None}, moment)
    hypothesis = read_hypothesis(text, where)
    begin = _begin(hypothesis) if from_ is None else counting.read_instant(from_, "--from")
    end = begin + timedelta(days=731) if to is None else counting.read_instant(to, "--to")
    if run.names_node and not is_file(agreement):
        asked = {
            "agreement": pack.id,
            "hypothesis": text.decode(),
            "from": instant(begin),
            "to": instant(end),
            "limit": str(limit),
            "now": instant(now()),
        }
        more = {"reading": reading, "group": group, "after": after}
        value = run.door().do("what-if", asked | {k: v for k, v in more.items() if v is not None})
        if group is not None:
            return Out(value, lambda screen: _show_page(screen, group, value))
        return Out(value, lambda screen: _show(screen, value))
    if group is not None or after is not None:
        raise BadInput("--node DIR, whose register is meant", "none", "--group")
    value = what_if_json(lifecycle_of(agreement), hypothesis, begin, end, reading)[0]
    return Out(value, lambda screen: _show(screen, value))


def _text(pack: Pack, chosen: dict[str, Any], at: datetime | None) -> tuple[bytes, str]:
    """The hypothesis in its file form, and what to call it in a message. Raises `BadInput`."""
    from gsomia.agreement import counting
    from gsomia.agreement.hypothesisfile import write_hypothesis
    from gsomia.canon import instant
    from gsomia.cli.files import read_small
    from gsomia.faults import BadInput

    if len(chosen) != 1:
        got = " and ".join(chosen) or "none"
        raise BadInput(f"one hypothesis: {_HYPOTHESES}", got, "what-if")
    ((option, value),) = chosen.items()
    if at is not None and option not in ("--notice-by", "--lift-suspension"):
        raise BadInput("--at only beside --notice-by or --lift-suspension", option, "--at")
    when = instant(at or now())
    match option:
        case "--suppose":
            return read_small(value, "hypothesis"), value.name
        case "--instrument":
            one: dict[str, Any] = {"what": "instrument", "instrument": _paper(value, pack.id)}
        case "--notice-by":
            one = {"what": "notice", "by": value, "at": when}
        case "--lift-suspension":
            one = {"what": "lift_suspension", "at": when}
        case _:
            one = {"what": "end", "at": instant(counting.read_instant(value, option))}
    return write_hypothesis(pack.id, [one]), option


def _paper(file: Path, agreement_id: str) -> Any:
    """The only instrument of a file, which must be of this agreement. Raises `BadInput`."""
    from gsomia.canon import builtins
    from gsomia.cli.instrumentfiles import read_forms
    from gsomia.faults import BadInput, shown

    name, forms = read_forms(file)
    if name != agreement_id:
        raise BadInput(f"instruments of {agreement_id}", f"of {shown(name)}", file.name)
    if len(forms) != 1:
        raise BadInput("one instrument: ask about one at a time", str(len(forms)), file.name)
    return {k: v for k, v in builtins(forms[0]).items() if v is not None}


def _begin(hypothesis: Hypothesis) -> datetime:
    """Now, or the first thing supposed where that is earlier."""
    from gsomia.agreement.hypothesis import Ended, Lifted, Notice

    found = [one.at for one in hypothesis.suppose if isinstance(one, Notice | Lifted | Ended)]
    return min((now(), *found))


# -- for people -------------------------------------------------------------------


_SPAN = ("begin", "end", "status", "contestable")
_CHANGE = ("begin", "end", "before", "after", "contestable_before", "contestable_after")
_DAY = ("date", "what", "reading", "article", "verified", "held")
_EFFECTS = ("loses_ground", "in_doubt", "stays_protected")


def _show(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    for row in value["suppositions"]:
        rest = {k: v for k, v in row.items() if k != "what"}
        _table(screen, [{"what": row["what"], **rest}], "suppositions")
    _table(screen, value["papers"], "papers", "id", "kind", "title", "legal_effect", "verified")
    top = {name: value[name] for name in ("from", "to", "reading")}
    top |= {"verified": words.flag(value["verified"]), "revives": value["revives"]}
    screen.fields(top, value["agreement"])
    _table(screen, value["needs"], "needs_first", "what", "parties", "article", "verified")
    for name, columns in (("before", _SPAN), ("after", _SPAN), ("changes", _CHANGE)):
        rows = [{k: _word(words, k, v) for k, v in row.items()} for row in value[name]]
        screen.table(rows, *columns, title=words.label(name))
    for name in ("created", "removed"):
        _table(screen, value["days"][name], f"days_{name}", *_DAY)
    _table(screen, difference_rows(words, value.get("differences", [])), "differences")
    if "impact" in value:
        _show_impact(screen, value)
    screen.line(words("not_recorded"))


def _table(screen: Screen, rows: list[dict[str, Any]], title: str, *columns: str) -> None:
    """Rows with their codes as words; nothing at all where there are none."""
    words = screen.words
    if rows:
        shown = [{k: _word(words, k, v) for k, v in row.items()} for row in rows]
        screen.table(shown, *columns, title=words.label(title))


def _word(words: Any, name: str, value: Any) -> Any:
    """A value in the user's words, where it is a code; else as it is."""
    match name:
        case "verified":
            return None if value is None else words.flag(value)
        case "article":
            return words.article(value)
        case "articles":
            return [words.article(one) for one in value]
        case "legal_effect":
            return words.label(f"effect_{value}")
        case "what" | "status" | "before" | "after" | "effect" | "state" | "group":
            return words.label(value)
    return value


def _show_impact(screen: Screen, value: dict[str, Any]) -> None:
    """The register: a line for each group, then the first things of each."""
    words = screen.words
    top = {"registered": value["items"]["registered"], "transfer_ends": value["transfer_ends"]}
    screen.fields(top, words.label("impact"))
    groups = sorted(value["impact"].items(), key=lambda g: _EFFECTS.index(g[1]["effect"]))
    rows = [{"group": name, **group} for name, group in groups]
    shown = [{k: _word(words, k, v) for k, v in row.items()} for row in rows]
    screen.table(shown, "group", "effect", "count", "articles", "verified")
    for name, group in groups:
        if group["rows"]:
            _table(screen, group["marks"], name, "originator", "mark", "local_mark", "count")
            _show_page(screen, "" if group["marks"] else name, {**group, "total": group["count"]})


def _show_page(screen: Screen, name: str, page: dict[str, Any]) -> None:
    words = screen.words
    rows = [{k: _word(words, k, v) for k, v in row.items()} for row in page["rows"]]
    first = ("id", *(k for k in (rows[0] if rows else ()) if k != "id"))
    screen.page({**page, "rows": rows}, *first, title=words.label(name) if name else "")
