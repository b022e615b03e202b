"""A report on whatever was handed over: one file, one book, a folder of both."""

from __future__ import annotations

import itertools
import os

import msgspec
import pytest

from gsomia.evidence.disk import DiskFiles
from gsomia.evidence.files import Held, Limits, lines
from gsomia.evidence.told import of_opened, say
from gsomia.evidence.verify import Report, verify_path
from gsomia.exchange.receipt import DeliveryConflict, sign_conflict
from gsomia.faults import BadInput, Unavailable
from tests.evidence import builders as b

BOOK, ROWS = b.story()
FILE = b.evidence(BOOK, ROWS)
HOUSE = b.Book(name="house")
HOUSE.fill(3)
FOLDER = {
    "README.md": b"made by hand\n",
    "evidence/one.evidence": FILE,
    "evidence/2023-0117.receipt": b.receipt(),
    **{f"books/{b.BOOK}/{p}": d for p, d in BOOK.files(5).items()},
    **{f"books/house/{p}": d for p, d in HOUSE.files(cosigned=()).items()},
}


def report(files: dict[str, bytes], *cards: bytes) -> Report:
    return verify_path(Held(files), cards or b.CARDS)


def problem(files: dict[str, bytes], *cards: bytes) -> str:
    found = report(files, *cards)
    assert not found.ok
    assert found.problem is not None
    return found.problem


# -- good -------------------------------------------------------------------------


def test_a_folder_of_everything_holds():
    found = report(FOLDER)
    assert found.problem is None
    assert found.ok
    # The file's ten, the receipt, the book's entries and two checkpoints, the house book's.
    assert found.checked == 10 + 1 + len(BOOK.rows) + 2 + 3 + 1
    assert len(found.details) == 4
    assert [claim.reference for claim in found.claims] == [b.REFERENCE]


def test_the_details_are_plain_words():
    found = report({"one.evidence": FILE})
    assert found.details[0].startswith(
        "one.evidence: KOR-2023-000117 was released to JPN under Art. 6(a), Art. 7(5); ordered to "
        "JPN-DIH1 as 2023/0117; delivered 2023-03-21T09:00:04Z; 2 of 2 copies accepted; "
    )
    assert "cosigned by JPN-DIH1 at 2023-03-21T09:01:40Z" in found.details[0]


def test_how_far_an_item_got_and_how_many_facts_are_open_is_said():
    book, rows = b.story(accepted=None, delivered=None)
    (line,) = report({"one.evidence": b.evidence(book, rows)}).details
    assert "no delivery receipt shown; no acceptance shown; 15 of 30 facts open" in line


def test_an_opening_taken_out_of_a_book_shows_in_the_count():
    """The book still holds, since closing is lawful; the entry stands out from its kind."""
    files = BOOK.files()
    path = next(p for p in files if p.startswith("openings/"))
    lines = files[path].splitlines(keepends=True)
    short = report({**files, path: b"".join(lines[1:])})
    whole = report(files)
    assert short.ok
    assert whole.ok
    total = sum(x.entries * x.facts for x in whole.opened)
    assert f"{len(lines)} of {total} facts open" in whole.details[0]
    assert f"{len(lines) - 1} of {total} facts open" in short.details[0]
    changed = set(short.opened) - set(whole.opened)
    cut = msgspec.json.decode(lines[0])["index"]
    (odd,) = [one for one in changed if (one.first_entry, one.entries) == (cut, 1)]
    assert odd.facts_open < max(one.facts_open for one in whole.opened if one.kind == odd.kind)
    assert f"entry {cut} ({odd.kind}): {odd.facts_open} of {odd.facts} facts open" in say(
        of_opened(odd)
    )
    bare = report({p: data for p, data in files.items() if p != path})
    assert bare.ok
    assert f" 0 of {total} facts open" in bare.details[0]


def test_a_book_by_itself_holds():
    assert report(BOOK.files()).ok


def test_a_book_that_the_log_alone_vouches_for_says_so():
    found = report(BOOK.files(), b.KOR.note)
    assert found.ok
    assert "the log alone stands for this history" in found.details[0]


def test_a_conflict_is_a_statement_too():
    said = DeliveryConflict(
        number=b.NUMBER,
        from_="KOR-DIH1",
        to="JPN-DIH1",
        first=b.BODY,
        second="sha256:" + "5" * 64,
    )
    data = sign_conflict(said, b.JPN.statement)
    assert "JPN-DIH1 signed a conflict" in report({"x.receipt": data}).details[0]


