"""What can go wrong, told apart by who is at fault.

A *refusal* is not an error: it is a value with its reasons (`gsomia.ruling`).
An *error* is bad input, a proof that does not hold, or a service out of reach:
one class each, below. A *bug* is anything else; nothing catches it.

Messages say what was expected, what came, and where. They never carry content,
keys, or other classified values: pass the *kind* of what came, not the thing.
"""

from __future__ import annotations

_SHOWN = 80


def shown(value: object) -> str:
    """A short, printable form of an untrusted value, safe in a message.

    Control and other invisible characters come out escaped, so that a hostile
    input cannot forge lines in a terminal or a log.
    """
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


class GsomiaError(Exception):
    """The base of every error this package raises on purpose."""


class BadInput(GsomiaError):
    """Input that breaks its format or its vocabulary. Nothing was changed."""

    def __init__(self, expected: str, got: str, where: str = "") -> None:
        self.expected, self.got, self.where = expected, got, where
        super().__init__(f"{where + ': ' if where else ''}expected {expected}, got {got}")


class ProofFailed(GsomiaError):
    """A signature, digest or Merkle proof that does not hold."""

    def __init__(self, what: str, where: str = "") -> None:
        self.what, self.where = what, where
        super().__init__(f"{where + ': ' if where else ''}{what}")


class Unavailable(GsomiaError):
    """A node, peer, disk or lock that cannot serve now; trying later may help."""

    def __init__(self, what: str, hint: str = "") -> None:
        self.what, self.hint = what, hint
        super().__init__(f"{what}{'. ' + hint if hint else ''}")
