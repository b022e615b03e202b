"""Canonical bytes, strict base64, instants: one way to write each thing, and no other is read."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gsomia import canon
from gsomia.faults import BadInput

ASCII = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=8)
# RFC 8785 writes numbers as IEEE doubles, so integers agree up to 2**53 - 1.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=20)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ASCII, inner, max_size=5),
    max_leaves=20,
)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
INSTANTS = st.datetimes(
    datetime(1, 1, 3),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(9999, 12, 29),  # noqa: DTZ001 - as above
    timezones=OFFSETS,
)


class Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A small document, as the strict parsers read them."""

    number: int
    name: str = ""


class Tree(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document that can nest."""

    below: list[Tree] = []


# -- canonical JSON -------------------------------------------------------------


@given(JSON)
def test_it_is_rfc_8785_for_values_without_floats(value):
    assert canon.encode(value) == rfc8785.dumps(value)


@given(JSON)
def test_what_is_written_is_read_back_from_its_only_encoding(value):
    data = canon.encode(value)
    assert canon.decode(data, object, "value") == value
    assert canon.encode(canon.decode(data, object, "value")) == data


@pytest.mark.parametrize(
    "value, data",
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({}, b"{}"),
        ("한국 日本 é", '"한국 日本 é"'.encode()),
        ("\x00\b\t\n\f\r\x1f\x7f", b'"\\u0000\\b\\t\\n\\f\\r\\u001f\x7f"'),
        ('"\\/', b'"\\"\\\\/"'),
    ],
)
def test_canonical_bytes(value, data):
    assert canon.encode(value) == data
    assert canon.decode(data, object, "value") == value


def test_the_good_twin_is_read():
    assert canon.decode(b'{"name":"a","number":1}', Seal, "seal") == Seal(1, "a")


@pytest.mark.parametrize(
    "data, reason",
    [
        (b'{"number":1,"name":"a"}', "canonical"),
        (b'{"name": "a","number":1}', "canonical"),
        (b'{"name":"a","number":1}\n', "canonical"),
        (b' {"name":"a","number":1}', "canonical"),
        (b'{"name":"\\u0061","number":1}', "canonical"),
        (b'{"name":"a","name":"a","number":1}', "canonical"),
        (b'{"name":"a","number":1.0}', "expected a"),
        (b'{"name":"a","number":1e0}', "expected a"),
        (b'{"name":"a","number":-0}', "canonical"),
        (b'{"number":1}', "canonical"),
        (b'{"name":"a","number":"1"}', "expected a"),
        (b'{"name":"a","number":1,"other":2}', "expected a"),
        (b'{"name":"a"}', "expected a"),
        (b'{"name":"a","number":1}{}', "expected a"),
        (b'{"name":"\xff","number":1}', "expected a"),
        (b'{"name":"a","number":1', "expected a"),
        (b"\xef\xbb\xbf{}", "expected a"),
        (b"", "expected a"),
        (b"null", "expected a"),
    ],
)
def test_any_other_bytes_are_refused(data, reason):
    with pytest.raises(BadInput, match=rf"^seal: .*{reason}"):
        canon.decode(data, Seal, "seal")


@given(st.binary(max_size=60))
def test_hostile_bytes_are_read_or_refused_and_never_bent(data):
    try:
        value = canon.decode(data, object, "value")
    except BadInput:
        return
    assert canon.encode(value) == data


# -- bounds ---------------------------------------------------------------------


def test_size_is_bounded():
    canon.check_size(b"x" * 10, "doc", limit=10)
    with pytest.raises(BadInput, match="expected at most 10 bytes, got 11 bytes"):
        canon.check_size(b"x" * 11, "doc", limit=10)
    with pytest.raises(BadInput, match=f"at most {canon.MAX_DOCUMENT} bytes"):
        canon.decode(b'"' + b"x" * canon.MAX_DOCUMENT + b'"', str, "doc")


@pytest.mark.parametrize("opening, closing", [(b"[", b"]"), (b'{"a":', b"}")])
def test_depth_is_bounded(opening, closing):
    def nested(levels: int) -> bytes:
        return opening * levels + b"1" + closing * levels

    canon.check_size(nested(canon.MAX_DEPTH), "doc")
    with pytest.raises(BadInput, match=f"at most {canon.MAX_DEPTH} levels"):
        canon.check_size(nested(canon.MAX_DEPTH + 1), "doc")


def test_breadth_is_not_depth():
    siblings = b"[" + b",".join([b'{"a":[]}'] * 100) + b"]"
    canon.check_size(siblings, "doc")


def test_depth_without_end_is_refused_before_the_parser_sees_it():
    with pytest.raises(BadInput, match="levels"):
        canon.decode(b'{"below":[' * 100_000, Tree, "tree")


@pytest.mark.parametrize("inside", ["[" * 100, "{" * 100, '\\"' + "[" * 100, "\\\\"])
def test_brackets_inside_strings_do_not_count(inside):
    canon.check_size(f'["{inside}"]'.encode(), "doc")


def test_an_escaped_quote_does_not_end_a_string():
    hidden = b'"' + b"\\\\" + b'"' + b"[" * (canon.MAX_DEPTH + 1)
    with pytest.raises(BadInput, match="levels"):
        canon.check_size(hidden, "doc")


# -- base64, digests ------------------------------------------------------------


@given(st.binary(max_size=100))
def test_base64_has_one_spelling(data):
    text = canon.b64(data)
    assert text == base64.b64encode(data).decode()
    assert canon.unb64(text, "field") == data
    assert canon.unb64(text, "field", size=len(data)) == data


@pytest.mark.parametrize(
    "text",
    ["QQ", "QQ=", "Q===", "QQ==\n", " QQ==", "QQ= =", "QQ==QQ==", "QR==", "QUJ=", "-_-_", "ＱＱ=="],
)
def test_any_other_base64_is_refused(text):
    with pytest.raises(BadInput, match=r"^field: expected (canonical )?base64"):
        canon.unb64(text, "field")


def test_the_size_of_a_field_is_exact():
    with pytest.raises(BadInput, match="expected 32 bytes, got 1 bytes"):
        canon.unb64("QQ==", "field", size=32)


def test_a_digest_says_its_algorithm():
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert canon.digest(b"") == "sha256:" + empty
    assert canon.DIGEST.fullmatch(canon.digest(b""))
    assert canon.sha256(b"").hex() == empty


def test_a_fingerprint_is_read_out_in_fours():
    groups = canon.fingerprint(b"").split(" ")
    assert len(groups) == 16
    assert groups[:2] == ["e3b0", "c442"]
    assert {len(group) for group in groups} == {4}


# -- time -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, utc",
    [
        # The last hours of a notice: the same instant, two capitals' dates.
        ("2019-11-22T18:00:00+09:00", "2019-11-22T09:00:00Z"),
        ("2019-11-23T00:00:00+09:00", "2019-11-22T15:00:00Z"),
        ("2023-03-17T10:30Z", "2023-03-17T10:30:00Z"),
        ("2023-03-17T10:30:00.5Z", "2023-03-17T10:30:00.500000Z"),
        ("2023-03-17T10:30:00.000001Z", "2023-03-17T10:30:00.000001Z"),
        ("2024-02-29T00:00:00-03:30", "2024-02-29T03:30:00Z"),
    ],
)
def test_an_instant_is_kept_as_utc(text, utc):
    at = canon.parse_instant(text, "when")
    assert at.tzinfo is UTC
    assert canon.instant(at) == utc


@pytest.mark.parametrize(
    "text",
    [
        "2019-11-22T18:00:00",
        "2019-11-22 18:00:00Z",
        "2019-11-22",
        "2019-11-22T18Z",
        "20191122T180000Z",
        "2019-11-22T18:00:00z",
        "2019-11-22T18:00:00+09",
        "2019-11-22T18:00:00+0900",
        "2019-11-22T18:00:00.1234567Z",
        "2019-W47-5T18:00:00Z",
        " 2019-11-22T18:00:00Z",
        "2019-11-22T18:00:00Z\n",
        "２019-11-22T18:00:00Z",
        "",
    ],
)
def test_an_instant_without_offset_or_in_another_form_is_refused(text):
    with pytest.raises(BadInput, match="expected an instant with offset"):
        canon.parse_instant(text, "when")


@pytest.mark.parametrize(
    "text",
    [
        "2019-02-29T00:00:00Z",
        "2019-13-01T00:00:00Z",
        "2019-11-22T24:00:01Z",
        "2019-11-22T18:60:00Z",
        "2019-11-22T18:00:60Z",
        "2019-11-22T18:00:00+24:00",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_an_instant_that_does_not_exist_is_refused(text):
    with pytest.raises(BadInput, match="expected an instant that exists"):
        canon.parse_instant(text, "when")


@given(INSTANTS)
def test_an_instant_comes_back_whatever_its_offset(at):
    text = canon.instant(at)
    assert text.endswith("Z")
    assert canon.parse_instant(text, "when") == at
    assert canon.instant(canon.parse_instant(text, "when")) == text


@pytest.mark.parametrize(
    "text, group",
    [
        ("2023-03-17T10:30Z", "171030ZMAR23"),
        ("2023-03-17T10:30:59.9Z", "171030ZMAR23"),
        ("2019-11-23T00:00:00+09:00", "221500ZNOV19"),
        ("2000-01-01T00:00:00Z", "010000ZJAN00"),
    ],
)
def test_a_date_time_group_is_in_utc(text, group):
    at = canon.parse_instant(text, "when")
    assert canon.date_time_group(at) == group
    assert canon.date_time_group(at.astimezone(timezone(timedelta(hours=9)))) == group


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.999999Z", 1),
        ("2023-03-17T10:30:00Z", 1679049000),
    ],
)
def test_seconds_since_1970_are_whole(text, seconds):
    assert canon.unix_seconds(canon.parse_instant(text, "when")) == seconds


UNENDED = {"escapes": b'\\"', "cut": b'"\\', "empty": b'"', "mix": b'["a\\\\"', "bare": b"\\"}


@pytest.mark.parametrize("unit", UNENDED.values(), ids=UNENDED)
def test_the_size_check_of_a_string_without_end_comes_to_an_end(unit):
    """At the largest size: a scan that starts again at every quote would take hours."""
    data = b'"' + unit * ((canon.MAX_DOCUMENT - 1) // len(unit))
    with pytest.raises(BadInput):
        canon.decode(data, str, "test")
