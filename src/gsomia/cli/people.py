"""People and facilities: who may know, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gsomia.cli.run import Run, command
from gsomia.cli.say import Out, Screen
from gsomia.faults import BadInput

person = typer.Typer(help="People: roles, clearances, briefings, needs to know.")
facility = typer.Typer(help="Places that may hold items.")

Person = Annotated[str, typer.Argument(help="A person's id, like P-7.")]
Agreement = Annotated[str, typer.Option("--agreement", help="An agreement's id.")]
Facility = Annotated[str, typer.Option("--facility", help="A facility's id.")]
Until = Annotated[str, typer.Option("--until", metavar="ISO", help="First instant it is over.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Levels = Annotated[
    list[str], typer.Option("--level", help="Highest mark of each regime; may be repeated.")
]
Limit = Annotated[int, typer.Option("--limit", help="Rows on a page.")]
After = Annotated[str | None, typer.Option("--after", help="Go on after this row.")]


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(person, name="person", no_args_is_help=True)
    app.add_typer(facility, name="facility", no_args_is_help=True)


@command(person, "enrol", signed=True)
def enrol(
    run: Run,
    person: Person,
    name: Annotated[str, typer.Option("--name", help="Their name.")],
    facility: Annotated[
        str, typer.Option("--facility", help="Where they work with items, if they do.")
    ] = "",
    rank: Annotated[str, typer.Option("--rank", help="Their rank.")] = "",
    post: Annotated[str, typer.Option("--post", help="Their post.")] = "",
    officer_key: Annotated[
        Path | None, typer.Option("--officer-key", help="The public statement of their own key.")
    ] = None,
) -> Out:
    """Make a person known, and bind the key they present to them."""
    from gsomia.cli.files import read_small

    statement = ""
    if officer_key is not None:
        statement = read_small(officer_key, "officer key").decode("utf-8", "replace")
    answer = run.officer().enrol(person, name, facility, statement, rank, post)
    return run.did(answer, "clearance.enrol")


@command(person, "appoint", signed=True)
def appoint(
    run: Run,
    person: Person,
    role: Annotated[str, typer.Argument(help="registrar, disclosure_officer, analyst, ...")],
    letter: Annotated[str, typer.Option("--letter", help="The letter's reference.")],
    until: Until = "",
) -> Out:
    """Give a person a role by letter."""
    answer = run.officer().appoint(person, role.replace("-", "_"), letter, until)
    return run.did(answer, "clearance.appoint")


@command(person, "end", signed=True)
def end(run: Run, person: Person, role: Annotated[str, typer.Argument(help="The role.")]) -> Out:
    """End a role now."""
    answer = run.officer().end_appointment(person, role.replace("-", "_"))
    return run.did(answer, "clearance.end-appointment")


@command(person, "grant", signed=True)
def grant(
    run: Run,
    person: Person,
    level: Levels,
    vetting: Annotated[str, typer.Option("--vetting", help="The decision's reference.")],
    until: Until,
) -> Out:
    """Record a clearance that the national authority granted."""
    return run.did(run.officer().grant(person, level, vetting, until), "clearance.grant")


@command(person, "withdraw", signed=True)
def withdraw(run: Run, person: Person, reason: Reason) -> Out:
    """Record that a clearance was withdrawn."""
    return run.did(run.officer().withdraw(person, reason), "clearance.withdraw")


@command(person, "brief", signed=True)
def brief(run: Run, person: Person, agreement: Agreement, until: Until) -> Out:
    """Record a briefing on the duties under an agreement."""
    return run.did(run.officer().brief(person, agreement, until), "clearance.brief")


@command(person, "list", signed=True)
def list_(
    run: Run,
    person: Annotated[str | None, typer.Argument(help="Whom to take up in a register.")] = None,
    facility: Annotated[str | None, typer.Option("--facility", help="A facility's id.")] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", help="An agreement's id.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """Take PERSON up in a facility's register (Art. 6(e)). Without PERSON: who is known here."""
    if person is None:
        if agreement is not None:
            raise BadInput("PERSON, to take up for an agreement", "none", "person list")
        page = run.view("people", facility=facility, limit=limit, after=after)
        return Out(page, lambda screen: _show_people(screen, page))
    if facility is None or agreement is None:
        raise BadInput("--facility and --agreement", "one of them, or neither", "person list")
    return run.did(run.officer().list_person(facility, person, agreement), "clearance.list")


def _show_people(screen: Screen, page: dict[str, Any]) -> None:
    """Who is known here, in one line each: what they are now, and what they are cleared for."""
    rows = [
        {
            **row,
            "roles": [r["role"] for r in row["roles"] if r["current"]],
            "clearance": (row["clearance"] or {}).get("levels"),
            "current": (row["clearance"] or {}).get("current"),
        }
        for row in page["rows"]
    ]
    columns = ("id", "name", "facility", "roles", "clearance", "current", "has_key")
    screen.page({**page, "rows": rows}, *columns)


@command(person, "show", node=True)
def show(run: Run, person: Person) -> Out:
    """One person, with everything on record about them."""
    return Out(run.view("person", id=person))


@command(person, "strike", signed=True)
def strike(
    run: Run, person: Person, facility: Facility, agreement: Agreement, reason: Reason
) -> Out:
    """Strike a person from a facility's register."""
    answer = run.officer().strike_person(facility, person, agreement, reason)
    return run.did(answer, "clearance.strike")


@command(person, "need", signed=True)
def need(
    run: Run,
    person: Person,
    subject: Annotated[str, typer.Argument(help="An item's control number, or a purpose.")],
    agreement: Agreement,
    statement: Annotated[str, typer.Option("--statement", help="Why their duty requires it.")],
    until: Until,
) -> Out:
    """Approve a need to know (Art. 7(2))."""
    answer = run.officer().approve_need(person, agreement, subject, statement, until)
    return run.did(answer, "clearance.approve-need")


@command(facility, "approve", signed=True)
def approve(
    run: Run,
    facility: Annotated[str, typer.Argument(help="A facility's id, like F-1.")],
    name: Annotated[str, typer.Option("--name", help="Its name.")],
    level: Levels,
    custodian: Annotated[str, typer.Option("--custodian", help="The custodian's id.")],
    until: Until = "",
) -> Out:
    """Approve a facility to hold items up to some marks (Art. 10)."""
    answer = run.officer().approve_facility(facility, name, level, custodian, until)
    return run.did(answer, "clearance.approve-facility")


@command(facility, "list", node=True)
def list_facilities(run: Run, limit: Limit = 100, after: After = None) -> Out:
    """The facilities of this registry."""
    page = run.view("facilities", limit=limit, after=after)
    columns = ("id", "name", "levels", "custodian", "listed", "current")
    return Out(page, lambda screen: screen.page(page, *columns))
