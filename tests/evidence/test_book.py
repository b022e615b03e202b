"""A whole book holds as it was written; where it was changed, the place is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import encode
from gsomia.evidence.book import BookChecked, compare_books, verify_book
from gsomia.evidence.bookfolder import export_book, read_bundle
from gsomia.evidence.files import Held
from gsomia.evidence.trust import Trust
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.entry import Cite
from gsomia.journal.tiles import bundle, parse_tile_path, tiles
from gsomia.journal.tree import Tree, leaf_hash
from tests.evidence import builders as b

SIZES = (5, 300, 560)


def make(count: int = 600) -> b.Book:
    book, _ = b.story()
    book.fill(count - len(book.rows))
    return book


BOOK = make()
GOOD = BOOK.files(*SIZES)
TRUST = Trust.of(b.CARDS)


def open_facts(checked: BookChecked) -> int:
    return sum(one.entries * one.facts_open for one in checked.opened)


def verified(files: dict[str, bytes], *cards: bytes) -> BookChecked:
    return verify_book(Held(files), Trust.of(cards or b.CARDS), "kor")


def refused(files: dict[str, bytes], *cards: bytes) -> str:
    with pytest.raises((BadInput, ProofFailed)) as caught:
        verified(files, *cards)
    return str(caught.value)


def with_entry(files: dict[str, bytes], index: int, entry: bytes) -> dict[str, bytes]:
    """The files with one entry replaced in its bundle, and nothing else."""
    path = next(
        p for p in files
        if p.startswith("tile/entries/") and parse_tile_path(p).index == index // 256
    )  # fmt: skip
    entries = read_bundle(files[path], parse_tile_path(path))
    entries[index % 256] = entry
    return {**files, path: bundle(entries)}


def rewritten(index: int, book: b.Book = BOOK) -> dict[str, bytes]:
    """The files with one entry replaced and every tile made to fit."""
    entry = book.rows[index].entry.replace(b'"v":1', b'"v":1', 1)
    entry = entry.replace(b'"at":"2023', b'"at":"2022', 1)
    leaves = [r.leaf for r in book.rows]
    leaves[index] = leaf_hash(entry)
    files = with_entry(book.files(*SIZES), index, entry)
    return files | {p.text: d for p, d in tiles(Tree(leaves), len(leaves))}


# -- good -------------------------------------------------------------------------


def test_a_book_holds():
    checked = verified(GOOD)
    assert (checked.entries, checked.checkpoints) == (600, 4)
    assert open_facts(checked) > 600
    assert checked.newest.cosigners() == ("JPN-DIH1",)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 513])
def test_books_of_every_shape_hold(count):
    book = b.Book()
    book.fill(count)
    assert verified(book.files()).entries == count


def test_openings_and_earlier_checkpoints_may_be_absent():
    files = {p: d for p, d in GOOD.items() if not p.startswith(("openings/", "checkpoints/"))}
    assert (open_facts(verified(files)), verified(files).checkpoints) == (0, 1)


def test_a_read_me_is_passed_over():
    assert verified({**GOOD, "README.md": b"by hand"}).entries == 600


def test_personal_openings_go_along_only_if_asked():
    notes = [BOOK.checkpoint(None, b.JPN)]

    def out(*classes):
        made = export_book(b.BOOK, lambda x, y: BOOK.rows[x:y], BOOK.tree, notes, *classes)
        return b"".join(data for path, data in made if path.startswith("openings/"))

    assert b"decided_by" not in out()
    assert b"decided_by" in out(("register", "personal"))
    assert out(()) == b""


def test_without_the_partners_card_the_log_alone_is_believed_and_that_is_said():
    assert verified(GOOD, b.KOR.note).newest.unknown == 3


def test_the_house_book_is_cosigned_by_nobody():
    book = b.Book(name="house")
    book.fill(5)
    assert verified(book.files(cosigned=())).entries == 5


def test_a_book_nobody_cosigned_is_not_enough_where_the_partner_is_trusted():
    files = BOOK.files(*SIZES, cosigned=())
    assert verified(files, b.KOR.note).entries == 600
    assert "no trusted partner (JPN-DIH1) has cosigned it" in refused(files)
    newest = {**GOOD, "checkpoint": BOOK.checkpoint()}
    assert "no trusted partner" in refused(newest)


def test_export_up_to_what_the_partner_cosigned():
    notes = [BOOK.checkpoint(400, b.JPN)]
    files = dict(export_book(b.BOOK, lambda x, y: BOOK.rows[x:y], BOOK.tree, notes))
    assert verified(files).entries == 400


# -- changed entries ----------------------------------------------------------------


@pytest.mark.parametrize("index", [0, 3, 255, 256, 599])
def test_a_changed_entry_is_named_with_its_kind(index):
    entry = BOOK.rows[index].entry.replace(b'"at":"2023', b'"at":"2022', 1)
    kind = BOOK.rows[index].kind
    assert f"kor: entry {index} ({kind}) is not the one" in refused(with_entry(GOOD, index, entry))


def test_of_several_changed_entries_the_first_is_named():
    for first, later in ((300, 400), (200, 300)):
        files = with_entry(with_entry(GOOD, later, b"x"), first, b"y")
        said = refused(files)
        assert f"entry {first} is not the one that stands in the signed book" in said


@pytest.mark.parametrize(
    "index, low, high", [(2, 0, 4), (5, 5, 299), (299, 5, 299), (300, 300, 559), (599, 560, 599)]
)
def test_a_rewritten_history_is_placed_between_two_checkpoints(index, low, high):
    said = refused(rewritten(index))
    assert f"changed between entry {low} and entry {high}" in said
    assert refused(rewritten(index), b.KOR.note) == said


def test_the_log_cannot_rewrite_what_the_partner_cosigned():
    """All files and signatures are the log's own, of another history."""
    other, _ = b.story()
    other.fill(582, salt="another")
    cosigned = BOOK.checkpoint(None, b.JPN)
    files = other.files(cosigned=())
    assert "no trusted partner" in refused(files)
    assert "changed between entry 0 and entry 599" in refused({**files, "checkpoint": cosigned})
    # With an honest earlier checkpoint kept, the forgery is seen even by the log's keys alone.
    kept = {**files, "checkpoints/300": BOOK.checkpoint(300, b.JPN)}
    said = refused(kept, b.KOR.note)
    assert "checkpoints/300: is signed, but by another history" in said


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_an_altered_tile_is_named(path):
    data = GOOD[path]
    altered = {**GOOD, path: data[:40] + bytes([data[40] ^ 1]) + data[41:]}
    assert f"{path}: is altered; the entries themselves are as signed" in refused(altered)


