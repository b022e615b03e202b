"""Secrets that open things: what may be set, how it is stretched, and that it never shows."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gsomia.canon import b64
from gsomia.faults import BadInput, Unavailable
from gsomia.keys.secret import Argon2Lock, HkdfLock, KeyFile, Passphrase

SALT = b64(bytes(range(16)))
GOOD = "correct horse battery"


def key_file(path: Path, data: bytes, mode: int = 0o600) -> KeyFile:
    path.write_bytes(data)
    path.chmod(mode)
    return KeyFile(path)


def test_a_passphrase_is_stretched_with_argon2id() -> None:
    expected = Argon2id(
        salt=bytes(range(16)), length=32, iterations=3, lanes=4, memory_cost=65536
    ).derive(GOOD.encode())
    assert Passphrase(GOOD).derive(Argon2Lock(SALT), b"x") == expected


def test_both_forms_of_one_text_are_one_passphrase() -> None:
    """Keyboards differ in how they write Korean syllables and accents."""
    lock = Argon2Lock(SALT)
    assert Passphrase("비밀번호비밀번호비밀번호é").derive(lock, b"") == Passphrase(
        "비밀번호비밀번호비밀번호e\u0301"
    ).derive(lock, b"")


@pytest.mark.parametrize("text", ["x" * 12, "비밀번호비밀번호비밀번호", "x" * 1024])
def test_passphrases_that_may_be_set(text: str) -> None:
    Passphrase(text).check_strength()


def test_passphrases_that_may_not(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least 12 characters, got fewer"):
        Passphrase("x" * 11).check_strength()
    for text in ["", "x" * 1025, "\ud800" * 12]:
        with pytest.raises(BadInput, match="passphrase"):
            Passphrase(text)


BOUNDS = [
    ("iterations", 3, 16),
    ("lanes", 1, 16),
    ("memory_kib", 65536, 1 << 20),
]


@pytest.mark.parametrize(("name", "low", "high"), BOUNDS)
def test_parameters_have_bounds(name: str, low: int, high: int) -> None:
    Argon2Lock(SALT, **{name: low})
    Argon2Lock(SALT, **{name: high})
    for value in (low - 1, high + 1, 100 << 20, -1, 0):
        with pytest.raises(BadInput, match=name):
            Argon2Lock(SALT, **{name: value})


@pytest.mark.parametrize("salt", ["", b64(bytes(15)), b64(bytes(17)), "*" * 24])
def test_salts_have_sixteen_bytes(salt: str) -> None:
    for lock in (Argon2Lock, HkdfLock):
        with pytest.raises(BadInput, match="salt"):
            lock(salt)


def test_a_key_file_gives_a_key_by_its_bytes_salt_and_purpose(tmp_path: Path) -> None:
    first = key_file(tmp_path / "a", b"k" * 32)
    same = key_file(tmp_path / "b", b"k" * 32)
    other = key_file(tmp_path / "c", b"k" * 33)
    lock = HkdfLock(SALT)
    assert first.derive(lock, b"p") == same.derive(lock, b"p")
    keys = [
        first.derive(lock, b"p"),
        first.derive(lock, b"q"),
        first.derive(HkdfLock(b64(bytes(16))), b"p"),
        other.derive(lock, b"p"),
    ]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o610])
def test_a_key_file_others_have_a_right_to_is_refused(tmp_path: Path, mode: int) -> None:
    secret = key_file(tmp_path / "k", b"k" * 32, mode)
    with pytest.raises(BadInput, match=f"only its owner can read.*mode {mode:04o}"):
        secret.check_strength()
    (tmp_path / "k").chmod(0o400)
    secret.check_strength()


def test_key_files_that_will_not_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least 32 bytes, got 31 bytes"):
        key_file(tmp_path / "short", b"k" * 31).check_strength()
    with pytest.raises(BadInput, match="at most 65536 bytes"):
        key_file(tmp_path / "long", b"k" * 65537).check_strength()
    with pytest.raises(Unavailable, match="key file cannot be read"):
        KeyFile(tmp_path / "none").check_strength()
    with pytest.raises(BadInput, match="a plain file"):
        KeyFile("/dev/zero").check_strength()


def test_each_secret_has_its_own_lock(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="expected a key file, got a passphrase"):
        Passphrase(GOOD).derive(HkdfLock(SALT), b"")
    with pytest.raises(BadInput, match="expected a passphrase, got a key file"):
        key_file(tmp_path / "k", b"k" * 32).derive(Argon2Lock(SALT), b"")


def test_no_text_form_shows_a_secret(tmp_path: Path) -> None:
    secret = Passphrase(GOOD)
    shown = [repr(secret), str(secret), f"{secret}", repr([secret]), repr(key_file(
        tmp_path / "k", b"KEYBYTES" * 4))]  # fmt: skip
    for wrong in (lambda: Passphrase("short").check_strength(), lambda: Passphrase(GOOD * 99)):
        with pytest.raises(BadInput) as caught:
            wrong()
        shown += traceback.format_exception(caught.value, chain=True)
        shown.append(repr(caught.value.args))
    text = "".join(line for line in shown if "wrong()" not in line)
    assert "correct" not in text
    assert "KEYBYTES" not in text
