"""Entries and openings: bound to field, salt and value; strict; silent about the rest."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia import canon
from gsomia.faults import BadInput, ProofFailed
from gsomia.journal.entry import (
    Cite,
    Opening,
    check_opening,
    commit,
    derive_salt,
    make_entry,
    parse_entry,
)

BOOK = "a.example/gsomia/b"
AT = datetime(2026, 3, 17, 10, 30, tzinfo=UTC)
SEED = bytes(range(32))
FACTS = {"item": b'"KR-2026-000123"', "level": b'"II"', "copies": b"2"}
CITES = (Cite("a.example/gsomia/house", 3, bytes(32)),)
DATA, OPENINGS = make_entry(BOOK, 5, "item.registered", AT, FACTS, SEED, CITES)
ENTRY = parse_entry(DATA)


def test_the_bytes_are_canonical_json_and_hold_no_value():
    assert canon.encode(ENTRY) == DATA
    assert (ENTRY.book, ENTRY.index, ENTRY.kind, ENTRY.at) == (BOOK, 5, "item.registered", AT)
    assert ENTRY.cites == CITES
    assert list(ENTRY.facts) == sorted(FACTS)
    assert b"KR-2026" not in DATA
    assert f'"at":"{canon.instant(AT)}"'.encode() in DATA


def test_the_commitment_is_the_documented_hash():
    salt = hashlib.sha256(b"gsomia/salt/v1\0" + SEED + b"\0\x04item").digest()
    value = FACTS["item"]
    assert OPENINGS["item"] == Opening(salt, value)
    assert derive_salt(SEED, "item") == salt
    expected = hashlib.sha256(b"gsomia/opening/v1\0" + b"\0\x04item" + salt + value).digest()
    assert ENTRY.facts["item"] == expected == commit("item", value, salt)


def test_every_opening_fits_its_own_field_only():
    for field, opening in OPENINGS.items():
        check_opening(ENTRY, field, opening)
        for other in OPENINGS:
            if other != field:
                with pytest.raises(ProofFailed, match="does not fit"):
                    check_opening(ENTRY, other, opening)


@pytest.mark.parametrize(
    ("field", "opening"),
    [
        ("item", Opening(OPENINGS["item"].salt, b'"KR-2026-000124"')),
        ("item", Opening(OPENINGS["level"].salt, FACTS["item"])),
        ("item", Opening(OPENINGS["item"].salt[:-1], FACTS["item"])),
        ("item", Opening(OPENINGS["item"].salt + b"x", FACTS["item"])),
        ("nothing", OPENINGS["item"]),
        ("NOT a field", OPENINGS["item"]),
    ],
)
def test_a_false_opening_fails(field, opening):
    with pytest.raises(ProofFailed):
        check_opening(ENTRY, field, opening)


def test_salt_and_value_cannot_trade_bytes():
    opening = OPENINGS["item"]
    moved = Opening(opening.salt[:-1], opening.salt[-1:] + opening.value)
    with pytest.raises(ProofFailed):
        check_opening(ENTRY, "item", moved)


def test_salts_differ_by_field_and_by_seed():
    fields, seeds = ("a", "b", "ab"), (SEED, bytes(32))
    assert len({derive_salt(s, f) for s in seeds for f in fields}) == len(fields) * len(seeds)


def test_equal_values_look_different():
    data, _ = make_entry(BOOK, 0, "k", AT, {"a": b"1", "b": b"1"}, SEED)
    assert len(set(parse_entry(data).facts.values())) == 2


def test_an_instant_is_written_in_utc():
    seoul = AT.astimezone(timezone(timedelta(hours=9)))
    assert make_entry(BOOK, 5, "item.registered", seoul, FACTS, SEED, CITES)[0] == DATA


def good(**changed: Any) -> dict[str, Any]:
    return {
        "book": BOOK,
        "index": 5,
        "kind": "k",
        "at": AT,
        "facts": FACTS,
        "seed": SEED,
        "cites": (),
    } | changed


@pytest.mark.parametrize(
    "changed",
    [
        {"book": ""},
        {"book": "a b"},
        {"book": "a+b"},
        {"book": "é"},
        {"book": "a" * 256},
        {"index": -1},
        {"kind": "Item"},
        {"kind": ""},
        {"kind": "k\n"},
        {"facts": {"Bad": b"1"}},
        {"facts": {"1": b"1"}},
        {"facts": {"a" * 65: b"1"}},
        {"seed": bytes(31)},
        {"at": AT.replace(tzinfo=None)},
        {"cites": (Cite(BOOK, 1, bytes(31)),)},
        {"cites": (Cite(BOOK, -1, bytes(32)),)},
        {"cites": (Cite("", 1, bytes(32)),)},
        {"facts": {f"f{n}": b"1" for n in range(1500)}},
    ],
)
def test_bad_entries_are_not_made(changed):
    assert make_entry(**good())
    with pytest.raises(BadInput):
        make_entry(**good(**changed))


PLAIN = {
    "at": "2026-03-17T10:30:00Z",
    "book": BOOK,
    "cites": [],
    "facts": {"a": canon.b64(bytes(32)), "b": canon.b64(bytes(32))},
    "index": 5,
    "kind": "k",
    "v": 1,
}


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "2026-03-17T19:30:00+09:00"},
        {"at": "2026-03-17T10:30:00"},
        {"at": "2026-03-17T10:30:00+00:00"},
        {"at": "2026-03-17T10:30:00.000000Z"},
        {"at": "2026-03-17t10:30:00z"},
        {"at": 5},
        {"book": "a b"},
        {"cites": [[BOOK, 1]]},
        {"cites": [[BOOK, 1, canon.b64(bytes(31))]]},
        {"cites": [[BOOK, 1, canon.b64(bytes(32)), 1]]},
        {"facts": {"A": canon.b64(bytes(32))}},
        {"facts": {"a": canon.b64(bytes(31))}},
        {"facts": {"a": "AA"}},
        {"index": -1},
        {"index": True},
        {"index": 1 << 63},
        {"kind": "K"},
        {"v": 2},
        {"extra": 1},
        {"extra": [[]] * 9},
    ],
)
def test_malformed_entries_are_refused(changed):
    assert parse_entry(canon.encode(PLAIN)).index == 5
    with pytest.raises(BadInput):
        parse_entry(canon.encode(PLAIN | changed))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"null",
        canon.encode(PLAIN) + b"\n",
        canon.encode(PLAIN).replace(b",", b", ", 1),
        canon.encode(PLAIN).replace(b'"a":', b'"c":'),
        canon.encode(PLAIN).replace(b'"a":', b'"b":'),
        canon.encode(PLAIN).replace(b'"index":5', b'"index":5,"index":5'),
        canon.encode(PLAIN).replace(b'"k"', b'"\\u006b"'),
        canon.encode({k: v for k, v in PLAIN.items() if k != "cites"}),
        b"[" * 60_000,
        b'{"facts":' * 7000,
        b" " * 70_000,
        b"\xff",
    ],
)
def test_other_spellings_are_refused(data):
    with pytest.raises(BadInput):
        parse_entry(data)


FIELDS = st.from_regex(r"[a-z][a-z0-9_.-]{0,63}", fullmatch=True)


@given(
    st.dictionaries(FIELDS, st.binary(max_size=60), max_size=8),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(min_size=32, max_size=32),
    st.integers(0, (1 << 63) - 2),
)
def test_every_entry_reads_back_and_opens(facts, at, seed, index):
    data, openings = make_entry(BOOK, index, "item.moved", at, facts, seed)
    entry = parse_entry(data)
    assert canon.encode(entry) == data
    assert (entry.at, entry.index) == (at, index)
    assert {f: o.value for f, o in openings.items()} == facts
    for field, opening in openings.items():
        check_opening(entry, field, opening)


@given(st.data())
def test_what_parses_re_encodes(data):
    changed = bytearray(DATA)
    changed[data.draw(st.integers(0, len(DATA) - 1))] = data.draw(st.integers(0, 255))
    try:
        entry = parse_entry(bytes(changed))
    except BadInput:
        return
    assert canon.encode(entry) == changed
    assert msgspec.json.encode(entry) == changed