# -- bad --------------------------------------------------------------------------


def test_without_a_trusted_card_nothing_is_verified():
    found = verify_path(Held(FOLDER), ())
    assert (found.ok, found.checked) == (False, 0)
    assert "no node card is trusted" in str(found.problem)
    assert "--trust" in str(found.problem)


def test_a_card_that_is_none_is_named():
    assert "trusted card 2: is no card" in problem(FOLDER, b.KOR.note, b"hello\n")
    altered = b.KOR.note.replace(b"Ministry", b"ministry", 1)
    assert "trusted card 1: is no card" in problem(FOLDER, altered)


def test_a_card_of_another_node_is_not_enough():
    said = problem({"one.evidence": FILE}, b.USA.note)
    assert "of a node whose card is not trusted (trusted: USA-DIH1)" in said


def test_the_partners_card_missing_is_said():
    assert "no card of JPN-DIH1 is trusted" in problem({"one.evidence": FILE}, b.KOR.note)
    assert "no card of JPN-DIH1 is trusted" in problem({"x.receipt": b.receipt()}, b.KOR.note)


@pytest.mark.parametrize("name", ["notes.txt", "books/a/tile/0/000", "one.evidence.bak", "x"])
def test_a_file_that_does_not_belong_is_named(name):
    assert f"{name}: is no .evidence and no .receipt" in problem({**FOLDER, name: b"?"})


def test_a_file_that_does_not_belong_in_a_book_is_named():
    name = f"books/{b.BOOK}/notes.txt"
    assert f"books/{b.BOOK}: notes.txt: does not belong" in problem({**FOLDER, name: b"?"})
    nested = f"books/{b.BOOK}/inner/book.json"
    assert "inner/book.json: does not belong" in problem({**FOLDER, nested: b"?"})


def test_a_book_without_its_book_json_is_named():
    files = {p: d for p, d in FOLDER.items() if p != "books/house/book.json"}
    assert "books/house/checkpoint: is of a book, and its book.json is missing" in problem(files)


@pytest.mark.parametrize("name", ["one", b.REFERENCE, f"{b.REFERENCE}-2", f"{b.REFERENCE}0"])
def test_evidence_may_have_any_name_but_another_items(name):
    assert report({f"x/{name}.evidence": FILE}).ok


@pytest.mark.parametrize("name", ["KOR-2023-000118", "JPN-2023-000117-1", "USA-DIH1-2026-000001"])
def test_evidence_under_the_number_of_another_item_is_told(name):
    said = problem({f"x/{name}.evidence": FILE})
    assert said.startswith(f"x/{name}.evidence: is evidence of {b.REFERENCE}, and not of that")


SIGNED = [p for p in FOLDER if p != "README.md"]
DAMAGE = {
    "cut": lambda data: data[:-1],
    "half": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "longer": lambda data: data + b"\n",
    "twice": lambda data: data + data,
    "first byte": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "a byte inside": lambda data: data[: len(data) // 3] + b"!" + data[len(data) // 3 + 1 :],
    "last byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
}


@pytest.mark.parametrize("path", SIGNED)
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_no_damage_to_any_file_passes(path, damage):
    said = problem({**FOLDER, path: damage(FOLDER[path])})
    inside = next((f"books/{n}" for n in (b.BOOK, "house") if f"/{n}/" in f"/{path}"), path)
    assert said.startswith(inside)


@pytest.mark.parametrize("one, other", list(itertools.combinations(SIGNED, 2)))
def test_no_two_files_can_change_places(one, other):
    if FOLDER[one] != FOLDER[other]:
        problem({**FOLDER, one: FOLDER[other], other: FOLDER[one]})


def test_nothing_at_all_is_a_problem():
    assert "nothing to verify" in problem({})
    assert "nothing to verify" in problem({"README": b"hello"})


def test_verification_goes_on_after_a_problem():
    bad = FILE.replace(b"warning", b"warnine", 1)
    found = report({**FOLDER, "evidence/a.evidence": bad, "zz": b""})
    assert not found.ok
    assert "zz" in str(found.problem)
    assert any(line.startswith("Also: evidence/a.evidence") for line in found.details)
    assert len(found.claims) == 1
    assert found.checked == report(FOLDER).checked


def test_a_receipt_by_nobody_trusted_or_altered_is_refused():
    forged = b.receipt(b.KOR)
    assert "x.receipt" in problem({"x.receipt": forged})
    assert "x.receipt" in problem({"x.receipt": b.receipt().replace(b"117", b"118", 1)})
    assert "x.receipt" in problem({"x.receipt": b"gsomia/delivery-receipt/v1\n"})


def test_a_hostile_name_cannot_write_lines():
    said = problem({"a\n\x1b[2J.txt": b""})
    assert "\n" not in said
    assert "\x1b" not in said


# -- bounds -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "limits, said",
    [
        (Limits(files=3), "at most 3 files"),
        (Limits(total=1000), "at most 1000 bytes"),
        (Limits(depth=1), "at most 1 levels"),
    ],
)
def test_too_much_is_not_read(limits, said):
    found = verify_path(Held(FOLDER), b.CARDS, limits)
    assert not found.ok
    assert said in str(found.problem)


