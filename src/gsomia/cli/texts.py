"""The agreed text: where two sides hold different ones, and bringing in an amended one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gsomia.cli.catalogue import agreement as agreements
from gsomia.cli.letters import AnAgreement, Peer
from gsomia.cli.lookup import partner
from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen


def attach(_: typer.Typer) -> None:
    """Add these commands to those about agreements."""
    command(agreements, "difference", node=True)(difference)
    command(agreements, "tell-text", signed=True)(tell_text)
    command(agreements, "amend", signed=True)(amend)
    command(agreements, "amendments", node=True)(amendments)


def difference(
    run: Run,
    agreement: Annotated[
        str, typer.Argument(metavar="AGREEMENT|FILE", help="An agreement of the node, or a pack.")
    ],
    other: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Another pack, to compare files.")
    ] = None,
) -> Out:
    """Where two sides hold different agreed texts, field by field. Exits 1 if they do.

    With two packs as files, between these; else between this node and what its partner told.
    """
    from gsomia.agreement import load_pack
    from gsomia.agreement.difference import difference as between
    from gsomia.agreement.difference import read_agreed
    from gsomia.agreement.pack import agreed_digest, agreed_part
    from gsomia.canon import builtins, encode
    from gsomia.cli.files import read_small

    if other is not None:
        packs = [load_pack(read_small(p, "pack"), p.name) for p in (Path(agreement), other)]
        a, b = (read_agreed(encode(agreed_part(pack)).decode()) for pack in packs)
        rows = builtins(between(a, b))
        value: dict[str, Any] = {
            "ours": agreed_digest(packs[0]),
            "theirs": agreed_digest(packs[1]),
            "differences": rows,
        }
    else:
        found = run.view("agreed-text", agreement=agreement)
        rows = [{"party": t["party"], **d} for t in found["told"] for d in t["differences"]]
        value = {k: v for k, v in found.items() if k != "text"}

    def show(screen: Screen) -> None:
        screen.table(rows)
        if value.get("versions"):
            screen.table(value["versions"], title=screen.words.label("versions"))
        if not rows and (other or value["told"]):
            screen.line(screen.words("same_text"))
        elif not rows:
            screen.line(screen.words("no_text_told"))

    return Out(value, show, REFUSED if rows else DONE)


def tell_text(run: Run, agreement: AnAgreement, peer: Peer = None) -> Out:
    """Tell the partner's node the agreed text that this node holds, to find where they differ."""
    officer = run.officer()
    answer = officer.tell_agreed_text(partner(run, agreement, peer), agreement)
    return run.did(answer, "exchange.notify")


def amend(
    run: Run,
    agreement: AnAgreement,
    pack: Annotated[Path, typer.Argument(metavar="FILE", help="The whole pack as amended.")],
    from_: Annotated[
        str, typer.Option("--from", metavar="DAY", help="The day on which it begins to apply.")
    ],
    instrument: Annotated[
        list[str],
        typer.Option(
            "--instrument", help="An amendment on record, by which parties consented; repeatable."
        ),
    ],
) -> Out:
    """Bring in an amended text, once the consent of both parties is on record.

    Two officers of the desk run the same command: the first proposes it, the second brings it in.
    """
    from gsomia.agreement import counting, load_pack
    from gsomia.cli.files import read_small

    data = read_small(pack, "FILE")
    load_pack(data, pack.name)
    day = counting.read_date(from_, "--from")
    answer = run.officer().amend_text(agreement, data.decode(), day, tuple(instrument))
    return run.did(answer, "desk.amend-text")


def amendments(
    run: Run,
    agreement: Annotated[str | None, typer.Argument(help="Only of this agreement.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="Rows on a page.")] = 100,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this row.")] = None,
) -> Out:
    """Amendments on their way, and for whom each waits: an officer of the desk, or the partner."""
    page = run.view("amendments", agreement=agreement, limit=limit, after=after)
    columns = ("agreement", "version", "state", "waits_for", "applies_from", "instruments", "by")

    def show(screen: Screen) -> None:
        rows = [{**row, "state": screen.words.label(row["state"])} for row in page["rows"]]
        screen.page({**page, "rows": rows}, *columns, "at", "shown_by", "digest")

    return Out(page, show)
