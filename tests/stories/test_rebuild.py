"""Stories of the books: rebuilt, restarted, restored from an old copy, rewritten."""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gsomia.app import rebuild
from gsomia.canon import encode
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.model import Alarm
from gsomia.faults import Unavailable
from gsomia.fold import Doc
from gsomia.journal.rows import Batch
from gsomia.journal.tree import leaf_hash
from gsomia.journal.witness import Outcome
from gsomia.node import tables
from gsomia.node.clerk import Clerk
from gsomia.registry import commands as registry
from gsomia.release import commands as release
from gsomia.storage.sqlite import SqliteStore
from tests.agreement.builders import notice
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town


def long_story(town: Town) -> None:
    """A bit of everything."""
    number, received = town.exchange()
    steps.opened(town.jpn, "P-5", received)
    steps.read(town.jpn, "P-4", received)
    steps.consent(town, number, "USA", PURPOSE, ("no copies",))
    town.jpn.ok("P-3", release.PassOn(received, "USA", PURPOSE, ("no copies",)))
    about = notices.Reclassified(
        number, steps.LEVEL_2, "군사III급비밀", "2026-11-20T09:00:00Z", "old"
    )
    steps.tell(town.kor, "P-3", about)
    town.settle()
    town.jpn.ok("P-2", registry.Remark(received, "秘"))
    again, second = town.exchange(content=None)
    steps.destroy(town.jpn, second)
    lost = notices.LossSuspected((again,), "lost", "2026-11-20T09:00:00Z", "", possible=True)
    steps.tell(town.jpn, "P-2", lost)
    _, request = steps.approved(town)
    told = town.kor.ok("P-2", exchange.Dispatch((request,), "Z"))
    town.kor.ok("P-2", exchange.Cancel("JPN-DIH1", told["number"], "wrong copy"))
    steps.record(town.kor, notice("n", town.clock.at, known_at=town.clock.at))
    town.kor.ok("P-2", registry.DeclareBackup("tape-1"))
    town.kor.ok("P-1", exchange.Rotate("monthly"))
    town.settle()
    _, denied = steps.requested(town)
    town.kor.ok("P-3", release.Review(denied, False, "too early"))
    town.clock.at += timedelta(hours=2)
    town.settle()
    town.kor.node.cosign()
    town.jpn.node.cosign()


def values(clerk: Clerk) -> dict[tuple[str, str], bytes]:
    """Every document in memory, as it would be stored."""
    return {
        (type_.kind_(), key): encode(doc)
        for type_, found in clerk.state._docs.items()
        for key, doc in found.items()
    }


def test_documents_dropped_and_rebuilt_are_the_same_bytes(november: Town) -> None:
    long_story(november)
    for house in (november.kor, november.jpn):
        house.node.clerk.stop()
        before, memory = steps.docs(house), values(house.node.clerk)
        assert {(k, n): b for k, n, b in before} == memory
        house.node.store.replace_docs([])
        assert steps.docs(house) == []
        assert house.node.clerk.rebuild() == len(before)
        assert steps.docs(house) == before
        assert values(house.node.clerk) == memory


@pytest.mark.parametrize("kept", [b"", b"sha256:" + b"0" * 64])
def test_documents_of_another_version_are_derived_again_before_anything_is_done(
    town: Town, kept: bytes
) -> None:
    """A node of an earlier version: other fields, and no word of which program derived them."""
    town.exchange()
    kor = town.kor
    kor.node.stop()
    with closing(SqliteStore(kor.folder / "journal.db")) as store:
        good = list(store.docs())
        earlier = [(kind, key, body.replace(b'"texts":', b'"words":')) for kind, key, body in good]
        assert earlier != good
        store.replace_docs([*earlier, ("exchange.forgotten", "1", b"not even JSON")])
        store.commit(Batch(meta=[("form", kept or None)]))
    with pytest.raises(Unavailable, match="derived from its books by another version") as error:
        kor.open()
    assert error.value.hint == "Derive them again: gsomia node rebuild"
    assert rebuild(kor.folder) == len(good)
    kor.node = kor.open()
    assert steps.docs(kor) == good
    town.exchange(content=b"and on")


