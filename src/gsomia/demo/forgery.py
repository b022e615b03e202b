"""An insider who holds all of a node's keys tries to rewrite its history."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gsomia.app import KeyFile, open_vault, read_settings
from gsomia.app.running import split_endpoint
from gsomia.canon import unb64
from gsomia.demo.cast import AGREEMENT, Side
from gsomia.demo.story import Story
from gsomia.exchange.card import open_card
from gsomia.faults import BadInput, Unavailable
from gsomia.http.link import Answer, HttpLink
from gsomia.journal.checkpoint import Checkpoint, sign_checkpoint
from gsomia.journal.witness import add_checkpoint_request
from gsomia.keys.tls import contexts
from gsomia.node.identity import Identity


def rewrite(story: Story, kor: Side, jpn: Side) -> None:
    """Sign, with the node's own keys, another tree of a size that the partner has cosigned."""
    kor.door.tick()
    size = int(kor.view_book_size(AGREEMENT))
    answer = _ask(kor, jpn, size)
    if answer.status == 200:
        raise BadInput("a refusal", "a cosignature", "rewritten history")
    rows = jpn.rows("alarms")
    alarm = next((r for r in rows if r["what"].startswith("history")), None)
    if alarm is None:
        raise Unavailable("the partner raised no alarm")
    story.rejected(
        "JPN-DIH1",
        "cosigning a rewritten Korean journal",
        "history_only_grows",
        "security authorities of both sides, by inspection",
        alarm["text"],
    )


def _ask(kor: Side, jpn: Side, size: int) -> Answer:
    folder: Path = kor.folder
    vault = open_vault(folder, KeyFile(kor.secret))
    identity = Identity(read_settings(folder), vault)
    origin = f"{identity.log_origin}/{AGREEMENT}"
    forged = Checkpoint(origin, size, hashlib.sha256(b"another history").digest())
    note = sign_checkpoint(forged, identity.log_signers(origin))
    request = add_checkpoint_request(size, (), note)
    card = open_card(jpn.door.card())
    pinned = unb64(card.tls_certificate, "card")
    key, certificate = vault.get("tls"), vault.get("tls-certificate")
    if key is None or certificate is None:
        raise Unavailable("the vault has no key for the link")
    link = HttpLink(
        lambda _: (*split_endpoint(card.endpoint), pinned),
        lambda one: contexts(certificate, key, [one])[1],
    )
    try:
        path = f"/checkpoint/{AGREEMENT}"
        return link.send(jpn.registry, path, iter((memoryview(request),)), len(request))
    finally:
        link.close()
