"""The command that asks for a legal basis: which instruments permit a transfer, and how.

It needs no node and writes nothing. What rests on the catalogue carries its flags, and a node
sends under a pack alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.basistexts import BASIS_NOTES, CONDITIONS
from gsomia.cli.run import Run, now
from gsomia.cli.say import DONE, REFUSED, Out, Screen, warn
from gsomia.cli.statusnotes import told_note

if TYPE_CHECKING:
    from gsomia.agreement.basis import Answer, Condition, Question, Rejected, Route
    from gsomia.cli.words import Words


def basis(
    run: Run,
    originator: Annotated[
        str, typer.Option("--originator", metavar="AAA", help="Whose information it is.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="AAA", help="Who is to have it.")],
    mark: Annotated[
        str, typer.Option("--mark", help="The originator's mark, as the originator writes it.")
    ],
    subject: Annotated[
        str, typer.Option("--subject", help="What it is about; a wrong one lists them all.")
    ],
    purpose: Annotated[str, typer.Option("--purpose", help="What it is to be used for.")],
    holder: Annotated[
        str | None,
        typer.Option("--holder", metavar="AAA", help="Who has it; the originator unless given."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
    ] = None,
    consent: Annotated[
        list[str] | None,
        typer.Option(
            "--consent",
            metavar="AAA:AAA[:ISO]",
            help="A written consent for this purpose: by whom, for whom, until when. Repeatable.",
        ),
    ] = None,
) -> Out:
    """Which instruments permit a transfer, by which routes, and what is missing. 0 if permitted."""
    from gsomia.agreement import counting
    from gsomia.agreement.basis import Outcome, Question, ask, read_consent

    del run
    question = Question(
        originator=originator,
        holder=originator if holder is None else holder,
        recipient=to,
        mark=mark,
        subject=subject,
        purpose=purpose,
        at=now() if as_of is None else counting.read_instant(as_of, "--as-of"),
        consents=tuple(read_consent(text, "--consent") for text in consent or ()),
    )
    answer = _asked(question, ask)
    code = DONE if answer.outcome is Outcome.PERMITTED else REFUSED
    return Out(_plain(answer), lambda screen: _show(screen, answer), code)


_OPTION = {"recipient": "--to", "as-of instant": "--as-of"}


def _asked(question: Question, ask: Any) -> Answer:
    """The answer; what is wrong with a question names the option that it came by."""
    from gsomia.faults import BadInput

    try:
        found: Answer = ask(question)
    except BadInput as error:
        where = _OPTION.get(error.where, f"--{error.where}")
        raise BadInput(error.expected, error.got, where) from None
    return found


def _plain(answer: Answer) -> dict[str, Any]:
    from gsomia.canon import builtins

    value: dict[str, Any] = builtins(answer)
    for row, route in zip(value["routes"], answer.routes, strict=True):
        row["missing"] = builtins(route.missing)
    return value


# -- for people -----------------------------------------------------------------------


def _show(screen: Screen, answer: Answer) -> None:
    from gsomia.canon import instant

    words, asked = screen.words, answer.question
    top = {
        "outcome": words.label(answer.outcome),
        "originator": asked.originator,
        "holder": asked.holder,
        "recipient": asked.recipient,
        "mark": asked.mark,
        "subject": _subject(words, asked.subject),
        "purpose": asked.purpose,
        "as_of": instant(asked.at),
    }
    screen.fields(top)
    for number, route in enumerate(answer.routes, 1):
        _show_route(screen, number, route)
    if not answer.routes:
        warn(words("refused", act="basis", subject=f"{asked.holder} > {asked.recipient}"))
    for one in answer.rejected:
        _show_rejected(screen, one)
    screen.line(words("no_duty_to_send"))
    if any(not leg.pack for route in answer.routes for leg in route.legs):
        screen.line(words("catalogue_alone"))


def _subject(words: Words, name: str) -> str:
    from gsomia.agreement.basis import subjects

    return f"{name}: {subjects().subject(name).names[words.lang]}"


def _show_route(screen: Screen, number: int, route: Route) -> None:
    words = screen.words
    where = " > ".join(route.path)
    under = f" ({route.arrangement})" if route.arrangement else ""
    kind, outcome = words.label(f"route_{route.kind}"), words.label(route.outcome)
    screen.line(f"{number}. {where}: {kind}{under}: {outcome}")
    for leg in route.legs:
        done = f" ({words.label('already_done')})" if leg.done else ""
        contestable = f", {words.label('contestable')}" if leg.contestable else ""
        screen.line(
            f"   {leg.sender} > {leg.receiver}{done}: {leg.agreement}, "
            f"{words.label(leg.status)}{contestable}"
        )
        marks = f"{' / '.join(leg.marks)} > {' / '.join(leg.becomes)}"
        screen.line(f"     {marks} ({words.article(leg.article)})")
        for note in leg.notes:
            screen.line(f"     - {_note(words, note)}")
        if leg.contestable:
            by = (f"{name}: {words.label(state)}" for name, state in leg.readings.items())
            screen.line(f"     {words.label('readings')}: {', '.join(by)}")
    for one in route.conditions:
        label = words.label("condition_met" if one.met else "condition_missing")
        screen.line(f"   - {label}: {_told(words, one)}")
    if route.unverified:
        facts = (f"{u.agreement}: {words.label(u.facts)}" for u in route.unverified)
        screen.line(f"   {words.label('rests_unread')}: {'; '.join(facts)}")


def _show_rejected(screen: Screen, one: Rejected) -> None:
    words = screen.words
    by = f" ({', '.join(one.agreements)})" if one.agreements else ""
    screen.line(f"{words.label('not_this_way')}: {' > '.join(one.path)}{by}")
    for missing in one.missing:
        screen.line(f"   - {_told(words, missing)}")


def _note(words: Words, note: str) -> str:
    """A note of the catalogue, or on the status, in the user's language."""
    own = BASIS_NOTES.get(note)
    if own is None or words.lang == "en":
        return told_note(words, note)
    return own[0] if words.lang == "ko" else own[1]


def _told(words: Words, one: Condition) -> str:
    """A condition in one line: what it says, its article, and who can meet it."""
    own = CONDITIONS.get(one.rule)
    if own is not None and words.lang != "en":
        text = own[words.lang].format(**one.saw)
    else:
        text = words.rule(one.rule, one.text)
    line = words("rule", text=text, article=words.article(one.article), who=words.who(one.who))
    return line if one.verified is True else f"{line} {words('unverified')}"