def test_a_field_more_or_another_fold_makes_another_form(monkeypatch: pytest.MonkeyPatch) -> None:
    def form_of(words: str, *fields: tuple[str, type, Any], folding: int = 1) -> bytes:
        made = msgspec.defstruct(
            "Line", fields, bases=(Doc,), namespace={"__doc__": words}, frozen=True, tag="line"
        )
        monkeypatch.setattr(tables, "DOCS", {"line": made})
        monkeypatch.setattr(tables, "FOLDING", folding)
        return tables.form.__wrapped__()

    sent, received = ("sent", int, 0), ("received", int, 0)
    first = form_of("A line.", sent)
    assert first == form_of("The same line, in other words.", sent)
    others = {
        form_of("A line.", sent, received),
        form_of("A line.", received),
        form_of("A line.", ("sent", str, "")),
        form_of("A line.", ("sent", int, 1)),
        form_of("A line.", sent, folding=2),
    }
    assert len(others - {first}) == 5


def test_a_rebuilt_node_goes_on(november: Town) -> None:
    long_story(november)
    spent = november.kor.sign("P-2", registry.DeclareBackup("tape-2"))
    november.kor.node.handle(spent)
    november.kor.node.clerk.stop()
    november.kor.node.clerk.rebuild()
    november.kor.restart()
    with pytest.raises(Exception, match="not carried out before"):
        november.kor.node.handle(spent)
    november.exchange()


def test_a_restart_at_any_point_changes_nothing(town: Town) -> None:
    def again() -> None:
        for house in (town.kor, town.jpn):
            before = values(house.node.clerk)
            house.restart()
            assert values(house.node.clerk) == before

    kor, jpn = town.kor, town.jpn
    number, request = steps.requested(town)
    again()
    asked = notices.AssuranceAsked(request, steps.LEVEL_2, PURPOSE, "document", "missiles", 1)
    steps.tell(kor, "P-3", asked)
    again()
    town.settle()
    again()
    question = steps.question(jpn, notices.AssuranceAsked)
    steps.tell(jpn, "P-3", notices.AssuranceGiven(request, "極秘", True, True), question.id)
    town.settle()
    again()
    kor.ok("P-3", release.Review(request, True))
    again()
    kor.ok("P-4", release.Decide(request, True))
    again()
    kor.ok("P-2", exchange.Dispatch((request,)))
    again()
    kor.node.upkeep.step()
    again()
    town.settle()
    again()
    (received,) = town.accept()
    again()
    town.settle()
    again()
    assert steps.opened(jpn, "P-5", received)[1] == b"content"
    assert steps.sent(kor).state == "accepted"
    assert steps.item(kor, number).key_held


# -- an old copy ----------


def restored(town: Town, tmp_path: Path) -> House:
    """Korea with its database of yesterday beside the vault of today; not started."""
    kor = town.kor
    town.exchange()
    kor.node.cosign()
    kor.node.stop()
    shutil.copy(kor.folder / "journal.db", tmp_path / "yesterday.db")
    kor.node = kor.open()
    town.exchange(content=b"today")
    kor.node.cosign()
    kor.node.stop()
    for left in kor.folder.glob("journal.db*"):
        left.unlink()
    shutil.copy(tmp_path / "yesterday.db", kor.folder / "journal.db")
    kor.node = kor.unstarted()
    return kor


def test_a_database_older_than_its_vault_halts_the_node(town: Town, tmp_path: Path) -> None:
    kor = restored(town, tmp_path)
    kor.node.start()
    said = kor.node.clerk.halted
    assert "started from an old backup" in said
    assert "Restore the newest state" in said
    with pytest.raises(Unavailable, match="old backup"):
        kor.do("P-2", registry.DeclareBackup("tape-1"))
    with pytest.raises(Unavailable, match="old backup"):
        kor.register(steps.LEVEL_2)
    with pytest.raises(Unavailable, match="old backup"):
        steps.take(kor, b"anything")
    assert kor.tick() == 0
    assert kor.node.standing()["halted"] == said


def test_a_halted_node_signs_and_sends_nothing(town: Town, tmp_path: Path) -> None:
    kor = restored(town, tmp_path)
    town.wire.sent.clear()
    before = list(kor.node.store.checkpoints(AGREEMENT))
    kor.node.start()
    with suppress(Unavailable):
        kor.node.cosign()
    assert kor.node.clerk.halted
    assert [path for me, path, _ in town.wire.sent if me == kor.registry] == []
    assert list(kor.node.store.checkpoints(AGREEMENT)) == before


