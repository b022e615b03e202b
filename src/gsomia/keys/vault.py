"""A node's secrets at rest: each in a file of its own, under one key that a secret opens.

Promises: whoever holds the folder without the passphrase or key file learns
names, sizes and times, no more; a file that was altered, renamed or brought
from another vault does not open; what was destroyed is overwritten and gone.

Does not promise: that an older copy of a file, put back under its own name, is
noticed; nor that a passphrase that was changed cannot open a copy made before.
Format: `docs/formats/vault.md`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from gsomia.canon import b64, decode, encode, unb64
from gsomia.durable import make_folder, make_folders
from gsomia.faults import BadInput, ProofFailed, shown
from gsomia.keys.files import (
    Rand,
    outside,
    read_private,
    replace,
    replace_all,
    shred,
    write_new,
)
from gsomia.keys.secret import Argon2Lock, HkdfLock, KeyFile, Passphrase, Secret

__all__ = ["MAX_ITEM", "MAX_SECRET", "KeyFile", "Passphrase", "Secret", "Vault"]

VAULT_LINE = b"gsomia/vault/v1\n"
SECRET_LINE = b"gsomia/secret/v1\n"
SLOT_LINE = b"gsomia/slot/v1\n"

MAX_SECRET = 1 << 20
"""Bytes: the longest secret kept."""

MAX_ITEM = 200
"""Characters: the longest item identifier a slot is kept for."""

_HEADER = "vault"
_MAX_HEADER = 4096
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_NONCE, _TAG, _KEK = 12, 16, 32


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    """The vault file's JSON: the lock, and the key-encryption key wrapped under it."""

    lock: Argon2Lock | HkdfLock
    nonce: str
    wrapped: str


class Vault:
    """An open vault. Made by `create` and `open`; threads may share one, processes may not.

    A failing or full disk is `Unavailable` in every method.
    """

    def __init__(self, folder: Path, kek: bytes, rand: Rand) -> None:
        self._folder, self._kek, self._rand = folder, kek, rand
        self._aead = AESGCM(kek)

    def __repr__(self) -> str:
        return f"Vault({str(self._folder)!r})"

    # -- the vault -----------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path | str, secret: Secret, rand: Rand = os.urandom) -> Vault:
        """Make a vault in `folder`, which is made (mode 0700) if it is missing, and open it.

        Raises `BadInput` if there is a vault already, if others can enter the
        folder, or for a passphrase under 12 characters.
        """
        folder = Path(folder)
        secret.check_strength()
        kek = rand(_KEK)
        header = _header(kek, secret, rand)
        with outside("the vault cannot be created"):
            make_folder(folder)
            _check_folder(folder)
            for part in ("tmp", "secrets", "slots"):
                make_folder(folder / part)
            try:
                write_new(folder / _HEADER, header)
            except FileExistsError:
                raise BadInput("a folder without a vault", "one with a vault", "vault") from None
        return cls(folder, kek, rand)

    @classmethod
    def open(cls, folder: Path | str, secret: Secret, rand: Rand = os.urandom) -> Vault:
        """Open the vault in `folder`, and overwrite what a crash left half written.

        Raises `BadInput` for a folder without a vault, for one that others can
        read, and for a secret that does not open it; whether the secret is wrong
        or the file altered cannot be told apart.
        """
        folder = Path(folder)
        with outside("the vault cannot be read"):
            try:
                data = read_private(folder / _HEADER, _MAX_HEADER, "vault")
            except FileNotFoundError:
                raise BadInput("a folder with a vault", "one without", "vault") from None
            _check_folder(folder)
        kek = _unwrap(data, secret)
        with outside("the vault cannot be swept"):
            for path in (folder / "tmp").iterdir():
                shred(path, rand, folder / "tmp")
        return cls(folder, kek, rand)

    def change_secret(self, secret: Secret) -> None:
        """Let `secret`, and only it, open this vault from now on; the files stay as they are.

        A copy of the old vault file still opens with the old secret. Raises
        `BadInput` for a passphrase under 12 characters.
        """
        secret.check_strength()
        header = _header(self._kek, secret, self._rand)
        with outside("the vault cannot be written"):
            replace(self._folder / _HEADER, header, self._folder / "tmp", self._rand)

    # -- secrets -------------------------------------------------------------------

    def put(self, name: str, secret: bytes) -> None:
        """Keep `secret` under `name`, durably, overwriting an earlier one.

        `name` is 1 to 128 of `A-Z a-z 0-9 . _ -` and does not begin with a dot.
        Raises `BadInput` for another name, or for a secret over 1 MiB.
        """
        path = self._secret_path(name)
        sealed = self._sealed(SECRET_LINE, name.encode(), secret)
        with outside("the vault cannot be written"):
            replace(path, sealed, self._folder / "tmp", self._rand)

    def get(self, name: str) -> bytes | None:
        """The secret under `name`, or None. Raises `ProofFailed` if its file was changed."""
        return self._read(self._secret_path(name), SECRET_LINE, name.encode(), "secret")

    def names(self) -> list[str]:
        """The names that have a secret, sorted."""
        with outside("the vault cannot be read"):
            return sorted(path.name for path in (self._folder / "secrets").iterdir())

    def destroy(self, name: str) -> bool:
        """Overwrite and remove the secret under `name`; whether there was one."""
        path = self._secret_path(name)
        with outside("a secret cannot be destroyed"):
            return shred(path, self._rand, self._folder / "tmp")

    # -- slots ---------------------------------------------------------------------

    def put_slot(self, item: str, dek: bytes) -> None:
        """Keep an item's data-encryption key, durably, overwriting an earlier one.

        `item` is any text of 1 to 200 characters; it does not show in the
        folder. Raises `BadInput` for other lengths.
        """
        self.put_slots({item: dek})

    def put_slots(self, deks: Mapping[str, bytes]) -> None:
        """Keep several items' keys, as `put_slot` does each, flushed together.

        If one fails, others may be kept already.
        """
        new = {}
        for item, dek in deks.items():
            path, name = self._slot_path(item), item.encode()
            data = len(name).to_bytes(2) + name + dek
            new[path] = self._sealed(SLOT_LINE, path.name.encode(), data)
        with outside("the vault cannot be written"):
            make_folders(path.parent for path in new)
            replace_all(new, self._folder / "tmp", self._rand)

    def slot(self, item: str) -> bytes | None:
        """The item's key, or None. Raises `ProofFailed` if its file was changed."""
        path = self._slot_path(item)
        data = self._read(path, SLOT_LINE, path.name.encode(), "slot")
        return None if data is None else _split_slot(data)[1]

    def destroy_slot(self, item: str) -> bool:
        """Overwrite the item's key with random bytes and remove it; whether there was one.

        When this returns, the content sealed under the key is beyond reach, as
        far as the drive wrote over the blocks it was told to.
        """
        path = self._slot_path(item)
        with outside("a slot cannot be destroyed"):
            return shred(path, self._rand, self._folder / "tmp")

    def slots(self) -> Iterator[str]:
        """The items that have a key, in no useful order; opens each file."""
        with outside("the vault cannot be read"):
            paths = sorted((self._folder / "slots").glob("*/*"))
        for path in paths:
            data = self._read(path, SLOT_LINE, path.name.encode(), "slot")
            if data is not None:
                yield _split_slot(data)[0]

    # -- files ---------------------------------------------------------------------

    def _secret_path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BadInput("a name of 1 to 128 letters, digits, . _ -", shown(name), "vault")
        return self._folder / "secrets" / name

    def _slot_path(self, item: str) -> Path:
        if not 0 < len(item) <= MAX_ITEM:
            raise BadInput(f"an item of 1 to {MAX_ITEM} characters", f"{len(item)}", "slot")
        try:
            digest = sha256(item.encode()).hexdigest()
        except UnicodeEncodeError:
            raise BadInput("an item that is text", "a lone surrogate", "slot") from None
        return self._folder / "slots" / digest[:2] / digest

    def _sealed(self, line: bytes, name: bytes, data: bytes) -> bytes:
        """A file's bytes: the version line, and `data` under this vault's key."""
        if len(data) > MAX_SECRET:
            raise BadInput(f"at most {MAX_SECRET} bytes", f"{len(data)} bytes", "vault")
        nonce = self._rand(_NONCE)
        return line + nonce + self._aead.encrypt(nonce, data, line + name)

    def _read(self, path: Path, line: bytes, name: bytes, noun: str) -> bytes | None:
        limit = len(line) + _NONCE + MAX_SECRET + _TAG
        with outside("the vault cannot be read"):
            try:
                data = read_private(path, limit, noun)
            except FileNotFoundError:
                return None
        if not data.startswith(line):
            raise BadInput(line.decode().rstrip(), "another beginning", noun)
        nonce, sealed = data[len(line) :][:_NONCE], data[len(line) + _NONCE :]
        try:
            return self._aead.decrypt(nonce, sealed, line + name)
        except (InvalidTag, ValueError):
            raise ProofFailed(
                f"the {noun} does not open: altered, renamed, or from another vault", "vault"
            ) from None


