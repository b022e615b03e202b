"""The pages on the exchange's formats show what the stored files hold, and those files open."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from gsomia.canon import digest, encode
from gsomia.exchange import notices
from gsomia.exchange.card import fingerprint_of, open_card
from gsomia.exchange.cover import open_cover, seal_cover
from gsomia.exchange.keyparts import KemPrivate
from gsomia.exchange.messages import Heartbeat, Items
from gsomia.exchange.notices import Notice
from gsomia.exchange.receipt import open_receipt
from gsomia.exchange.sealed import item_aad, key_commitment
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.note import parse_note
from tests.exchange import examples
from tests.exchange.builders import AGREEMENT, COVER, DOCS, JPN, KOR, opened, read, seed

FOLDER = examples.FOLDER
BAD = sorted((FOLDER / "bad").iterdir())


def stored(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def blocks(page: str) -> list[str]:
    """The page's code blocks, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"```\n(.*?)\n *```", text, re.DOTALL)


def fits(shown: str, text: str) -> bool:
    """True if `text` is what is shown, with anything in place of each `…`."""
    pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def cut(value: Any) -> Any:
    """A document with its long strings cut, as the pages show it."""
    if isinstance(value, dict):
        return {k: cut(v) for k, v in value.items()}
    if isinstance(value, list):
        return [cut(v) for v in value]
    whole = not isinstance(value, str) or len(value) <= 80
    return value if whole else value[:44] + "…"


def body_of(note: bytes) -> Any:
    return json.loads(parse_note(note, "note").text.split("\n")[1])


def readable(value: Any) -> str:
    return json.dumps(cut(value), indent=2, ensure_ascii=False, sort_keys=True)


def shown_parts() -> dict[str, str]:
    """What the pages show of the stored files; also fills a page anew (`@NAME@`)."""
    received = read(stored("items.gsomia"))[0]
    signatures = stored("items.receipt").decode().rstrip().split("\n")[-2:]
    card = open_card(stored("kor.node-card"))
    said = opened(read(stored("notice.gsomia"))[0])
    return {
        "BODY": received.header.body.removeprefix("sha256:"),
        "KEYS": str(len(received.keys)),
        "STATEMENT": str(len(received.statement)),
        "NOTE": readable(body_of(opened(received).note)),
        "SIG1": signatures[0].split(" ")[2][:32],
        "SIG2": signatures[1].split(" ")[2][:32],
        "NOTICE": readable(body_of(said.note)["carries"]),
        "CARD": readable(body_of(stored("kor.node-card"))),
        "FINGERPRINT": fingerprint_of(card),
        "KINDS": kinds(),
    }


def kinds() -> str:
    """The table of kinds, from the code."""
    rows = ["| Kind | Article | Says | May be answered by |", "|---|---|---|---|"]
    by_tag = {c.__struct_config__.tag: c for c in get_args(notices.About)}
    for kind, form in notices.FORMS.items():
        fields = ", ".join(f"`{f}`" for f in by_tag[kind].__struct_fields__)
        replies = ", ".join(f"`{a}`" for a in sorted(form.answers))
        alone = " *only*" if form.only_answer else ""
        rows.append(f"| `{kind}`{alone} | {form.article} | {fields} | {replies} |")
    return "\n".join(rows)


# -- the files ----------------------------------------------------------------------


def test_the_transmittals_open():
    for name, kind in (("items", Items), ("notice", Notice), ("heartbeat", Heartbeat)):
        got = opened(read(stored(f"{name}.gsomia"))[0])
        assert isinstance(got.body.carries, kind)
    got = opened(read(stored("items.gsomia"))[0])
    assert got.body.items() == examples.dispatch()[0].items()
    assert open_cover(got.body.items()[0].cover, got.item_key(0)) == COVER


def test_the_key_is_as_the_sources_say():
    assert KemPrivate.from_seed(seed("kem dih1.jpn.example")).key_id == JPN.kem.key_id


def test_the_receipt_is_for_the_items():
    card = open_card(stored("jpn.node-card"))
    header = read(stored("items.gsomia"))[0].header
    receipt = open_receipt(stored("items.receipt"), card.statement_keys, header)
    assert receipt.contiguous == 117


def test_the_cards_are_the_two_nodes():
    assert open_card(stored("kor.node-card")) == KOR.card
    assert open_card(stored("jpn.node-card")) == JPN.card


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_each_bad_one_is_refused_as_its_name_says(path: Path):
    error = {"input": BadInput, "proof": ProofFailed}[path.name.split("-")[0]]
    with pytest.raises(error):
        opened(read(path.read_bytes())[0])


def test_the_program_still_makes_every_file():
    assert len(BAD) == 9
    made = examples.make()
    names = {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*") if p.suffix != ".md"}
    assert set(made) == {n for n in names if (FOLDER / n).is_file()}
    assert {n: len(d) for n, d in made.items()} == {n: len(stored(n)) for n in made}


# -- the pages ----------------------------------------------------------------------


def test_sealed_item_page():
    item, given, *_ = blocks("sealed-item.md")
    assert bytes.fromhex(item) == examples.sealed_item()
    told = dict(line.split(None, 1) for line in given.split("\n"))
    assert told["key"] == examples.KEY.hex()
    assert (told["agreement"], told["reference"]) == (AGREEMENT, examples.REFERENCE)
    assert told["content"].replace(", and a line feed", "\n").encode() == examples.CONTENT
    formulas = "\n".join(blocks("sealed-item.md")).replace('" 00', '\\0"')
    assert '"gsomia/sealed-item/v1\\0"' in formulas
    assert item_aad("", "").startswith(b"gsomia/sealed-item/v1\0")
    labelled = b"gsomia/key-commitment/v1\0" + examples.KEY
    assert key_commitment(examples.KEY) == digest(labelled)


def test_cover_sheet_on_the_sealed_item_page():
    plain, sealed = blocks("sealed-item.md")[-2:]
    assert plain == encode(COVER).decode()
    assert bytes.fromhex(sealed) == seal_cover(COVER, examples.KEY)


def test_transmittal_page():
    container, *_ = blocks("transmittal.md")
    assert fits(container + "\n", stored("items.gsomia").decode("latin-1"))
    assert shown_parts()["NOTE"] in blocks("transmittal.md")


def test_receipt_page():
    assert fits(blocks("receipt.md")[0] + "\n", stored("items.receipt").decode())


def test_notice_page():
    shown = shown_parts()
    assert shown["NOTICE"] in blocks("notice.md")
    assert shown["KINDS"] in (DOCS / "notice.md").read_text(encoding="utf-8")


def test_node_card_page():
    shown = shown_parts()
    assert blocks("node-card.md")[:2] == [shown["CARD"], shown["FINGERPRINT"]]


@pytest.mark.parametrize("page", ["transmittal.md", "receipt.md", "notice.md", "node-card.md"])
def test_no_page_has_an_unfilled_place(page: str):
    assert "@" not in (DOCS / page).read_text(encoding="utf-8")
