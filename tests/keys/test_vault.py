"""The vault: what its secret opens, what it refuses, and what is gone."""

from __future__ import annotations

import json
import os
import stat
import traceback
from collections.abc import Callable
from hashlib import sha256, shake_256
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput, ProofFailed, Unavailable
from gsomia.keys.vault import KeyFile, Passphrase, Vault

GOOD = Passphrase("correct horse battery")
VECTORS = Path(__file__).parents[1] / "vectors" / "vault"
DOCS = Path(__file__).parents[2] / "docs" / "formats"


def counted() -> Callable[[int], bytes]:
    """Bytes that look random and repeat from run to run."""
    numbers = count()
    return lambda size: shake_256(b"%d" % next(numbers)).digest(size)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    """A secret that costs no time to stretch."""
    path = tmp_path_factory.mktemp("key") / "key"
    path.touch(0o600)
    path.write_bytes(b"k" * 32)
    return KeyFile(path)


@pytest.fixture
def vault(tmp_path: Path, key_file: KeyFile) -> Vault:
    return Vault.create(tmp_path / "vault", key_file)


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# -- opening ------------------------------------------------------------------------


def test_a_passphrase_opens_what_it_closed(tmp_path: Path) -> None:
    Vault.create(tmp_path / "v", GOOD).put("node-key", b"seed")
    assert Vault.open(tmp_path / "v", GOOD).get("node-key") == b"seed"


def test_a_wrong_passphrase(tmp_path: Path) -> None:
    Vault.create(tmp_path / "v", GOOD)
    wrong = "expected the vault's passphrase, got one that does not open it"
    with pytest.raises(BadInput, match=wrong):
        Vault.open(tmp_path / "v", Passphrase("correct horse battery "))


def test_a_wrong_key_file(vault: Vault, tmp_path: Path, key_file: KeyFile) -> None:
    (tmp_path / "other").touch(0o600)
    (tmp_path / "other").write_bytes(b"l" * 32)
    with pytest.raises(BadInput, match="the vault's key file, got one that does not open it"):
        Vault.open(tmp_path / "vault", KeyFile(tmp_path / "other"))
    with pytest.raises(BadInput, match="expected a key file, got a passphrase"):
        Vault.open(tmp_path / "vault", GOOD)
    Vault.open(tmp_path / "vault", key_file)


