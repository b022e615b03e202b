"""A key destroyed by halves: whoever starts next finds it gone, and never a wreck."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gsomia.faults import Unavailable
from gsomia.keys import files
from gsomia.keys.secret import KeyFile
from gsomia.keys.vault import Vault

SLOT = "KOR-DIH1 T-000001 JPN-DIH1-2026-000001"


class Ended(BaseException):
    """The process ended here."""


def end(_: int, __: Callable[[int], bytes]) -> None:
    raise Ended


def end_halfway(fd: int, rand: Callable[[int], bytes]) -> None:
    os.pwrite(fd, rand(40), 0)
    raise Ended


def fail(_: int, __: Callable[[int], bytes]) -> None:
    raise OSError(5, "the disk failed")


@pytest.fixture
def secret(tmp_path: Path) -> KeyFile:
    path = tmp_path / "secret"
    path.write_bytes(bytes(range(32)))
    path.chmod(0o600)
    return KeyFile(path)


@pytest.fixture
def vault(tmp_path: Path, secret: KeyFile) -> Vault:
    vault = Vault.create(tmp_path / "vault", secret)
    vault.put_slot(SLOT, b"key")
    vault.put_slot("another", b"other key")
    vault.put("kem-1", b"seed")
    vault.put("kem-2", b"next seed")
    return vault


def kept(folder: Path) -> list[str]:
    return [p.name for p in (folder / "tmp").iterdir()]


@pytest.mark.parametrize("cut", [end, end_halfway])
def test_cut_off(
    vault: Vault, secret: KeyFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: object
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files, "_overwrite", cut)
        with pytest.raises(Ended):
            vault.destroy_slot(SLOT)
        with pytest.raises(Ended):
            vault.destroy("kem-1")
    assert len(kept(tmp_path / "vault")) == 2
    again = Vault.open(tmp_path / "vault", secret)
    assert kept(tmp_path / "vault") == []
    assert list(again.slots()) == ["another"]
    assert again.names() == ["kem-2"]
    assert again.get("kem-2") == b"next seed"
    assert again.slot(SLOT) is None
    assert again.destroy_slot(SLOT) is False


def test_a_disk_that_fails_is_asked_again(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files, "_overwrite", fail)
        for _ in range(2):
            with pytest.raises(Unavailable, match="a slot cannot be destroyed"):
                vault.destroy_slot(SLOT)
    assert vault.slot(SLOT) is None
    assert vault.destroy_slot(SLOT) is True
    assert kept(tmp_path / "vault") == []
    assert vault.destroy_slot(SLOT) is False
