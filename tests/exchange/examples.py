"""Writes `tests/vectors/transmittal/`: `python -m tests.exchange.examples`.

HPKE and ML-DSA draw randomness, so another run gives other bytes that open as well;
`test_pages.py` opens the stored ones, and holds the pages in `docs/formats/` against them.
"""

from __future__ import annotations

import io

from gsomia.canon import encode
from gsomia.exchange.card import sign_card
from gsomia.exchange.container import OuterHeader
from gsomia.exchange.messages import Heartbeat, Message
from gsomia.exchange.notices import Notice, Reclassified
from gsomia.exchange.receipt import receipt_for, sign_receipt
from gsomia.exchange.sealed import item_aad, seal
from tests.exchange.builders import (
    ACT,
    AGREEMENT,
    JPN,
    KOR,
    VECTORS,
    container,
    items_message,
    message,
    read,
    replaced,
    sealed,
    seed,
)

FOLDER = VECTORS / "transmittal"
CONTENT = b"launch 0727 KST, impact 0738 KST\n"
REFERENCE = "KOR-2023-117-0"
RECEIVED_AT = "2023-03-21T09:00:04Z"
KEY = bytes(range(32))
SALT_AND_PREFIX = bytes(range(100, 139))


def sealed_item() -> bytes:
    """The sealed item of the page."""
    out = io.BytesIO()
    seal(io.BytesIO(CONTENT), out, KEY, SALT_AND_PREFIX, item_aad(AGREEMENT, REFERENCE))
    return out.getvalue()


def dispatch() -> tuple[Message, list[bytes], list[bytes]]:
    """The message with one item."""
    return items_message(117, (CONTENT,), precedence="O")


def notice() -> Message:
    """The message with a notice of reclassification."""
    about = Reclassified(
        "KOR-2023-117-0", "군사II급비밀", "군사III급비밀", "2023-06-01T00:00:00Z", "age"
    )
    said = Notice(seed("notice").hex()[:32], about, ("Art. 6(g)",), ACT)
    return message(said, 118)


def make() -> dict[str, bytes]:
    """Every file of the folder."""
    said, ciphertexts, keys = dispatch()
    made = sealed(said, keys)
    items = container(made, ciphertexts)
    heartbeat = container(sealed(message(Heartbeat(), 119)))
    receipt = sign_receipt(receipt_for(made.header, RECEIVED_AT, 117), JPN.signer)
    return {
        "kor.node-card": sign_card(KOR.card, KOR.root),
        "jpn.node-card": sign_card(JPN.card, JPN.root),
        "items.gsomia": items,
        "notice.gsomia": container(sealed(notice())),
        "heartbeat.gsomia": heartbeat,
        "items.receipt": receipt,
        **bad(items, heartbeat),
    }


def bad(items: bytes, heartbeat: bytes) -> dict[str, bytes]:
    """Containers that must be refused; each name says the class of failure and why."""
    received, other = read(items)[0], read(heartbeat)[0]
    header = received.header

    def outer(**changes: str) -> bytes:
        changed: OuterHeader = replaced(header, **changes)
        return items.replace(encode(header), encode(changed), 1)

    return {
        "bad/input-cut.gsomia": items[:-1],
        "bad/input-trailing.gsomia": items + b"\n",
        "bad/input-version.gsomia": items.replace(b"/v1\n", b"/v2\n", 1),
        "bad/input-order.gsomia": items.replace(b"\nkeys ", b"\nitem ", 1),
        "bad/input-recipient.gsomia": outer(to="USA-DIH1"),
        "bad/proof-sender.gsomia": outer(from_="KOR-DIH2"),
        "bad/proof-number.gsomia": outer(number="2023/0118"),
        "bad/proof-body.gsomia": outer(body=other.header.body),
        "bad/proof-item.gsomia": items[:-20] + bytes([items[-20] ^ 1]) + items[-19:],
    }


if __name__ == "__main__":
    (FOLDER / "bad").mkdir(parents=True, exist_ok=True)
    for name, data in make().items():
        (FOLDER / name).write_bytes(data)
