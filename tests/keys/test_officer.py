"""An officer's key: only the passphrase opens it, and the public statement proves it is held."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gsomia.canon import b64
from gsomia.faults import BadInput, ProofFailed, Unavailable
from gsomia.journal.statement import SigningPair, StatementKeys, open_statement, sign_statement
from gsomia.keys.officer import (
    OfficerKey,
    create_officer_key,
    export_public,
    load_officer_key,
    public_of,
    read_officer_key,
)
from gsomia.keys.secret import Argon2Lock, Passphrase

GOOD = "correct horse battery"
NAME = "kr.example/officer/kim"
VECTOR = Path(__file__).parents[1] / "vectors" / "officer-key" / "officer.key"
DOCS = Path(__file__).parents[2] / "docs" / "formats"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, StatementKeys]:
    """A key file's bytes and its public keys, made once."""
    path = tmp_path_factory.mktemp("officer") / "officer.key"
    keys = create_officer_key(path, NAME, GOOD)
    return path.read_bytes(), keys


@pytest.fixture
def path(made: tuple[bytes, StatementKeys], tmp_path: Path) -> Path:
    path = tmp_path / "officer.key"
    path.touch(0o600)
    path.write_bytes(made[0])
    return path


def change(path: Path, **changes: object) -> None:
    """Write the file again with some fields changed, in canonical form."""
    data = json.loads(path.read_text()) | changes
    path.write_text(
        json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    )


def test_the_passphrase_gives_the_keys_that_were_made(path: Path, made) -> None:
    pair = load_officer_key(path, GOOD)
    assert pair.public == public_of(path) == made[1]
    assert pair.name == NAME
    body = OfficerKey("a", "b", "c")
    signed = sign_statement("example", body, pair)
    assert open_statement(signed, "example", OfficerKey, made[1], "test") == body


def test_a_new_file_is_private_and_every_key_differs(tmp_path: Path, made) -> None:
    keys = create_officer_key(tmp_path / "new", NAME, GOOD)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    assert keys.ed25519 != made[1].ed25519
    assert keys.mldsa87 != made[1].mldsa87


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"mine")
    with pytest.raises(BadInput, match="expected a new file"):
        create_officer_key(tmp_path / "taken", NAME, GOOD)
    assert (tmp_path / "taken").read_bytes() == b"mine"


@pytest.mark.parametrize("passphrase", ["", "x" * 11])
def test_a_short_passphrase_makes_no_file(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(BadInput, match="passphrase: expected"):
        create_officer_key(tmp_path / "new", NAME, passphrase)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "x" * 300])
def test_a_name_that_cannot_sign_makes_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        create_officer_key(tmp_path / "new", name, GOOD)
    assert not (tmp_path / "new").exists()


def test_a_full_disk_leaves_no_file(tmp_path: Path, file_size_limit) -> None:
    with pytest.raises(Unavailable, match="cannot be written"), file_size_limit(1000):
        create_officer_key(tmp_path / "new", NAME, GOOD)
    assert not (tmp_path / "new").exists()


def test_a_wrong_passphrase(path: Path) -> None:
    with pytest.raises(BadInput, match="the passphrase of this key, got one that does not open"):
        load_officer_key(path, GOOD + ".")
    load_officer_key(path, GOOD)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_others_can_read_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    for use in (public_of, export_public, lambda path: load_officer_key(path, GOOD)):
        with pytest.raises(BadInput, match="only its owner can read"):
            use(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read"):
        load_officer_key(tmp_path / "none", GOOD)


def test_the_public_statement_is_enough_for_enrolment(path: Path, made) -> None:
    statement = export_public(path)
    assert statement.startswith(b"gsomia/officer-key/v1\n{")
    assert read_officer_key(statement) == made[1]


def test_a_statement_with_anothers_key_is_refused(path: Path, tmp_path: Path) -> None:
    """Who enrols a key must hold it: neither key can be replaced by somebody else's."""
    other = create_officer_key(tmp_path / "other", NAME, GOOD)
    mine = load_officer_key(path, GOOD)
    bodies = [
        OfficerKey(NAME, b64(other.ed25519), b64(mine.public.mldsa87)),
        OfficerKey(NAME, b64(mine.public.ed25519), b64(other.mldsa87)),
        OfficerKey(NAME + "2", b64(mine.public.ed25519), b64(mine.public.mldsa87)),
    ]
    for body in bodies:
        with pytest.raises(ProofFailed):
            read_officer_key(sign_statement("officer-key", body, mine))
    good = OfficerKey(NAME, b64(mine.public.ed25519), b64(mine.public.mldsa87))
    assert read_officer_key(sign_statement("officer-key", good, mine)) == mine.public


LOCK: dict[str, Any] = {
    "iterations": 3,
    "lanes": 4,
    "memory_kib": 65536,
    "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
    "type": "argon2id",
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lock": LOCK}, "one that does not open it"),  # in form, but another lock
        ({"nonce": "AAAAAAAAAAAAAAAA"}, "one that does not open it"),
        ({"wrapped": "A" * 107 + "="}, "one that does not open it"),
        ({"lock": LOCK | {"memory_kib": 100 << 20}}, "memory_kib: expected"),
        ({"lock": LOCK | {"iterations": 1}}, "iterations: expected"),
        ({"format": "gsomia/officer-key/v2"}, "expected gsomia/officer-key/v1, got"),
        ({"nonce": "AAAA"}, "expected 12 bytes"),
        ({"wrapped": "AAAA"}, "expected 80 bytes"),
        ({"more": 1}, "officer's key: expected"),
        ({"enrolment": "x"}, "officer's key"),
        ({"enrolment": "x" * 70_000}, "at most 65536 bytes"),
    ],
)
def test_altered_files(path: Path, changes: dict[str, object], message: str) -> None:
    change(path)  # the good twin: writing it again is harmless
    load_officer_key(path, GOOD)
    change(path, **changes)
    with pytest.raises(BadInput, match=message):
        load_officer_key(path, GOOD)


