"""The cover sheet of an item: title and, for an oral disclosure, what was said.

It is content: it lies sealed under the item's own key, in the register as on the
way, and becomes unreadable when that key is destroyed.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gsomia.canon import decode, encode
from gsomia.exchange.fields import check_instant, check_line
from gsomia.faults import ProofFailed

MAX_COVER = 64 << 10
"""Bytes of the largest cover sheet: the words of an oral disclosure fit."""

_INFO = b"gsomia/cover/v1"
_NONCE = bytes(12)


class Cover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the cover sheet says. `said` is empty where there is a file.

    `said_at` is an instant text, `place` one line. Raises `BadInput` for a title
    that does not print on one line: what officers compare must hide nothing.
    """

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    said: Annotated[str, msgspec.Meta(max_length=16_000)] = ""
    said_at: Annotated[str, msgspec.Meta(max_length=40)] = ""
    place: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def __post_init__(self) -> None:
        check_line(self.title, "cover.title")
        check_line(self.place, "cover.place")
        if self.said_at:
            check_instant(self.said_at, "cover.said_at")


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=_INFO).derive(key))


def seal_cover(cover: Cover, key: bytes) -> bytes:
    """The sealed cover sheet. Each item key seals one cover and no other: the nonce is fixed.

    Raises `BadInput` for a cover that `open_cover` would refuse.
    """
    plain = encode(cover)
    decode(plain, Cover, "cover", MAX_COVER)
    return _cipher(key).encrypt(_NONCE, plain, _INFO)


def open_cover(sealed: bytes, key: bytes) -> Cover:
    """Open a cover sheet. Raises `ProofFailed` if it does not open, `BadInput` if malformed."""
    try:
        plain = _cipher(key).decrypt(_NONCE, sealed, _INFO)
    except InvalidTag:
        raise ProofFailed("the cover sheet does not open with the item's key", "cover") from None
    return decode(plain, Cover, "cover", MAX_COVER)