def _check_folder(folder: Path) -> None:
    mode = folder.stat().st_mode
    if mode & 0o077:
        raise BadInput(
            "a folder that only its owner can enter (mode 0700)",
            f"mode {mode & 0o777:04o}",
            "vault",
        )


def _header(kek: bytes, secret: Secret, rand: Rand) -> bytes:
    """The vault file: the version line, and one line of canonical JSON."""
    lock = secret.new_lock(rand)
    nonce = rand(_NONCE)
    wrapped = AESGCM(secret.derive(lock, VAULT_LINE)).encrypt(nonce, kek, VAULT_LINE + encode(lock))
    return VAULT_LINE + encode(_Header(lock, b64(nonce), b64(wrapped))) + b"\n"


def _unwrap(data: bytes, secret: Secret) -> bytes:
    if not data.startswith(VAULT_LINE) or not data.endswith(b"\n"):
        raise BadInput(VAULT_LINE.decode().rstrip(), "another beginning or end", "vault")
    header = decode(data[len(VAULT_LINE) : -1], _Header, "vault", _MAX_HEADER)
    nonce = unb64(header.nonce, "vault nonce", _NONCE)
    wrapped = unb64(header.wrapped, "vault wrapped key", _KEK + _TAG)
    key = secret.derive(header.lock, VAULT_LINE)
    try:
        return AESGCM(key).decrypt(nonce, wrapped, VAULT_LINE + encode(header.lock))
    except InvalidTag:
        raise BadInput(f"the vault's {secret.noun}", "one that does not open it") from None


def _split_slot(data: bytes) -> tuple[str, bytes]:
    """The item and its key, from a slot's plaintext."""
    size = int.from_bytes(data[:2])
    return data[2 : 2 + size].decode(), data[2 + size :]