def test_entry_and_tile_altered_in_different_places_are_placed():
    files = with_entry(GOOD, 310, b"z")
    tile = files["tile/0/001"]
    files["tile/0/001"] = bytes(32) + tile[32:]
    assert "changed between entry 300 and entry 559" in refused(files)


# -- files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [p for p in GOOD if not p.startswith(("openings/", "checkpoints/"))]
)
def test_a_missing_file_is_named(path):
    files = {p: d for p, d in GOOD.items() if p != path}
    said = refused(files)
    assert f"kor: {path}: is missing" in said


@pytest.mark.parametrize(
    "path",
    [
        "notes.txt", "tile/0/003", "tile/0/002", "tile/entries/002.p/44", "tile/2/000.p/1",
        "checkpoints/600", "openings/003", "openings/000.p/1", "checkpoints/README",
        "checkpoints/05", "book.json.bak",
    ],
)  # fmt: skip
def test_an_extra_file_is_named(path):
    assert path in refused({**GOOD, path: BOOK.checkpoint(5, b.JPN)})


@pytest.mark.parametrize("path", list(GOOD))
@pytest.mark.parametrize("change", ["cut", "longer", "empty"])
def test_a_file_of_another_length_is_found(path, change):
    data = {"cut": GOOD[path][:-1], "longer": GOOD[path] + b"\n", "empty": b""}[change]
    said = refused({**GOOD, path: data})
    assert path in said


def test_a_truncated_bundle_is_named():
    path = "tile/entries/001"
    said = refused({**GOOD, path: GOOD[path][:1000]})
    assert f"{path}: is cut or altered" in said


