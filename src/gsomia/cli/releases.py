"""Releases: asking, deciding by two people, passing on under consent."""

from __future__ import annotations

from typing import Annotated

import typer

from gsomia.cli.lookup import partner
from gsomia.cli.people import After, Agreement, Limit
from gsomia.cli.run import Run, command
from gsomia.cli.say import Out
from gsomia.faults import BadInput, shown

release = typer.Typer(help="Releases to the other party, and to third parties.")

Purpose = Annotated[str, typer.Option("--purpose", help="What alone it may be used for.")]
Request = Annotated[str, typer.Argument(help="A request's id.")]
Favour = Annotated[
    bool | None, typer.Option("--favour/--against", help="The decision; one must be said.")
]
Met = Annotated[
    list[str] | None,
    typer.Option(
        "--met",
        metavar="CONDITION",
        help="A condition of the originator's consent that you state to be met: its words, or "
        "its number among those that `item show` lists; repeatable.",
    ),
]
Why = Annotated[str, typer.Option("--reason", help="Why.")]


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(release, name="release", no_args_is_help=True)


@command(release, "request", signed=True)
def request(
    run: Run,
    item: Annotated[str, typer.Argument(help="An item's control number.")],
    agreement: Agreement,
    purpose: Purpose,
    copy: Annotated[
        list[int] | None, typer.Option("--copy", min=1, help="Copy 1 unless given; repeatable.")
    ] = None,
) -> Out:
    """Ask to release copies of an item to the other party."""
    answer = run.officer().request_release(item, agreement, purpose, tuple(copy or (1,)))
    return run.did(answer, "release.request")


@command(release, "ask-assurance", signed=True)
def ask_assurance(
    run: Run,
    request: Request,
    peer: Annotated[
        str | None, typer.Option("--peer", help="The partner's registry; where there are two.")
    ] = None,
) -> Out:
    """Ask the recipient for the assurance that must come before a release (Art. 7(5)).

    What the question says is taken from the request and its item.
    """
    from gsomia.exchange.notices import AssuranceAsked

    officer = run.officer()
    asked = run.view("request", id=request)
    item = run.view("item", number=asked["item"])
    about = AssuranceAsked(
        request,
        item["mark"],
        asked["purpose"],
        item["form"],
        item["subject"],
        len(asked["copies"]),
    )
    to = partner(run, asked["agreement"], peer)
    return run.did(officer.notify(to, asked["agreement"], about), "exchange.notify")


def _said(favour: bool | None) -> bool:
    if favour is None:
        raise BadInput("--favour, or --against", "neither", "decision")
    return favour


@command(release, "review", signed=True)
def review(run: Run, request: Request, favour: Favour = None, reason: Why = "") -> Out:
    """Decide on a request as the first person."""
    said = _said(favour)
    return run.did(run.officer().review(request, said, reason), "release.review")


@command(release, "decide", signed=True)
def decide(
    run: Run, request: Request, favour: Favour = None, reason: Why = "", met: Met = None
) -> Out:
    """Decide on a request as the second person.

    For another party's item you also state that each condition of its consent is met.
    """
    said = _said(favour)
    officer = run.officer()
    conditions: tuple[str, ...] = ()
    if met:
        asked = run.view("request", id=request)
        conditions = _conditions(run, met, asked["item"], asked["recipient"], asked["purpose"])
    return run.did(officer.decide(request, said, reason, conditions), "release.decide")


def _conditions(
    run: Run, met: list[str], item: str, recipient: str, purpose: str
) -> tuple[str, ...]:
    """The words of the conditions meant: what is signed says them, not their numbers."""
    rows = run.view("item", number=item)["consents"]["rows"]
    listed = [
        condition
        for row in rows
        if (row["state"], row["recipient"], row["purpose"]) == ("granted", recipient, purpose)
        for condition in row["conditions"]
    ]
    return meant(met, list(dict.fromkeys(listed)))


def meant(met: list[str], listed: list[str]) -> tuple[str, ...]:
    """The conditions meant, each once: said in their words, or by their number in the list."""
    by_number = {str(number): words for number, words in enumerate(listed, 1)}
    said: dict[str, None] = {}
    for one in met:
        words = one if one in listed else by_number.get(one)
        if words is None:
            raise BadInput(_expected(len(listed)), shown(one), "--met")
        said[words] = None
    return tuple(said)


def _expected(count: int) -> str:
    """What --met can say of so many conditions."""
    if not count:
        return "no --met: no consent for this recipient and purpose sets a condition"
    numbers = "1" if count == 1 else f"a number from 1 to {count}"
    return f"a condition of the consent, in its own words, or {numbers}"


@command(release, "confirm-ground", signed=True)
def confirm_ground(run: Run, request: Request) -> Out:
    """Confirm, as one more person, that a decided release may go on contested ground."""
    return run.did(run.officer().confirm_ground(request), "release.confirm-ground")


@command(release, "pass-on", signed=True)
def pass_on(
    run: Run,
    item: Annotated[str, typer.Argument(help="A received item's control number.")],
    recipient: Annotated[str, typer.Option("--recipient", help="Whom the originator approved.")],
    purpose: Purpose,
    met: Met = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="A part that you give, instead of all of it; repeatable."),
    ] = None,
) -> Out:
    """Give a received item to a third party, under the originator's consent (Art. 6(a)).

    State that each condition of the consent is met.
    """
    officer = run.officer()
    conditions = _conditions(run, met, item, recipient, purpose) if met else ()
    answer = officer.pass_on(item, recipient, purpose, conditions, tuple(part or ()))
    return run.did(answer, "release.pass-on")


@command(release, "list", node=True)
def list_(
    run: Run,
    state: Annotated[
        str | None,
        typer.Option("--state", help="requested, reviewed, approved, denied, dispatched."),
    ] = None,
    item: Annotated[str | None, typer.Option("--item", help="Only for this item.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Out:
    """Requests to release, and how they stand."""
    page = run.view("requests", state=state, item=item, limit=limit, after=after)
    columns = ("id", "item", "recipient", "purpose", "copies", "state", "requested_by")
    return Out(page, lambda screen: screen.page(page, *columns, "requested_at"))