def test_too_many_cards_are_not_read():
    found = verify_path(Held(FOLDER), [b.KOR.note + bytes(1 << 17)])
    assert "1000 cards" in str(found.problem)


def test_lines_come_whole_from_any_chunks():
    data = b"one\ntwo\n\nfour\n"
    for size in (1, 2, 5, 100):
        chunks = [data[i : i + size] for i in range(0, len(data), size)]
        assert list(lines(chunks, 10, "x")) == [b"one", b"two", b"", b"four"]
    with pytest.raises(BadInput, match="line feed"):
        list(lines([b"one\ntw"], 10, "x"))
    with pytest.raises(BadInput, match="at most 3"):
        list(lines([b"on", b"eee", b"\n"], 3, "x"))


# -- on disk ----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for path, data in FOLDER.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def test_a_folder_on_disk_reads_as_one_in_memory(folder):
    assert verify_path(DiskFiles(folder), b.CARDS) == report(FOLDER)
    files = DiskFiles(folder)
    assert list(files.listing()) == list(Held(FOLDER).listing())


def test_one_file_on_disk_is_verified_by_itself(folder):
    found = verify_path(DiskFiles(folder / "evidence" / "one.evidence"), b.CARDS)
    assert (found.ok, found.checked) == (True, 10)


def test_a_book_on_disk_is_verified_by_itself(folder):
    assert verify_path(DiskFiles(folder / "books" / "house"), b.CARDS).ok


@pytest.mark.parametrize("place", ["evidence/two.evidence", f"books/{b.BOOK}/openings/000", "dir"])
def test_a_link_is_not_followed(folder, tmp_path_factory, place):
    outside = tmp_path_factory.mktemp("outside") / "f"
    outside.write_bytes(FILE)
    (folder / place).unlink(missing_ok=True)
    (folder / place).symlink_to(outside if place != "dir" else outside.parent)
    found = verify_path(DiskFiles(folder), b.CARDS)
    assert not found.ok
    assert "is a link or no regular file" in str(found.problem)


def test_a_link_put_there_later_is_not_followed_either(folder, tmp_path):
    files = DiskFiles(folder)
    files.listing()
    target = folder / "evidence" / "one.evidence"
    target.rename(folder / "moved")
    target.symlink_to(folder / "moved")
    with pytest.raises(Unavailable, match=r"one\.evidence"):
        files.read("evidence/one.evidence", 1 << 20)


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "x.evidence")
    found = verify_path(DiskFiles(folder), b.CARDS)
    assert "x.evidence: is a link or no regular file" in str(found.problem)
    with pytest.raises(BadInput, match="regular file"):
        DiskFiles(folder).read("x.evidence", 10)


def test_an_oversized_file_is_not_read_whole(folder):
    with pytest.raises(BadInput, match="at most 10 bytes"):
        DiskFiles(folder).read("evidence/one.evidence", 10)


@pytest.mark.parametrize("limits", [Limits(files=5), Limits(total=1000), Limits(depth=1)])
def test_the_listing_is_bounded(folder, limits):
    with pytest.raises(BadInput, match="at most"):
        DiskFiles(folder, limits).listing()


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Unavailable, match="cannot be read"):
        DiskFiles(tmp_path / "nothing")
