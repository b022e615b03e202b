"""An agreement by what a person calls it: an id, or a file of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsomia.agreement import Lifecycle, Pack
    from gsomia.agreement.catalogue import Entry
    from gsomia.cli.run import Run

_LONGEST_ID = 64


def entry_of(agreement_id: str, where: str = "") -> Entry:
    """The catalogue's entry of an agreement.

    Raises `BadInput` for an id of none, naming those that look like it.
    """
    import difflib

    from gsomia.agreement import shipped_ids
    from gsomia.agreement.catalogue import entry, entry_ids
    from gsomia.faults import BadInput, shown

    if agreement_id in entry_ids():
        return entry(agreement_id)
    ids = sorted({*shipped_ids(), *entry_ids()})
    near = difflib.get_close_matches(agreement_id[:_LONGEST_ID], ids)
    hint = f", perhaps {', '.join(near)}" if near else ""
    expected = f"an agreement that `gsomia agreement list` shows{hint}"
    raise BadInput(expected, shown(agreement_id), where)


def facts_of(agreement: str, where: str) -> Entry | Pack:
    """What is known of an agreement: its entry or its pack, by id, or one's own file of either.

    An agreement that has both goes by its entry, which tells more of it. Raises `BadInput`.
    """
    from gsomia.agreement import load_pack, shipped, shipped_ids, yamldoc
    from gsomia.agreement.catalogue import FORMAT, entry_ids, load_entry
    from gsomia.agreement.model import FORMAT as PACK_FORMAT
    from gsomia.cli.files import read_small
    from gsomia.faults import BadInput, shown

    if not is_file(agreement):
        if agreement in shipped_ids() and agreement not in entry_ids():
            return shipped(agreement)
        return entry_of(agreement, where)
    path = Path(agreement)
    data = read_small(path, where, yamldoc.MAX_BYTES)
    value = yamldoc.read(data, path.name).value
    form = value.get("format") if isinstance(value, dict) else None
    if form == PACK_FORMAT:
        return load_pack(data, path.name)
    if form == FORMAT:
        return load_entry(data, path.name)
    got = "no format" if form is None else shown(form)
    raise BadInput(f"format: {PACK_FORMAT}, or {FORMAT}", got, path.name)


def pack_of(agreement_id: str, where: str = "") -> Pack:
    """The pack of an agreement, by its id or by the name of a file, which ends with .yaml.

    What a catalogue entry leaves open is not filled in here. Raises `BadInput` for an agreement
    without a pack, for an id of none, and for a file with a fault.
    """
    from gsomia.agreement import load_pack, shipped, shipped_ids, yamldoc
    from gsomia.cli.files import read_small
    from gsomia.faults import BadInput

    if is_file(agreement_id):
        path = Path(agreement_id)
        return load_pack(read_small(path, where or "pack", yamldoc.MAX_BYTES), path.name)
    if agreement_id in shipped_ids():
        return shipped(agreement_id)
    entry = entry_of(agreement_id, where)
    expected = f"an agreement that a pack holds whole: {', '.join(shipped_ids())}"
    raise BadInput(expected, f"{entry.id}, of which the catalogue alone tells", where)


def is_file(agreement: str) -> bool:
    """Whether an argument names a file of one's own. An id has no dot in it."""
    return agreement.endswith((".yaml", ".yml"))


def lifecycle_of(agreement_id: str, where: str = "") -> Lifecycle:
    """Where an agreement stands, by its pack and the public instruments that go with it.

    Those of X.yaml are in X.instruments.yaml beside it, if there is such a file. Raises `BadInput`.
    """
    from gsomia.agreement import Lifecycle, load_instruments, shipped_lifecycle
    from gsomia.cli.files import read_small

    pack = pack_of(agreement_id, where)
    if not is_file(agreement_id):
        return shipped_lifecycle(pack.id)
    beside = Path(agreement_id).with_suffix(".instruments.yaml")
    if not beside.exists():
        return Lifecycle(pack, ())
    return Lifecycle(pack, load_instruments(read_small(beside, beside.name), beside.name, pack))


def node_pack(run: Run, agreement_id: str) -> Pack:
    """The pack of an agreement as the node that is named holds it; without a node: `pack_of`."""
    from gsomia.agreement import load_pack

    if not run.names_node or is_file(agreement_id):
        return pack_of(agreement_id)
    text = run.view("text", agreement=agreement_id)["text"]
    return load_pack(text.encode(), "the node's pack")


def partner(run: Run, agreement: str, peer: str | None) -> str:
    """The partner of an agreement: the only one there is, or the one named."""
    from gsomia.faults import BadInput

    if peer is not None:
        return peer
    codes = node_pack(run, agreement).codes
    found = [p["registry"] for p in run.view("peers", limit=1000)["rows"] if p["party"] in codes]
    if len(found) != 1:
        raise BadInput("--peer: which partner is told", f"{len(found)} partners", "peer")
    return str(found[0])