def test_an_oversized_bundle_is_not_read():
    said = refused({**GOOD, "tile/entries/000": bytes(256 * 65537 + 1)})
    assert "tile/entries/000: is larger than any bundle" in said


@pytest.mark.parametrize("path", list(GOOD))
def test_a_flipped_bit_in_any_file_is_found(path):
    data = GOOD[path]
    for position in {0, len(data) - 1, *range(7, len(data), max(1, len(data) // 12))}:
        altered = data[:position] + bytes([data[position] ^ 4]) + data[position + 1 :]
        refused({**GOOD, path: altered})


@given(st.sampled_from(sorted(GOOD)), st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_is_found(path, position, bit):
    data = GOOD[path]
    at = position % len(data)
    altered = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
    with pytest.raises((BadInput, ProofFailed)):
        verify_book(Held({**GOOD, path: altered}), TRUST)


# -- checkpoints and cards ------------------------------------------------------------


def test_a_card_of_another_node_does_not_do():
    assert "a node whose card is not trusted" in refused(GOOD, b.JPN.note)


def test_a_card_with_other_log_keys_does_not_do():
    other = b.Node("KOR", "KOR-DIH1", "dih1.kor.example", "another log")
    assert "not signed by both log keys" in refused(GOOD, other.note)


def test_a_checkpoint_of_another_book_is_refused():
    other = b.Book(name="kor-usa-1987")
    other.fill(600)
    assert "another book or size" in refused({**GOOD, "checkpoint": other.checkpoint(None, b.JPN)})
    wrong = {**GOOD, "checkpoints/5": other.checkpoint(5, b.JPN)}
    assert "checkpoints/5: is of another book or size" in refused(wrong)


def test_a_checkpoint_under_another_size_is_refused():
    wrong = {**GOOD, "checkpoints/6": GOOD["checkpoints/5"]}
    assert "checkpoints/6: is of another book or size" in refused(wrong)


def test_an_earlier_checkpoint_that_the_log_did_not_sign_is_refused():
    wrong = {**GOOD, "checkpoints/5": BOOK.checkpoint(5, b.JPN, log=b.USA)}
    assert "checkpoints/5: is not signed by both log keys" in refused(wrong)


@pytest.mark.parametrize("line", range(5))
def test_each_line_of_the_newest_checkpoint_is_needed(line):
    head, _, tail = GOOD["checkpoint"].partition(b"\n\n")
    lines = tail.splitlines(keepends=True)
    del lines[line]
    refused({**GOOD, "checkpoint": head + b"\n\n" + b"".join(lines)})


# -- what the log itself wrote wrongly --------------------------------------------------


def wrong(*, at=timedelta(), **changes):
    """A book whose last entry the log made wrongly, and signed."""
    book = b.Book()
    book.fill(10)
    book.put("test.filler", {"n": encode(1)}, b.AT + timedelta(seconds=10) + at, **changes)
    return book.files()


def test_a_rightly_made_entry_passes():
    assert verified(wrong()).entries == 11
    book = b.Book()
    book.fill(3)
    book.fill(1, cites=(Cite(book.origin, 1, book.rows[1].leaf), Cite("other", 9, bytes(32))))
    assert verified(book.files()).entries == 4


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"index": 4}, "entry 10: says another book or index"),
        ({"origin": "dih1.kor.example/books/other"}, "entry 10: says another book or index"),
        ({"at": timedelta(days=-1)}, "entry 10: is dated before the entry ahead"),
    ],
)
def test_an_entry_the_log_made_wrongly_is_named(changes, said):
    assert said in refused(wrong(**changes))


@pytest.mark.parametrize("index, leaf", [(1, bytes(32)), (3, None), (7, None)])
def test_a_wrong_cite_of_the_same_book_is_named(index, leaf):
    book = b.Book()
    book.fill(3)
    cite = Cite(book.origin, index, leaf or book.rows[1].leaf)
    book.fill(1, cites=(cite,))
    assert f"entry 3: cites entry {index} as it does not stand" in refused(book.files())