def test_a_halted_node_cosigns_nothing(town: Town, tmp_path: Path) -> None:
    """It has forgotten what it cosigned: answering now could roll its witness back."""
    town.jpn.node.cosign()
    kor = restored(town, tmp_path)
    kor.node.start()
    asked: list[bytes] = []

    def keep(path: str, data: bytes) -> None:
        asked.append(data)

    town.wire.bend = keep
    town.jpn.node.cosign()
    with pytest.raises(Unavailable, match="old backup"):
        kor.node.witness("JPN-DIH1", AGREEMENT, asked[0])


def test_the_partner_notices_an_old_copy_of_everything(town: Town, tmp_path: Path) -> None:
    """Database and vault are both of yesterday: only who cosigned since can tell."""
    kor = town.kor
    town.exchange()
    kor.node.cosign()
    kor.node.stop()
    old = steps.twin(kor, tmp_path / "old")
    old.node.stop()
    kor.node = kor.open()
    town.exchange(content=b"today")
    kor.node.cosign()
    kor.node.stop()
    old.node = old.open()
    assert old.node.clerk.halted == ""
    old.node.cosign()
    assert "JPN-DIH1" in old.node.clerk.halted
    with pytest.raises(Unavailable, match="JPN-DIH1"):
        old.register(steps.LEVEL_2)
    old.node.stop()


# -- rewritten history ----------


def rewrite(house: House, index: int, *, cut: bool = False) -> None:
    """Alter one entry of the shared book, as somebody with the disk and the keys could."""
    house.node.stop()
    with steps.database(house) as db:
        (no,) = db.execute("SELECT no FROM book WHERE name = ?", (AGREEMENT,)).fetchone()
        where = "FROM leaf WHERE book = ? AND idx = ?"
        (seq,) = db.execute(f"SELECT seq {where}", (no, index)).fetchone()
        (body,) = db.execute("SELECT body FROM entry WHERE seq = ?", (seq,)).fetchone()
        other = body[:-1] + bytes([body[-1] ^ 1])
        db.execute("UPDATE entry SET body = ? WHERE seq = ?", (other, seq))
        db.execute(
            "UPDATE leaf SET hash = ? WHERE book = ? AND idx = ?", (leaf_hash(other), no, index)
        )
        db.execute("DELETE FROM checkpoint")
        if cut:
            db.execute("DELETE FROM meta WHERE key LIKE 'cosigned:%'")
    house.node = house.open()


def test_a_rewritten_history_of_the_same_length_is_refused(town: Town) -> None:
    town.exchange()
    assert town.kor.node.cosign() == {"JPN-DIH1": ""}
    rewrite(town.kor, 0)
    said = town.kor.node.cosign()["JPN-DIH1"]
    assert said
    assert town.kor.node.clerk.halted, "a node that reads this about itself does nothing more"
    (alarm,) = town.jpn.node.clerk.state.all(Alarm)
    assert (alarm.what, alarm.peer) == (f"history {Outcome.REWRITTEN.value}", "KOR-DIH1")
    (row,) = [r for r in town.jpn.node.store.everything() if r.kind == "exchange.cosigning_refused"]
    (evidence,) = [o.value for o in row.openings if o.field == "evidence"]
    assert evidence.count(b'","') == 1, "both signed checkpoints are kept"


def test_a_rewritten_history_that_grew_is_refused(town: Town) -> None:
    town.exchange()
    town.kor.node.cosign()
    rewrite(town.kor, 0)
    town.exchange(content=b"more")
    assert town.kor.node.cosign()["JPN-DIH1"]
    (alarm,) = town.jpn.node.clerk.state.all(Alarm)
    assert alarm.what == f"history {Outcome.INCONSISTENT.value}"


def test_an_honest_history_that_grew_is_cosigned(town: Town) -> None:
    for content in (b"one", b"two"):
        town.exchange(content=content)
        assert town.kor.node.cosign() == {"JPN-DIH1": ""}
        assert town.jpn.node.cosign() == {"KOR-DIH1": ""}
    town.kor.restart()
    assert town.kor.node.cosign() == {"JPN-DIH1": ""}
    assert steps.alarms(town.jpn) == steps.alarms(town.kor) == []


def test_an_entry_altered_on_disk_halts_the_node_at_its_start(town: Town) -> None:
    town.exchange()
    town.kor.node.cosign()
    town.kor.node.stop()
    with steps.database(town.kor) as db:
        db.execute("UPDATE leaf SET hash = zeroblob(32) WHERE idx = 0")
    town.kor.node = town.kor.unstarted()
    town.wire.sent.clear()
    town.kor.node.start()
    assert "entries were changed or lost" in town.kor.node.clerk.halted
    assert town.wire.sent == []
    assert steps.alarms(town.jpn) == []
