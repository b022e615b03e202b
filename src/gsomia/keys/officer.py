"""An officer's own key: a file that only its holder can open, and the statement that names it.

The officer makes the file, keeps it, and hands the public statement to the
security authority for enrolment. Nobody else, the node included, can act with
it. There is no way back from a lost passphrase: a new key is enrolled.
Format: `docs/formats/officer-key.md`.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from gsomia.canon import b64, decode, encode, unb64
from gsomia.faults import BadInput, shown
from gsomia.journal.statement import (
    SigningPair,
    StatementKeys,
    open_naming_signer,
    sign_statement,
)
from gsomia.keys.files import Rand, outside, read_private, write_new
from gsomia.keys.secret import Argon2Lock, Passphrase

FORMAT = "gsomia/officer-key/v1"
"""The version mark of the private file."""

ENROLMENT = "officer-key"
"""The kind of the public statement."""

_MAX_FILE = 1 << 16
_NONCE, _SEED, _TAG = 12, 32, 16
_WHERE = "officer's key"


class OfficerKey(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the enrolment statement: the holder's name and two public keys, in base64."""

    name: str
    ed25519: str
    mldsa87: str


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The private file: the statement in clear, both seeds wrapped under the passphrase."""

    format: str
    enrolment: str
    lock: Argon2Lock
    nonce: str
    wrapped: str


def create_officer_key(
    path: Path | str, name: str, passphrase: str, rand: Rand = os.urandom
) -> StatementKeys:
    """Make a new key for the officer `name`, in a new file (mode 0600), and return its public keys.

    Raises `BadInput` if the file exists (it is left alone), for a passphrase
    under 12 characters, and for a name that cannot stand in a signature line;
    `Unavailable` if it cannot be written, and then no file is left.
    """
    secret = Passphrase(passphrase)
    secret.check_strength()
    path = Path(path)
    if path.exists():
        raise _exists(path)
    ed_seed, ml_seed = rand(_SEED), rand(_SEED)
    pair = SigningPair.from_seeds(name, ed_seed, ml_seed)
    enrolment = sign_statement(ENROLMENT, _body(pair.public), pair).decode()
    lock, nonce = secret.new_lock(rand), rand(_NONCE)
    key = secret.derive(lock, FORMAT.encode())
    file = _File(FORMAT, enrolment, lock, b64(nonce), "")
    wrapped = AESGCM(key).encrypt(nonce, ed_seed + ml_seed, encode(file))
    file = _File(FORMAT, enrolment, lock, b64(nonce), b64(wrapped))
    with outside("the officer's key cannot be written"):
        try:
            write_new(path, encode(file) + b"\n")
        except FileExistsError:
            raise _exists(path) from None
    return pair.public


def load_officer_key(path: Path | str, passphrase: str) -> SigningPair:
    """The officer's signing keys.

    Raises `BadInput` if others can read the file, if it is no officer's key, or
    if the passphrase does not open it (or the file was altered: the two cannot be
    told apart); `Unavailable` if it is not there.
    """
    file = _read(Path(path))
    public = read_officer_key(file.enrolment.encode())
    nonce = unb64(file.nonce, _WHERE, _NONCE)
    wrapped = unb64(file.wrapped, _WHERE, 2 * _SEED + _TAG)
    key = Passphrase(passphrase).derive(file.lock, FORMAT.encode())
    clear = _File(file.format, file.enrolment, file.lock, file.nonce, "")
    try:
        seeds = AESGCM(key).decrypt(nonce, wrapped, encode(clear))
    except InvalidTag:
        raise BadInput("the passphrase of this key", "one that does not open it", _WHERE) from None
    pair = SigningPair.from_seeds(public.name, seeds[:_SEED], seeds[_SEED:])
    if pair.public != public:
        raise BadInput("seeds of the public keys in the file", "others", _WHERE)
    return pair


def public_of(path: Path | str) -> StatementKeys:
    """The public keys in an officer's key file; asks for no passphrase.

    Raises as `load_officer_key`, and `ProofFailed` if they did not sign themselves.
    """
    return read_officer_key(export_public(path))


def export_public(path: Path | str) -> bytes:
    """The enrolment statement: what the officer hands to the security authority.

    It was signed when the key was made, so that it proves possession; it is not
    secret. Raises as `public_of`.
    """
    data = _read(Path(path)).enrolment.encode()
    read_officer_key(data)
    return data


def read_officer_key(statement: bytes) -> StatementKeys:
    """The keys an enrolment statement names, which have signed it.

    It proves that one holder had both keys. It does NOT prove who the holder
    is: the security authority sees to that, face to face. Raises `BadInput`,
    `ProofFailed`.
    """
    return _keys(open_naming_signer(statement, ENROLMENT, OfficerKey, _keys, _WHERE))


def _keys(body: OfficerKey) -> StatementKeys:
    ed25519, mldsa87 = unb64(body.ed25519, _WHERE, 32), unb64(body.mldsa87, _WHERE, 2592)
    return StatementKeys(body.name, ed25519, mldsa87)


def _body(keys: StatementKeys) -> OfficerKey:
    return OfficerKey(keys.name, b64(keys.ed25519), b64(keys.mldsa87))


def _read(path: Path) -> _File:
    with outside("the officer's key cannot be read"):
        data = read_private(path, _MAX_FILE, _WHERE)
    if not data.endswith(b"\n"):
        raise BadInput("one line of JSON", "no line feed at the end", _WHERE)
    file = decode(data[:-1], _File, _WHERE, _MAX_FILE)
    if file.format != FORMAT:
        raise BadInput(FORMAT, shown(file.format), _WHERE)
    return file


def _exists(path: Path) -> BadInput:
    return BadInput("a new file", "one that exists", shown(path.name))
