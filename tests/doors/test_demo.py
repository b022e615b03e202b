"""Where a demonstration may be played: nothing that is not its own is removed, nor what runs."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from gsomia.demo.play import MARK, demo
from gsomia.faults import BadInput, Unavailable
from gsomia.storage.lock import hold


def _others(folder: Path) -> Path:
    folder.mkdir()
    (folder / "letter").write_text("mine")
    return folder


def _others_in_a_demonstration(folder: Path) -> Path:
    _others(folder)
    (folder / MARK).touch()
    (folder / "cards").mkdir()
    return folder


def _file(folder: Path) -> Path:
    folder.write_text("mine")
    return folder


def _under_a_file(folder: Path) -> Path:
    return _file(folder) / "demo"


@pytest.mark.parametrize("make", [_others, _others_in_a_demonstration, _file, _under_a_file])
def test_what_is_not_a_demonstration_s_is_left_alone(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = make(tmp_path / "there")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput, match="there"):
        demo(folder)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("node", ["kor", "jpn", "usa"])
def test_a_demonstration_whose_nodes_still_run_is_left_alone(node: str, tmp_path: Path) -> None:
    (tmp_path / MARK).touch()
    (tmp_path / node).mkdir()
    (tmp_path / node / "journal.db").touch()
    with hold(tmp_path / node), pytest.raises(Unavailable, match=f"node stop {tmp_path}/{node}"):
        demo(tmp_path)
    assert (tmp_path / node / "journal.db").exists()


def test_what_to_type_next_can_be_typed_whatever_the_folder_is_called(tmp_path: Path) -> None:
    """The command that ends nodes, as a shell reads it: one word for each path."""
    folder = tmp_path / "a [b] 'c"
    (folder / "kor").mkdir(parents=True)
    (folder / MARK).touch()
    with hold(folder / "kor"), pytest.raises(Unavailable) as caught:
        demo(folder)
    said = str(caught.value).partition("End them:")[2]
    assert shlex.split(said)[-3:] == ["node", "stop", str(folder / "kor")]
