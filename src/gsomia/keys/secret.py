"""What opens a vault or an officer's key: a passphrase or a key file, stretched to a key.

Neither shows its secret in any text form. Python cannot promise that memory
forgets: a process that may be read by others holds no secret safely.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from gsomia.canon import b64, unb64
from gsomia.faults import BadInput, Unavailable
from gsomia.keys.files import Rand, outside, read_private

MIN_PASSPHRASE = 12
"""Characters: the shortest passphrase that may be set."""

MAX_PASSPHRASE = 1024
"""Characters: the longest that is stretched at all."""

_KEY_FILE_MIN, _KEY_FILE_MAX = 32, 1 << 16

_SALT = 16
_KEY = 32


class Argon2Lock(Struct, frozen=True, forbid_unknown_fields=True, tag="argon2id"):
    """How a passphrase becomes a key: Argon2id's parameters, as kept in a file.

    The defaults are the second recommendation of RFC 9106, section 4. Raises
    `BadInput` outside the bounds: below, guessing would be cheap; above, a
    hostile file could take the machine's memory or hours of its time.
    """

    salt: str
    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 1 << 16

    def __post_init__(self) -> None:
        unb64(self.salt, "argon2id salt", _SALT)
        for name, value, low, high in (
            ("iterations", self.iterations, 3, 16),
            ("lanes", self.lanes, 1, 16),
            ("memory_kib", self.memory_kib, 1 << 16, 1 << 20),
        ):
            if not low <= value <= high:
                raise BadInput(f"{low} to {high}", f"{value}", f"argon2id {name}")


class HkdfLock(Struct, frozen=True, forbid_unknown_fields=True, tag="hkdf-sha256"):
    """How a key file becomes a key: HKDF with SHA-256 (RFC 5869) and this salt."""

    salt: str

    def __post_init__(self) -> None:
        unb64(self.salt, "hkdf salt", _SALT)


Lock = Argon2Lock | HkdfLock


class Passphrase:
    """A passphrase, compared after Unicode NFC, so that every keyboard's form of it is one.

    Raises `BadInput` for one that is empty or over 1,024 characters.
    """

    __slots__ = ("_text",)
    noun = "passphrase"

    def __init__(self, text: str) -> None:
        text = unicodedata.normalize("NFC", text)
        if not 0 < len(text) <= MAX_PASSPHRASE:
            raise BadInput(f"1 to {MAX_PASSPHRASE} characters", "more or none", "passphrase")
        try:
            self._text = text.encode()
        except UnicodeEncodeError:
            raise BadInput("text", "a lone surrogate", "passphrase") from None

    def __repr__(self) -> str:
        return "Passphrase(...)"

    def check_strength(self) -> None:
        """Raise `BadInput` if it is too short to be set. Does not look for weak words."""
        if len(self._text.decode()) < MIN_PASSPHRASE:
            raise BadInput(f"at least {MIN_PASSPHRASE} characters", "fewer", "passphrase")

    def new_lock(self, rand: Rand) -> Argon2Lock:
        """A fresh lock for this passphrase."""
        return Argon2Lock(salt=b64(rand(_SALT)))

    def derive(self, lock: Lock, purpose: bytes) -> bytes:
        """The 32-byte key for `lock`; takes tenths of a second and the lock's memory.

        Argon2id's associated data stays empty, which few libraries can set: the
        random salt keeps purposes apart. Raises `BadInput` if `lock` is for a
        key file, `Unavailable` if there is not the memory.
        """
        del purpose
        if not isinstance(lock, Argon2Lock):
            raise BadInput("a key file", "a passphrase", "secret")
        try:
            return Argon2id(
                salt=unb64(lock.salt, "argon2id salt", _SALT),
                length=_KEY,
                iterations=lock.iterations,
                lanes=lock.lanes,
                memory_cost=lock.memory_kib,
            ).derive(self._text)
        except MemoryError:
            raise Unavailable(
                "there is too little memory to stretch the passphrase",
                f"It takes {lock.memory_kib >> 10} MiB",
            ) from None


class KeyFile:
    """A file with at least 32 random bytes, which only its owner can read.

    Read when it is used, not before. For a node that starts without a person:
    put it on a medium that is not kept with the node's disk.
    """

    __slots__ = ("_path",)
    noun = "key file"

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def __repr__(self) -> str:
        return f"KeyFile({str(self._path)!r})"

    def check_strength(self) -> None:
        """Raise `BadInput` if the file is too short or others can read it."""
        self._read()

    def new_lock(self, rand: Rand) -> HkdfLock:
        """A fresh lock for this file."""
        return HkdfLock(salt=b64(rand(_SALT)))

    def derive(self, lock: Lock, purpose: bytes) -> bytes:
        """The 32-byte key for `lock` and `purpose`.

        Raises `BadInput` if `lock` is for a passphrase or the file will not do,
        `Unavailable` if it is not there.
        """
        if not isinstance(lock, HkdfLock):
            raise BadInput("a passphrase", "a key file", "secret")
        salt = unb64(lock.salt, "hkdf salt", _SALT)
        return HKDF(SHA256(), _KEY, salt, purpose).derive(self._read())

    def _read(self) -> bytes:
        with outside("the key file cannot be read"):
            data = read_private(self._path, _KEY_FILE_MAX, "key file")
        if len(data) < _KEY_FILE_MIN:
            raise BadInput(f"at least {_KEY_FILE_MIN} bytes", f"{len(data)} bytes", "key file")
        return data


Secret = Passphrase | KeyFile
