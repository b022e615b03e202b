"""What the URI of a reference names: the data itself, a file beside, or a part of a package.

Nothing else is ever looked at: no host, no path, no file in another folder. Names are
compared in NFC after decoding, so that a name in Korean is found however it was written.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from gsomia.faults import BadInput, shown

MAX_NAME = 255
"""Bytes of a file's name in UTF-8: what file systems hold."""

PACK = "pack:///"

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN_PART = _PLAIN | frozenset(b"!$&'()*+,;=:@/")


class Target(StrEnum):
    """Where the data is that a URI names."""

    SELF = "self"  # the document or message that holds the binding, or a part of it
    BESIDE = "beside"  # a file in the same folder
    PACKAGE = "package"  # a part of the package that holds the binding
    OUTSIDE = "outside"  # anywhere else: never looked at


def target(uri: str) -> Target:
    """What kind of place a URI names."""
    if uri == "" or uri.startswith("#"):
        return Target.SELF
    if file_name(uri) is not None:
        return Target.BESIDE
    if part_name(uri) is not None:
        return Target.PACKAGE
    return Target.OUTSIDE


def file_name(uri: str) -> str | None:
    """The plain name, in NFC, of the file beside that a URI like `./name` names; or None."""
    path = uri.partition("#")[0]
    if not path.startswith("./") or "?" in path:
        return None
    name = _decoded(path[2:])
    return name if name is not None and is_file_name(name) else None


def is_file_name(name: str) -> bool:
    """Whether a text is a plain file's name and nothing more, on any system."""
    return (
        name not in ("", ".", "..")
        and not any(c in "/\\:" or ord(c) < 32 or ord(c) == 127 for c in name)
        and len(name.encode("utf-8", "surrogatepass")) <= MAX_NAME
    )


def beside(name: str) -> str:
    """The URI of a file beside the binding. Raises `BadInput` for what is no plain name."""
    if not is_file_name(name):
        raise BadInput("the plain name of a file", shown(name), "name")
    try:
        data = unicodedata.normalize("NFC", name).encode()
    except UnicodeEncodeError:
        raise BadInput("a file's name in UTF-8", shown(name), "name") from None
    return "./" + _encoded(data, _PLAIN)


def part_name(uri: str) -> str | None:
    """The name of the part, like `/word/document.xml`, that a pack URI names; or None."""
    path = uri.partition("#")[0]
    if not path.startswith(PACK) or "?" in path:
        return None
    name = _decoded(path[len(PACK) - 1 :])
    if name is None or any(s in ("", ".", "..") for s in name[1:].split("/")):
        return None
    return None if any(c == "\\" or ord(c) < 32 or ord(c) == 127 for c in name) else name


def pack(part: str) -> str:
    """The pack URI of a part of the package that holds the binding."""
    uri = PACK + _encoded(part.removeprefix("/").encode(), _PLAIN_PART)
    if part_name(uri) is None:
        raise BadInput("the name of a part", shown(part), "package")
    return uri


def _encoded(data: bytes, plain: frozenset[int]) -> str:
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in data)


def _decoded(text: str) -> str | None:
    """Text without its percent signs, in NFC; None if it is no UTF-8."""
    out, rest = bytearray(), text
    while rest:
        before, percent, rest = rest.partition("%")
        out += before.encode("utf-8", "surrogatepass")
        if percent:
            try:
                out += bytes.fromhex(rest[:2]) if len(rest) >= 2 else b"\xff"
            except ValueError:
                return None
            rest = rest[2:]
    try:
        return unicodedata.normalize("NFC", out.decode())
    except UnicodeDecodeError:
        return None