def test_anothers_statement_in_the_file_is_refused(path: Path, tmp_path: Path) -> None:
    create_officer_key(tmp_path / "other", NAME, GOOD)
    change(path, enrolment=export_public(tmp_path / "other").decode())
    with pytest.raises(BadInput, match="does not open it"):
        load_officer_key(path, GOOD)


def test_seeds_of_other_keys_are_refused(path: Path, tmp_path: Path) -> None:
    """Wrapped as they should be, but not those whose public keys stand in the file."""
    for seeds in (drawn := [bytes([1]) * 64, bytes([2]) * 64]):
        pair = SigningPair.from_seeds(NAME, seeds[:32], seeds[32:])
        body = OfficerKey(NAME, b64(pair.public.ed25519), b64(pair.public.mldsa87))
        lock = Argon2Lock(**{k: v for k, v in LOCK.items() if k != "type"})
        clear = {
            "enrolment": sign_statement("officer-key", body, pair).decode(),
            "format": "gsomia/officer-key/v1",
            "lock": LOCK,
            "nonce": "A" * 16,
        }
        change(path, **clear, wrapped="")
        aead = AESGCM(Passphrase(GOOD).derive(lock, b""))
        wrapped = aead.encrypt(bytes(12), drawn[0], path.read_bytes()[:-1])
        change(path, wrapped=b64(wrapped))
        if seeds is drawn[0]:
            assert load_officer_key(path, GOOD).public == pair.public
        else:
            with pytest.raises(BadInput, match="seeds of the public keys in the file"):
                load_officer_key(path, GOOD)


def test_other_encodings_of_the_file_are_refused(path: Path) -> None:
    data = path.read_bytes()
    for bad in (data[:-1], data + b"\n", b" " + data, data.replace(b'","', b'", "', 1), b""):
        path.write_bytes(bad)
        with pytest.raises(BadInput):
            public_of(path)
    path.write_bytes(data)
    public_of(path)


def test_no_secret_stands_in_the_file_or_an_error(tmp_path: Path) -> None:
    drawn: list[bytes] = []

    def rand(size: int) -> bytes:
        drawn.append((b"SEED%d" % len(drawn) * 16)[:size])
        return drawn[-1]

    create_officer_key(tmp_path / "new", NAME, GOOD, rand)
    data = (tmp_path / "new").read_bytes()
    for seed in drawn[:2]:
        assert len(seed) == 32
        assert seed not in data
        assert b64(seed).encode()[:30] not in data
    with pytest.raises(BadInput) as caught:
        load_officer_key(tmp_path / "new", "another passphrase")
    assert "another" not in repr(caught.value)
    assert "SEED" not in repr(load_officer_key(tmp_path / "new", GOOD))


def test_the_published_file_opens(tmp_path: Path) -> None:
    """What this release wrote, every later one opens."""
    path = tmp_path / "officer.key"
    path.touch(0o600)
    path.write_bytes(VECTOR.read_bytes())
    pair = load_officer_key(path, GOOD)
    assert pair.public == public_of(path)
    assert export_public(path) == VECTOR.with_name("enrolment.txt").read_bytes()
    page = (DOCS / "officer-key.md").read_text()
    data = json.loads(VECTOR.read_text())
    assert all(data[field] in page for field in ("format", "nonce", "wrapped"))
    assert data["enrolment"].splitlines()[1][:60] in page