def test_a_short_passphrase_cannot_be_set(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least 12"):
        Vault.create(tmp_path / "v", Passphrase("x" * 11))
    assert not (tmp_path / "v").exists()
    with pytest.raises(BadInput, match="at least 12"):
        vault.change_secret(Passphrase("x" * 11))


def test_create_never_replaces_a_vault(vault: Vault, tmp_path: Path, key_file: KeyFile) -> None:
    vault.put("a", b"1")
    with pytest.raises(BadInput, match="a folder without a vault"):
        Vault.create(tmp_path / "vault", key_file)
    assert Vault.open(tmp_path / "vault", key_file).get("a") == b"1"


def test_a_folder_without_a_vault(tmp_path: Path, key_file: KeyFile) -> None:
    with pytest.raises(BadInput, match="a folder with a vault"):
        Vault.open(tmp_path, key_file)
    with pytest.raises(Unavailable, match="cannot be created"):
        Vault.create(tmp_path / "no" / "vault", key_file)


def test_the_secret_can_be_changed(vault: Vault, tmp_path: Path, key_file: KeyFile) -> None:
    vault.put("a", b"1")
    before = (tmp_path / "vault" / "vault").read_bytes()
    vault.change_secret(GOOD)
    assert Vault.open(tmp_path / "vault", GOOD).get("a") == b"1"
    with pytest.raises(BadInput, match="expected a passphrase, got a key file"):
        Vault.open(tmp_path / "vault", key_file)
    assert before not in all_bytes(tmp_path)


def test_folders_and_files_are_private(vault: Vault, tmp_path: Path) -> None:
    vault.put("a", b"1")
    vault.put_slot("item", b"k" * 32)
    for path in [tmp_path / "vault", *(tmp_path / "vault").rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected


def test_a_vault_others_can_read_is_refused(
    vault: Vault, tmp_path: Path, key_file: KeyFile
) -> None:
    vault.put("a", b"1")
    folder = tmp_path / "vault"
    for path, mode in [(folder, 0o750), (folder / "vault", 0o640)]:
        good = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode)
        with pytest.raises(BadInput, match="only its owner"):
            Vault.open(folder, key_file)
        path.chmod(good)
    (folder / "secrets" / "a").chmod(0o644)
    with pytest.raises(BadInput, match="only its owner"):
        Vault.open(folder, key_file).get("a")


# -- the vault file -----------------------------------------------------------------


def test_every_altered_byte_of_the_vault_file_is_refused(
    vault: Vault, tmp_path: Path, key_file: KeyFile
) -> None:
    path = tmp_path / "vault" / "vault"
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(BadInput):
            Vault.open(tmp_path / "vault", key_file)
    path.write_bytes(data)
    Vault.open(tmp_path / "vault", key_file)


LOCK: dict[str, object] = {
    "iterations": 3,
    "lanes": 4,
    "memory_kib": 65536,
    "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
    "type": "argon2id",
}
HEADER: dict[str, object] = {"lock": LOCK, "nonce": "A" * 16, "wrapped": "A" * 64}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "one that does not open it"),  # the good twin: its form is right
        ({"lock": LOCK | {"memory_kib": 100 << 20}}, "memory_kib: expected 65536 to"),
        ({"lock": LOCK | {"iterations": 1 << 30}}, "iterations: expected 3 to 16"),
        ({"lock": LOCK | {"lanes": 0}}, "lanes: expected 1 to 16"),
        ({"lock": LOCK | {"memory_kib": 8}}, "memory_kib"),
        ({"lock": LOCK | {"type": "pbkdf2"}}, "vault: expected"),
        ({"lock": LOCK | {"more": 1}}, "vault: expected"),
        ({"more": 1}, "vault: expected"),
        ({"nonce": "AAAA"}, "nonce: expected 12 bytes"),
        ({"wrapped": "AAAA"}, "wrapped key: expected 48 bytes"),
        ({"wrapped": "A" * 5000}, "at most 4096 bytes"),
    ],
)
def test_hostile_vault_files(vault: Vault, tmp_path: Path, change, message: str) -> None:
    text = json.dumps(HEADER | change, sort_keys=True, separators=(",", ":"))
    (tmp_path / "vault" / "vault").write_text(f"gsomia/vault/v1\n{text}\n")
    with pytest.raises(BadInput, match=message):
        Vault.open(tmp_path / "vault", GOOD)


@pytest.mark.parametrize("line", ["", "gsomia/vault/v2\n", "gsomia/vault/v1\r\n"])
def test_another_version_is_refused(vault: Vault, tmp_path: Path, line: str) -> None:
    path = tmp_path / "vault" / "vault"
    path.write_bytes(path.read_bytes().replace(b"gsomia/vault/v1\n", line.encode()))
    with pytest.raises(BadInput, match="expected gsomia/vault/v1"):
        Vault.open(tmp_path / "vault", GOOD)


# -- secrets ------------------------------------------------------------------------


def test_secrets_come_and_go(vault: Vault) -> None:
    assert vault.get("a") is None
    vault.put("b", b"")
    vault.put("a", b"1")
    vault.put("a", b"2")
    assert (vault.get("a"), vault.get("b"), vault.names()) == (b"2", b"", ["a", "b"])
    assert vault.destroy("a")
    assert not vault.destroy("a")
    assert (vault.get("a"), vault.names()) == (None, ["b"])


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".a", "a/b", "../vault", "a\0", "a\n", "é", "x" * 129]
)
def test_bad_names(vault: Vault, name: str) -> None:
    for use in (vault.get, vault.destroy, lambda name: vault.put(name, b"")):
        with pytest.raises(BadInput, match="a name of 1 to 128"):
            use(name)


def test_a_secret_has_a_largest_size(vault: Vault) -> None:
    vault.put("a", bytes(1 << 20))
    assert vault.get("a") == bytes(1 << 20)
    with pytest.raises(BadInput, match="at most 1048576 bytes"):
        vault.put("a", bytes((1 << 20) + 1))