def test_an_entry_of_no_known_form_is_named():
    book = b.Book()
    book.fill(2)
    row = b.replaced(book.rows[0], index=2, entry=b"{}", leaf=leaf_hash(b"{}"))
    book.rows.append(row)
    book.tree.append(row.leaf)
    assert "entry 2" in refused(book.files())


# -- openings -----------------------------------------------------------------------


def opened() -> list[bytes]:
    return GOOD["openings/000"].splitlines(keepends=True)


def with_openings(lines: list[bytes]) -> dict[str, bytes]:
    return {**GOOD, "openings/000": b"".join(lines)}


def test_openings_left_out_are_no_problem():
    fewer = verified(with_openings(opened()[1:]))
    assert open_facts(fewer) == open_facts(verified(GOOD)) - 1


def test_openings_out_of_order_twice_or_elsewhere_are_refused():
    lines = opened()
    assert "out of place" in refused(with_openings([lines[1], lines[0]]))
    assert "out of place" in refused(with_openings([lines[0], lines[0]]))
    far = GOOD["openings/001"].splitlines(keepends=True)[0]
    assert "out of place" in refused(with_openings([*lines, far]))


def test_an_opening_spelled_otherwise_is_refused():
    first, *rest = opened()
    for other in (
        first.replace(b",", b", ", 1),
        first.replace(b'"index":0', b'"index":0.0', 1),
        first.replace(b"{", b'{"also":1,', 1),
        b"\n" + first,
        b"[" * 100_000 + b"\n",
    ):
        assert other != first
        assert "openings/000: expected" in refused(with_openings([other, *rest]))


def test_openings_swapped_between_fields_are_refused():
    lines = [x for x in opened() if b'"index":3,' in x]
    first, second = lines[0], lines[1]
    values = [x[x.index(b'"salt"') :] for x in (first, second)]
    swapped = [
        first[: first.index(b'"salt"')] + values[1],
        second[: second.index(b'"salt"')] + values[0],
    ]
    assert verified(with_openings([first, second])).entries == 600
    assert "entry 3: the opening of articles does not fit" in refused(with_openings(swapped))


# -- two copies -----------------------------------------------------------------------


def test_two_copies_of_one_book_are_the_same():
    found = compare_books(Held(GOOD), Held(BOOK.files()))
    assert (found.sizes, found.first) == ((600, 600), None)
    assert "the same 600 entries" in found.text


def test_a_shorter_copy_is_a_prefix():
    notes = [BOOK.checkpoint(300, b.JPN)]
    short = dict(export_book(b.BOOK, lambda x, y: BOOK.rows[x:y], BOOK.tree, notes))
    for pair in ((GOOD, short), (short, GOOD)):
        found = compare_books(*map(Held, pair))
        assert found.first is None
        assert "the shorter, of 300 entries, is a prefix" in found.text


@pytest.mark.parametrize("index", [0, 299, 599])
def test_the_first_differing_entry_of_two_copies_is_named(index):
    found = compare_books(Held(GOOD), Held(rewritten(index)))
    assert found.first == index
    assert f"entry {index} ({BOOK.rows[index].kind}) is the first" in found.text


def test_copies_of_different_books_are_not_compared():
    other = b.Book(name="kor-usa-1987")
    with pytest.raises(BadInput, match="two copies of"):
        compare_books(Held(GOOD), Held(other.files()))


# -- making -----------------------------------------------------------------------


def test_checkpoints_must_be_of_one_book_and_in_order():
    other = b.Book(name="kor-usa-1987")
    other.fill(700)
    for notes in (
        [],
        [BOOK.checkpoint(9), BOOK.checkpoint(5)],
        [BOOK.checkpoint(9), other.checkpoint(600)],
    ):
        with pytest.raises(BadInput, match="checkpoints of one book"):
            list(export_book(b.BOOK, lambda x, y: BOOK.rows[x:y], BOOK.tree, notes))


def test_rows_must_be_those_asked_for():
    with pytest.raises(BadInput, match="entries 0 to 255"):
        list(export_book(b.BOOK, lambda x, y: BOOK.rows[x : y - 1], BOOK.tree, [BOOK.checkpoint()]))
