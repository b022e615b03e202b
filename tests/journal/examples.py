"""Writes the files that the pages on formats show: `python -m tests.journal.examples`.

Everything but the ML-DSA signatures comes out the same each time; `test_pages.py` checks that.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gsomia import canon
from gsomia.journal.checkpoint import Checkpoint, sign_checkpoint
from gsomia.journal.cosign import cosign, with_lines
from gsomia.journal.entry import Opening, make_entry
from gsomia.journal.note import parse_note
from gsomia.journal.proof import LogProof
from gsomia.journal.statement import sign_statement
from gsomia.journal.tree import Tree, leaf_hash
from gsomia.journal.witness import add_checkpoint_request
from tests.journal.builders import cosigners, ed25519, mldsa87, pair, seed

FOLDER = Path(__file__).parents[2] / "docs/formats/examples"
BOOK = "kr.example/gsomia/jp"
WITNESS = "jp.example/gsomia/witness"
SIGNER = "kr.example/node"
AT = datetime(2026, 3, 17, 10, 30, tzinfo=UTC)
TIME = 1_773_743_400 + 60
INDEX = 1

LOG = (ed25519(BOOK), mldsa87(BOOK))
COSIGNERS = cosigners(WITNESS)
SIGNING = pair(SIGNER)


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the example statement."""

    at: str
    number: int
    text: str


BODY = Example(canon.instant(AT), 7, "받음")

_STEPS: list[tuple[str, dict[str, object]]] = [
    ("item.sealed", {"item": "KR-2026-000123", "sequence": 41}),
    ("item.accepted", {"item": "KR-2026-000123", "copies": 2, "registrar": "officer-7"}),
    ("checkpoint.cosigned", {"size": 2}),
]


def entries() -> list[tuple[bytes, dict[str, Opening]]]:
    return [
        make_entry(
            BOOK, n, kind, AT, {f: canon.encode(v) for f, v in facts.items()}, seed(f"entry {n}")
        )
        for n, (kind, facts) in enumerate(_STEPS)
    ]


def make() -> dict[str, bytes]:
    made = entries()
    tree = Tree(leaf_hash(data) for data, _ in made)
    checkpoint = Checkpoint(BOOK, tree.size, tree.root())
    note = parse_note(sign_checkpoint(checkpoint, LOG), "example")
    cosigned = with_lines(note, cosign(checkpoint, COSIGNERS, TIME))
    proof = LogProof(INDEX, tuple(tree.inclusion_proof(INDEX)), cosigned)
    keys = [k.verifier.vkey for k in (*LOG, *COSIGNERS)]
    request = add_checkpoint_request(2, tree.consistency_proof(2), note.encode())
    return {
        "entry.json": made[INDEX][0],
        "openings.json": canon.encode(made[INDEX][1]),
        "checkpoint.txt": cosigned.encode(),
        "add-checkpoint.txt": request,
        "entry.tlog-proof": proof.encode(),
        "vkeys.txt": "".join(f"{k}\n" for k in keys).encode(),
        "statement.txt": sign_statement("example", BODY, SIGNING),
        "statement-keys.json": canon.encode(SIGNING.public),
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in make().items():
        (FOLDER / name).write_bytes(data)