def test_altered_swapped_and_foreign_files_do_not_open(
    vault: Vault, tmp_path: Path, key_file: KeyFile
) -> None:
    vault.put("a", b"one")
    vault.put("b", b"two")
    a, b = (tmp_path / "vault" / "secrets" / name for name in "ab")
    data = a.read_bytes()
    for place in range(len(data)):
        a.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises((ProofFailed, BadInput)):
            vault.get("a")
    for cut in (0, 20, len(data) - 1):
        a.write_bytes(data[:cut])
        with pytest.raises((ProofFailed, BadInput)):
            vault.get("a")
    a.write_bytes(b.read_bytes())
    with pytest.raises(ProofFailed, match="altered, renamed, or from another vault"):
        vault.get("a")
    other = Vault.create(tmp_path / "other", key_file)
    other.put("a", b"one")
    a.write_bytes((tmp_path / "other" / "secrets" / "a").read_bytes())
    with pytest.raises(ProofFailed, match="from another vault"):
        vault.get("a")
    a.write_bytes(data)
    assert vault.get("a") == b"one"


def test_secrets_and_slots_do_not_stand_in_for_each_other(vault: Vault, tmp_path: Path) -> None:
    name = sha256(b"item").hexdigest()
    vault.put(name, b"\0\4item" + b"k" * 32)
    vault.put_slot("item", b"k" * 32)
    slot = tmp_path / "vault" / "slots" / name[:2] / name
    slot.write_bytes((tmp_path / "vault" / "secrets" / name).read_bytes())
    with pytest.raises(BadInput, match="expected gsomia/slot/v1"):
        vault.slot("item")
    slot.write_bytes(slot.read_bytes().replace(b"gsomia/secret/v1\n", b"gsomia/slot/v1\n"))
    with pytest.raises(ProofFailed):
        vault.slot("item")


# -- slots --------------------------------------------------------------------------


@given(item=st.text(min_size=1, max_size=200), dek=st.binary(max_size=64))
def test_a_slot_comes_back_for_any_item(tmp_path_factory, key_file: KeyFile, item, dek) -> None:
    vault = Vault.create(tmp_path_factory.mktemp("law") / "v", key_file)
    vault.put_slot(item, dek)
    assert vault.slot(item) == dek
    assert list(vault.slots()) == [item]
    assert vault.slot(item + "x" if len(item) < 200 else item[:-1]) is None


def test_several_slots_are_kept_at_once(vault: Vault, tmp_path: Path, key_file: KeyFile) -> None:
    """Some replace earlier keys; all are there for whoever opens the vault next."""
    vault.put_slot("item 3", b"old")
    deks = {f"item {index}": index.to_bytes(32) for index in range(20)}
    vault.put_slots(deks)
    vault.put_slots({})
    again = Vault.open(tmp_path / "vault", key_file)
    assert {item: again.slot(item) for item in again.slots()} == deks
    assert list((tmp_path / "vault" / "tmp").iterdir()) == []


def test_slots_come_and_go(vault: Vault, tmp_path: Path) -> None:
    items = ["KR-2026-0001", "../../etc/passwd", "정보 1", "a\nb"]
    for item in items:
        vault.put_slot(item, item.encode())
    assert sorted(vault.slots()) == sorted(items)
    assert b"KR-2026-0001" not in all_bytes(tmp_path)
    assert not [path for path in tmp_path.rglob("*") if "KR-2026" in path.name]
    assert vault.destroy_slot("KR-2026-0001")
    assert not vault.destroy_slot("KR-2026-0001")
    assert vault.slot("KR-2026-0001") is None
    assert sorted(vault.slots()) == sorted(items[1:])
    vault.put_slot("KR-2026-0001", b"again")
    assert vault.slot("KR-2026-0001") == b"again"


@pytest.mark.parametrize("item", ["", "x" * 201, "\ud800"])
def test_bad_items(vault: Vault, item: str) -> None:
    for use in (vault.slot, vault.destroy_slot, lambda item: vault.put_slot(item, b"")):
        with pytest.raises(BadInput, match="an item"):
            use(item)


def overwritten(path: Path) -> Callable[[], bytes]:
    """The bytes of the file now at `path`, even after its name is gone."""
    file = path.open("rb")

    def read() -> bytes:
        with file:
            return file.read()

    return read


