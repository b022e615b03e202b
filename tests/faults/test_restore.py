"""A node started from an old copy: it finds out, stops, and says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gsomia.demo.cast import AGREEMENT, PURPOSE, need
from gsomia.exchange import notices
from gsomia.faults import BadInput, Unavailable
from gsomia.storage.blobs import SMALL
from tests.faults.checks import check_pair
from tests.faults.pair import Mortal, cosign, until
from tests.faults.tale import MARK, Tale


def halted(side: Mortal) -> str:
    return str(side.door.do("standing", {})["halted"])


def must_refuse(side: Mortal) -> None:
    """Neither commands nor content are taken."""
    officer = side.officer("K-5")
    item = side.rows("items")[0]["number"]
    with pytest.raises(Unavailable, match="Restore the newest state"):
        officer.request_release(item, AGREEMENT, PURPOSE)
    with pytest.raises(Unavailable, match="Restore the newest state"):
        Tale("not to be", side, side)._register()


def tell(tale: Tale) -> None:
    until("the end of the tale", tale.advance)
    cosign(tale.kor, tale.jpn)


def ask(side: Mortal, partner: Mortal, times: int) -> None:
    """File some entries in the shared book, so many times: each ends with a notice."""
    for _ in range(times):
        tale = Tale(f"asked {len(side.rows('items'))}", side, partner)
        while not tale.number:
            tale.advance()
        (request,) = side.rows("requests", item=tale.number)
        about = notices.AssuranceAsked(request["id"], MARK, PURPOSE, "document", "missiles", 1)
        need(side.officer("K-3").notify(partner.registry, AGREEMENT, about))


def test_an_old_database_beside_a_newer_vault(sides: tuple[Mortal, Mortal], tmp_path: Path) -> None:
    kor, jpn = sides
    first, second = Tale("first", kor, jpn), Tale("second", kor, jpn)
    tell(first)
    kor.door.do("backup", {"path": str(tmp_path / "yesterday.db")})
    tell(second)
    jpn.end()
    kor.end()
    newest = tmp_path / "newest"
    shutil.copytree(kor.folder, newest)
    (kor.folder / "journal.db").unlink()
    shutil.copy(tmp_path / "yesterday.db", kor.folder / "journal.db")
    kor.start()
    assert "was started from an old backup. Restore the newest state" in halted(kor)
    must_refuse(kor)
    kor.end()

    # Nothing was destroyed meanwhile that the newest state calls for.
    shutil.copy(newest / "journal.db", kor.folder / "journal.db")
    for side in sides:
        side.start()
    third = Tale("third", kor, jpn)
    tell(third)
    for side in sides:
        side.end()
    told = {tale.number: tale.digest for tale in (first, second, third)}
    assert check_pair(kor, jpn, told) == []


def swap(side: Mortal, other: Path) -> None:
    """Another state of the whole folder in the place of the present one."""
    shutil.rmtree(side.folder)
    shutil.copytree(other, side.folder)


def yesterday(kor: Mortal, jpn: Mortal, folder: Path) -> None:
    """A copy of Korea's whole folder, and a little later the folder goes on in the copy's place."""
    tell(Tale("first", kor, jpn))
    kor.end()
    shutil.copytree(kor.folder, folder / "yesterday")
    kor.start()
    ask(kor, jpn, 1)
    cosign(kor)
    kor.end()
    shutil.copytree(kor.folder, folder / "newest")


def test_an_old_copy_of_everything_while_the_partner_can_be_asked(
    sides: tuple[Mortal, Mortal], tmp_path: Path
) -> None:
    kor, jpn = sides
    yesterday(kor, jpn, tmp_path)
    swap(kor, tmp_path / "yesterday")
    kor.start()
    until("the halt", lambda: halted(kor) != "")
    assert f"{jpn.registry} holds a book {AGREEMENT}" in halted(kor)
    assert "the node was started from an old backup" in halted(kor)
    must_refuse(kor)
    kor.end()

    swap(kor, tmp_path / "newest")
    kor.start()
    last = Tale("last", kor, jpn)
    tell(last)
    assert halted(kor) == halted(jpn) == ""


@pytest.mark.parametrize("entries", [0, 5], ids=["shorter", "longer"])
def test_an_old_copy_of_everything_while_the_partner_is_away(
    sides: tuple[Mortal, Mortal], tmp_path: Path, entries: int
) -> None:
    """It cannot know, and files entries of its own; it stops before it sends any of them.

    Its entries would come under numbers already used, and under the numbers that the
    newest state gives next.
    """
    kor, jpn = sides
    yesterday(kor, jpn, tmp_path)
    jpn.end()
    swap(kor, tmp_path / "yesterday")
    kor.start()
    assert halted(kor) == ""
    ask(kor, jpn, entries)
    jpn.start()
    held = jpn.rows("incoming")
    until("the halt", lambda: halted(kor) != "")
    assert f"{jpn.registry} holds a book {AGREEMENT}" in halted(kor)
    assert "is not that one: the node was started from an old backup" in halted(kor)
    must_refuse(kor)
    assert jpn.rows("incoming") == held
    assert jpn.rows("alarms") == []
    assert halted(jpn) == ""
    kor.end()

    swap(kor, tmp_path / "newest")
    kor.start()
    tell(Tale("last", kor, jpn))
    assert halted(kor) == halted(jpn) == ""
    assert jpn.rows("alarms") == []


def test_a_backup_made_at_work_brings_back_books_and_small_content(
    sides: tuple[Mortal, Mortal], tmp_path: Path
) -> None:
    """The disk is lost after the newest backup; large content was copied as the files it is."""
    kor, jpn = sides
    first, second = Tale("first", kor, jpn), Tale("second", kor, jpn, SMALL + 1)
    for tale in (first, second):
        tell(tale)
    cosign(kor, jpn)
    made = kor.door.do("backup", {"path": str(tmp_path / "tonight.db")})
    with pytest.raises(BadInput, match="a new file"):
        kor.door.do("backup", {"path": str(tmp_path / "tonight.db")})
    for side in sides:
        side.end()
    for name in ("journal.db", "blobs/small.db"):
        (kor.folder / name).unlink()
    shutil.copy(made["backup"], kor.folder / "journal.db")
    shutil.copy(made["content"], kor.folder / "blobs" / "small.db")
    for side in sides:
        side.start()
    third = Tale("third", kor, jpn)
    tell(third)
    for side in sides:
        side.end()
    told = {tale.number: tale.digest for tale in (first, second, third)}
    assert check_pair(kor, jpn, told) == []
