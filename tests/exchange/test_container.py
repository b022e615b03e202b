"""The container: one form, bounded, refused as a whole when any byte is off."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.canon import digest, encode
from gsomia.exchange.container import (
    MAX_KEYS,
    MAX_STATEMENT,
    VERSION,
    OuterHeader,
    Part,
    body_digest,
    check_outside,
    container_size,
    iter_container,
    read_container,
    write_container,
)
from gsomia.exchange.keyparts import MAX_ITEMS
from gsomia.faults import BadInput, ProofFailed
from tests.exchange.builders import MARKS, read

KEYS, STATEMENT = b"\nkeys 0\n", b"statement"
ITEMS = (b"one", b"", b"end\n", b"item 3\nabc\nend\n")


def header(items: tuple[bytes, ...] = ITEMS, **changes: str) -> OuterHeader:
    body = body_digest(Part.of(KEYS), Part.of(STATEMENT), map(Part.of, items))
    fields = {"body": body, "from_": "KOR-DIH1", "number": "2023/0117", "to": "JPN-DIH1"}
    return OuterHeader(**(fields | changes))


def written(items: tuple[bytes, ...] = ITEMS, head: OuterHeader | None = None) -> bytes:
    out = io.BytesIO()
    sources = [(io.BytesIO(i), len(i)) for i in items]
    size = write_container(out, head or header(items), KEYS, STATEMENT, sources)
    assert size == len(out.getvalue())
    return out.getvalue()


GOOD = written()


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_what_is_written_reads_back(items):
    data = written(tuple(items))
    received, contents = read(data)
    assert contents == items
    assert (received.keys, received.statement) == (KEYS, STATEMENT)
    assert received.items == tuple(map(Part.of, items))
    assert received.header == header(tuple(items))
    sizes = [len(i) for i in items]
    assert container_size(received.header, len(KEYS), len(STATEMENT), sizes) == len(data)


def test_the_bytes_are_as_the_page_says():
    assert (
        b"gsomia/transmittal/v1\n"
        + encode(
            {"body": header().body, "from": "KOR-DIH1", "number": "2023/0117", "to": "JPN-DIH1"}
        )
        + b"\nkeys 8\n\nkeys 0\n\nstatement 9\nstatement\nitem 3\none\nitem 0\n\nitem 4\nend\n\n"
        + b"item 15\nitem 3\nabc\nend\n\nend\n"
    ) == GOOD
    listed = [["keys", 8, digest(KEYS)], ["statement", 9, digest(STATEMENT)]]
    listed += [["item", len(i), digest(i)] for i in ITEMS]
    assert header().body == digest(encode(listed))


def test_a_container_in_a_container_is_only_bytes():
    outer = written((GOOD, GOOD))
    assert read(outer)[1] == [GOOD, GOOD]


def test_every_truncation_is_refused():
    for end in range(len(GOOD)):
        with pytest.raises(BadInput):
            read(GOOD[:end])
    assert read(GOOD)[1] == list(ITEMS)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_any_changed_byte_shows(at, flip):
    """In the outer address it cannot show here: nothing outside signs it (see the statement)."""
    bad = bytearray(GOOD)
    bad[at] ^= flip
    try:
        received, _ = read(bytes(bad))
    except (BadInput, ProofFailed):
        return
    assert received.header != header()
    assert received.header.body == header().body


@given(st.binary(max_size=400))
def test_noise_is_refused(data):
    with pytest.raises(BadInput):
        read(data)
    with pytest.raises((BadInput, ProofFailed)):
        read(VERSION + encode(header()) + b"\n" + data)


@pytest.mark.parametrize("extra", [b"\n", b"x", GOOD, b"end\n"])
def test_trailing_bytes_are_refused(extra):
    with pytest.raises(BadInput, match="end of the input"):
        read(GOOD + extra)


def swap(old: bytes, new: bytes) -> bytes:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (swap(b"/v1\n", b"/v2\n"), "gsomia/transmittal/v1"),
        (swap(b"/v1\n", b"/v1\r\n"), "another first line"),
        (swap(b'{"body', b'{ "body'), "canonical"),
        (swap(b'"to"', b'"tp"'), "OuterHeader"),
        (swap(b'{"body', b'{"a":1,"body'), "unknown field"),
        (swap(b"KOR-DIH1", b"kor-dih1"), "regex"),
        (swap(b"2023/0117", b"2023/0117\\n"), "regex"),
        (swap(b"keys 8", b"keys 08"), "keys <bytes>"),
        (swap(b"keys 8", b"keys +8"), "keys <bytes>"),
        (swap(b"keys 8", b"keys  8"), "keys <bytes>"),
        (swap(b"keys 8", b"item 8"), "keys <bytes>"),
        (swap(b"statement 9\nstatement\n", b""), "statement <bytes>"),
        (swap(b"item 3\none", b"item 2\none"), "line feed"),
        (swap(b"item 3\none", b"item 4\none"), "item"),
        (swap(b"item 3\none\n", b"item 3\none\r\n"), "line feed"),
        (swap(b"item 3\none", b"keys 3\none"), "item <bytes>"),
        (swap(b"item 3\none", b"item 9999999999999999\none"), "in all"),
        (swap(b"item 3\none", b"item 99999999999999999\none"), "item <bytes>"),
        (swap(b"keys 8", b"keys %d" % (MAX_KEYS + 1)), "at most 1048576"),
        (swap(b"statement 9", b"statement %d" % (MAX_STATEMENT + 1)), "at most 4194304"),
    ],
)
def test_other_forms_are_refused(data, words):
    with pytest.raises(BadInput, match=words):
        read(data)


def test_swapped_items_are_refused():
    with pytest.raises(ProofFailed, match="sections"):
        read(written(ITEMS[::-1], header(ITEMS)))


def test_a_dropped_item_is_refused():
    with pytest.raises(ProofFailed, match="sections"):
        read(written(ITEMS[:-1], header(ITEMS)))


def test_a_total_limit_holds():
    assert read(GOOD, len(GOOD))[1] == list(ITEMS)
    for limit in range(len(GOOD)):
        with pytest.raises(BadInput, match="at most"):
            read(GOOD, limit)


def test_nothing_is_given_out_beyond_the_limit():
    given_out = 0

    class Counting:
        def write(self, data: memoryview, /) -> int:
            nonlocal given_out
            given_out += len(data)
            return len(data)

    big = written((bytes(1 << 20),))
    with pytest.raises(BadInput, match="in all"):
        read_container(io.BytesIO(big), lambda _i, _s: Counting(), 1 << 20)
    assert given_out == 0


def test_too_many_items_are_refused():
    many = (b"",) * MAX_ITEMS
    assert len(read(written(many))[1]) == MAX_ITEMS
    with pytest.raises(BadInput, match="4096 items"):
        written((*many, b""))
    one_more = written(many)[: -len(b"end\n")] + b"item 0\n\nend\n"
    with pytest.raises(BadInput, match="4096 items"):
        read(one_more)


@pytest.mark.parametrize("size", [2, 4])
def test_an_item_of_another_size_is_not_written(size):
    with pytest.raises(BadInput, match="item 0"):
        list(iter_container(header(), KEYS, STATEMENT, [(io.BytesIO(b"one"), size)]))


@given(st.integers(1, 40))
def test_small_reads_make_no_difference(step):
    class Slow:
        def __init__(self) -> None:
            self.inner = io.BytesIO(GOOD)

        def readinto(self, buffer: memoryview, /) -> int:
            return self.inner.readinto(buffer[:step])

    sinks: list[io.BytesIO] = []

    def on_item(_index: int, _size: int) -> io.BytesIO:
        sinks.append(io.BytesIO())
        return sinks[-1]

    assert read_container(Slow(), on_item, len(GOOD)) == read(GOOD)[0]
    assert [s.getvalue() for s in sinks] == list(ITEMS)


def test_sections_longer_than_the_buffer():
    items = (bytes(range(256)) * 9000, b"x" * ((1 << 20) - 200), b"y" * (1 << 20))
    assert read(written(items), 1 << 23)[1] == list(items)


# -- the outside --------------------------------------------------------------------


def test_the_outside_of_a_good_one_shows_no_level_word():
    check_outside(header(), MARKS)


@pytest.mark.parametrize(
    "number", ["2023/SECRET/1", "S.E.C.R.E.T-1", "TOP-SECRET", "K-HI-1", "TOKUTEI/HIMITSU"]
)
def test_a_level_word_outside_is_refused(number):
    with pytest.raises(BadInput, match="level words"):
        check_outside(header(number=number), iter(MARKS))


def test_a_short_word_counts_only_by_itself():
    check_outside(header(number="CHIBA-1"), ["HI"])
