"""A node's life, the officers' own keys, and the demonstration."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.run import Run, command
from gsomia.cli.say import Out, Screen, warn
from gsomia.faults import BadInput, Unavailable

if TYPE_CHECKING:
    from gsomia.app import Secret
    from gsomia.desk.entries import TextHeld
    from gsomia.node.node import Node

node = typer.Typer(help="A node: found it, run it, look at it.")
officer = typer.Typer(help="An officer's own key.")

Folder = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="The node's folder, if no --node names it.")
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        help="At least 32 random bytes, kept away from the node's disk; else a passphrase.",
    ),
]


def _secret(run: Run, secret_file: Path | None, *, new: bool = False) -> Secret:
    """What opens the node's vault: the key file if one is named, else a passphrase."""
    from gsomia import app

    if secret_file is not None:
        return app.KeyFile(secret_file)
    return app.Passphrase(run.passphrase(new=new))


def attach(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(node, name="node", no_args_is_help=True)
    app.add_typer(officer, name="officer", no_args_is_help=True)
    command(app, "demo")(demo)
    command(app, "desk", node=True)(desk)


@command(node, "init", passphrase=True)
def init(
    run: Run,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    party: Annotated[str, typer.Option("--party", metavar="AAA", help="ISO 3166-1 alpha-3 code.")],
    registry: Annotated[str, typer.Option("--registry", help="A code, like KOR-DIH1.")],
    authority: Annotated[
        str, typer.Option("--authority", help="The competent authority, as notified.")
    ],
    name: Annotated[str, typer.Option("--name", help="A name like a host's, for keys.")],
    officer_key: Annotated[
        Path, typer.Option("--officer-key", help="The first officer's public statement.")
    ],
    officer_id: Annotated[str, typer.Option("--officer-id", help="Their id here, like P-1.")],
    officer_name: Annotated[str, typer.Option("--officer-name", help="Their name.")],
    agreement: Annotated[
        list[str] | None,
        typer.Option("--agreement", help="An agreement it runs; may be repeated."),
    ] = None,
    pack: Annotated[
        list[Path] | None,
        typer.Option(
            "--pack",
            metavar="FILE",
            help="Your own agreement pack; X.instruments.yaml beside X.yaml goes with it.",
        ),
    ] = None,
    endpoint: Annotated[
        str, typer.Option("--endpoint", help="host:port for partners; none: couriers only.")
    ] = "",
    record_until: Annotated[
        str | None,
        typer.Option(
            "--record-until",
            metavar="ISO",
            help="Begin with the instruments known by then; the desk records the later ones.",
        ),
    ] = None,
    secret_file: SecretFile = None,
) -> Out:
    """Found a node. The first officer is the security authority who enrols everybody else.

    It runs agreements that ship (--agreement) and packs of your own (--pack): one or more.
    """
    from gsomia import app
    from gsomia.agreement.counting import read_instant
    from gsomia.cli.files import read_small
    from gsomia.node.identity import Settings

    texts = [_own_text(path) for path in pack or ()]
    names = (*(agreement or ()), *(text.agreement for text in texts))
    if not names or len(set(names)) < len(names):
        got = "one twice" if names else "none"
        raise BadInput("--agreement or --pack, each agreement once", got, "node init")
    settings = Settings(party, authority, registry, name, endpoint, names)
    statement = _statement(read_small(officer_key, "officer key"))
    first = (officer_id, officer_name, statement)
    until = None if record_until is None else read_instant(record_until, "--record-until")
    secret = _secret(run, secret_file, new=True)
    card = app.found(folder, settings, secret, first, record_until=until, texts=texts)
    return Out(_card_json(card), lambda screen: _show_card(screen, card))


def _own_text(path: Path) -> TextHeld:
    """A pack of one's own, and the public instruments beside it if there is such a file."""
    from gsomia import app
    from gsomia.cli.files import read_small

    beside = path.with_suffix(".instruments.yaml")
    instruments = read_small(beside, "--pack") if beside.exists() else None
    return app.own_text(read_small(path, "--pack"), path.name, instruments, beside.name)


def _statement(data: bytes) -> str:
    """A public statement's text. Raises `BadInput` if it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadInput("a statement in UTF-8", "other bytes", "officer key") from None


def _card_json(card: bytes) -> dict[str, Any]:
    from gsomia.exchange.card import fingerprint_of, open_card

    opened = open_card(card)
    return {
        "party": opened.party,
        "authority": opened.authority,
        "registry": opened.registry,
        "name": opened.name,
        "serial": opened.serial,
        "endpoint": opened.endpoint,
        "issued_at": opened.issued_at,
        "fingerprint": fingerprint_of(opened),
        "card": card.decode(),
    }


def _show_card(screen: Screen, card: bytes) -> None:
    value = _card_json(card)
    del value["card"]
    screen.fields(value)


@command(node, "run", node=True, passphrase=True)
def run_node(run: Run, folder: Folder = None, secret_file: SecretFile = None) -> Out:
    """Run a node until it is told to end (Ctrl-C, or SIGTERM)."""
    from gsomia import app

    at = run.folder(folder)

    def ready(running: Node) -> None:
        told = run.words("running", registry=running.identity.settings.registry, node=str(at))
        warn(run.words.told(running.clerk.halted) or told)

    app.serve(at, _secret(run, secret_file), ready=ready)
    return Out({"stopped": True}, lambda screen: screen.line(screen.words("stopped")))


@command(node, "stop", node=True)
def stop(
    run: Run,
    folder: Folder = None,
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds to wait for its end.")
    ] = 30.0,
) -> Out:
    """End the node that runs in a folder, and wait until it has finished what is under way."""
    from gsomia import app

    return Out({"stopped": app.stop(run.folder(folder), wait)})


@command(node, "status", node=True)
def status(
    run: Run,
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds to wait until it answers.")
    ] = 0.0,
) -> Out:
    """How the node stands: its books, its partners, and what is wrong."""
    deadline = time.monotonic() + wait
    while True:
        try:
            return _standing(run.door().do("standing", {}))
        except Unavailable:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.1)


def _standing(value: dict[str, Any]) -> Out:
    def show(screen: Screen) -> None:
        screen.fields({**value, "halted": screen.words.told(value["halted"])})

    return Out(value, show)


@command(node, "card", node=True)
def card(
    run: Run,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the card here.")] = None,
) -> Out:
    """The node's card, to hand to a partner, and its fingerprint, to read out to them."""
    from gsomia.cli.files import write_out

    data = run.door().card()
    value = _card_json(data)
    if out is not None:
        write_out(out, [data])
        return Out(value, lambda screen: _show_card(screen, data))
    return Out(value, lambda screen: _print_card(screen, data))


def _print_card(screen: Screen, data: bytes) -> None:
    warn(screen.words("fingerprint", fingerprint=_card_json(data)["fingerprint"]))
    screen.raw(data.decode())


@command(node, "tick", node=True)
def tick(run: Run) -> Out:
    """Let effects follow now, and have partners cosign; a running node does so by itself."""
    done, cosigned = run.door().tick()
    return Out({"done": done, "cosigned": cosigned})


@command(node, "rebuild", node=True)
def rebuild(run: Run, folder: Folder = None) -> Out:
    """Drop everything that follows from the books, and derive it again. The node must not run."""
    from gsomia import app

    return Out({"documents": app.rebuild(run.folder(folder))})


@command(node, "backup", node=True)
def backup(
    run: Run,
    out: Annotated[Path, typer.Option("-o", "--out", help="A new file, on the node's machine.")],
) -> Out:
    """A copy of the books, and of small sealed content beside it; no key lies in either."""
    return Out(run.door().do("backup", {"path": str(out.absolute())}))


@command(node, "rotate", signed=True)
def rotate(
    run: Run,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
) -> Out:
    """Order new keys for this node. Partners learn of its next card by signed succession."""
    return run.did(run.officer().rotate(reason), "exchange.rotate")


@command(officer, "new", passphrase=True)
def new(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A new file for the key.")],
    name: Annotated[str, typer.Option("--name", help="The name it signs under: KOR-DIH1/P-7.")],
) -> Out:
    """Make your own key. Nobody else can act with it, and a lost passphrase is lost."""
    from gsomia import app
    from gsomia.cli.files import check_new

    check_new(file)
    app.create_officer_key(file, name, run.passphrase(new=True))
    value = {"file": str(file), "name": name, "statement": app.export_public(file).decode()}
    typed = shlex.quote(str(file))
    return Out(value, lambda screen: screen.line(screen.words("key_made", file=typed)))


@command(officer, "show")
def show(
    run: Run,
    file: Annotated[Path, typer.Argument(help="Your key file.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write it here.")] = None,
) -> Out:
    """Your public statement, to hand to the security authority. It asks for no passphrase."""
    from gsomia import app
    from gsomia.clearance.acts import read_officer_key
    from gsomia.cli.files import write_out

    del run
    data = app.export_public(file)
    value = {
        "name": read_officer_key(data.decode(), "officer key").name,
        "statement": data.decode(),
    }
    if out is not None:
        write_out(out, [data])
        return Out(value, lambda screen: screen.fields({"name": value["name"], "file": str(out)}))
    return Out(value, lambda screen: screen.raw(data.decode()))


def desk(
    run: Run,
    queue: Annotated[str | None, typer.Option("--queue", help="Only this one, in full.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="Rows of each.")] = 10,
    after: Annotated[str | None, typer.Option("--after", help="Go on after this row.")] = None,
) -> Out:
    """What waits at the registry desk, and since when."""
    if queue is not None:
        page = run.view("queue", queue=queue, limit=limit, after=after)
        return Out(page, lambda s: s.page({**page, "rows": _in_words(s, queue, page["rows"])}))
    value = run.view("desk", limit=limit)
    return Out(value, lambda screen: _show_desk(screen, value["queues"]))


def _show_desk(screen: Screen, queues: dict[str, Any]) -> None:
    rows = [
        {"queue": screen.words.label(name), **{k: q[k] for k in ("count", "oldest", "age")}}
        for name, q in queues.items()
    ]
    screen.table(rows)
    for name, queue in queues.items():
        if queue["rows"]:
            screen.table(_in_words(screen, name, queue["rows"]), title=screen.words.label(name))


def _in_words(screen: Screen, queue: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Days say what falls on them, amendments how far they are, alarms what they are about;
    other queues show what the register holds.
    """
    from gsomia.cli.alarmtexts import in_words

    if queue != "days_ahead":
        # A row that is shown on its own goes by its key, not by its age.
        ordered = [{"key": r["key"], "since": r["since"], "age": r["age"], **r} for r in rows]
        if queue.startswith("amendments_"):
            return [{**row, "state": screen.words.label(row["state"])} for row in ordered]
        if queue == "alarms":
            return [in_words(screen.words.lang, row) for row in ordered]
        return ordered
    from gsomia.cli.deadlines import day_row

    plain = ({k: v for k, v in r.items() if k not in ("key", "since", "age")} for r in rows)
    return [day_row(screen.words, row) for row in plain]


def demo(
    run: Run,
    folder: Annotated[Path, typer.Option("--dir", help="A new folder, or an earlier demo's.")],
    keep: Annotated[bool, typer.Option("--keep", help="Leave the nodes running.")] = False,
) -> Out:
    """Two governments' nodes on this machine live through one exchange, refusals included."""
    from gsomia.demo import Told
    from gsomia.demo import demo as play

    try:
        code = play(folder, as_json=run.json, keep=keep)
    except Told as told:
        warn(run.words("demo_interrupted"))
        code = 128 + told.number
    raise typer.Exit(code)