def test_what_goes_is_overwritten_in_place(vault: Vault, tmp_path: Path) -> None:
    vault.put_slot("item", b"k" * 32)
    name = sha256(b"item").hexdigest()
    path = tmp_path / "vault" / "slots" / name[:2] / name
    first, now = path.read_bytes(), overwritten(path)
    vault.put_slot("item", b"l" * 32)
    replaced = now()
    assert len(replaced) == len(first)
    assert replaced[:15] != first[:15]
    assert first[20:] not in replaced
    second, now = path.read_bytes(), overwritten(path)
    vault.destroy_slot("item")
    assert not path.exists()
    gone = now()
    assert len(gone) == len(second)
    assert not gone.startswith(b"gsomia")


def test_what_a_crash_left_half_written_goes_at_the_next_start(
    vault: Vault, tmp_path: Path, key_file: KeyFile
) -> None:
    vault.put_slot("item", b"k" * 32)
    name = sha256(b"item").hexdigest()
    path = tmp_path / "vault" / "slots" / name[:2] / name
    left = tmp_path / "vault" / "tmp" / "left"
    left.write_bytes(path.read_bytes())
    now = overwritten(left)
    again = Vault.open(tmp_path / "vault", key_file)
    assert list((tmp_path / "vault" / "tmp").iterdir()) == []
    assert not now().startswith(b"gsomia")
    assert again.slot("item") == b"k" * 32


def test_a_full_disk_changes_nothing(vault: Vault, tmp_path: Path, file_size_limit) -> None:
    vault.put("a", b"1")
    with pytest.raises(Unavailable, match="the vault cannot be written"), file_size_limit(4096):
        vault.put("a", bytes(10_000))
    assert vault.get("a") == b"1"
    assert list((tmp_path / "vault" / "tmp").iterdir()) == []


# -- secrecy ------------------------------------------------------------------------


def test_no_file_name_text_or_error_shows_a_secret(tmp_path: Path) -> None:
    kek = b"KEKKEKKEKKEKKEKKEKKEKKEKKEKKEKKE"
    sizes = iter([kek])
    vault = Vault.create(tmp_path / "v", GOOD, lambda size: next(sizes, None) or os.urandom(size))
    vault.put("name", b"TOPSECRET")
    vault.put_slot("item", b"DEKDEKDEK")
    path = tmp_path / "v" / "secrets" / "name"
    path.write_bytes(path.read_bytes()[:-1])
    shown = [repr(vault), str(vault), repr(GOOD)]
    for wrong in (
        lambda: vault.get("name"),
        lambda: Vault.open(tmp_path / "v", Passphrase("another passphrase")),
    ):
        with pytest.raises((ProofFailed, BadInput)) as caught:
            wrong()
        shown += [repr(caught.value.args), str(caught.value)]
        shown += traceback.format_exception_only(caught.value)
    everything = "".join(shown).encode() + all_bytes(tmp_path)
    for secret in (b"KEKKEK", b"TOPSECRET", b"DEKDEK", b"correct horse", b"another pass"):
        assert secret not in everything


# -- vectors ------------------------------------------------------------------------


def test_the_published_vault_opens_and_is_made_again_to_the_byte(tmp_path: Path) -> None:
    """What this release wrote, every later one opens."""
    vault = Vault.create(tmp_path / "v", GOOD, counted())
    vault.put("node-key", b"the node's seed")
    vault.put_slot("KR-2026-0001", bytes(range(32)))
    for name in ("vault", "secrets/node-key", f"slots/{SLOT[:2]}/{SLOT}"):
        assert (tmp_path / "v" / name).read_bytes() == (VECTORS / Path(name).name).read_bytes()
    again = Vault.open(tmp_path / "v", GOOD)
    assert again.get("node-key") == b"the node's seed"
    assert again.slot("KR-2026-0001") == bytes(range(32))


SLOT = sha256(b"KR-2026-0001").hexdigest()


def test_the_page_shows_the_published_vault() -> None:
    page = (DOCS / "vault.md").read_text()
    assert (VECTORS / "vault").read_text() in page
    assert SLOT in page
