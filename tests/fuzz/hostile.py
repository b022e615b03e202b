"""Bytes that somebody hostile, clumsy or unlucky might send: real examples, spoiled.

Three ways to spoil one. Its bytes: cut, flip, swap, repeat, insert. Its JSON: a value
somewhere in the document is replaced by another that is well formed, and the document is
written canonically again, so that it gets past the first check. Its lines: for YAML, the
value after a key. Each drawn from Hypothesis, so that a failure shrinks to what matters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

MAX_INPUT = 1 << 20
"""Bytes: no input here is longer."""

TOKENS = tuple(
    token if isinstance(token, bytes) else token.encode()
    for token in (
        *'"\\{}[],:\n\r\t +-=0',
        *("\x00", "\x0b", "\x1b[2J", "\x7f", "\x85", "\xa0", "\ufeff", "\u2028", "\ufffe"),
        *("\u200b", "\u202e", "\u2066", "\u00ad", "\u115f", "\u3000", "가", "가", "😀", "e\u0301"),
        *("\u2014 ", "\n\n", "\r\n", "\\u0000", "\\ud800", "\\u202e", '\\"', "\\\\", '""', "{}"),
        *("[[", "]]", '{"a":', '"a":1,', "null", "true", "NaN", "1e999", "-0", "0.0", "1e5"),
        *("9" * 20, "1" * 400, str(1 << 63), str(1 << 64), str(-(1 << 63) - 1)),
        *("- ", "? ", "&a ", "*a", "!!python/object ", "%YAML 1.1\n", "---\n", "...\n", "<<: *a"),
        *("../", "//", "/v2\n", "sha256:", "AA==", "AB==", "A===", "0001-01-01", "9999-12-31"),
        *("24:00:00", "+23:59", "-23:59", "+99:99", "T23:59:60Z", "٣", "²", "Ⅱ", "ﬃ", "İ"),
        *(b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80", b"\x80" * 8),
    )
)
"""What to insert: the marks of each format, and text that programs trip over."""

_RUNS = (1, 1, 1, 2, 3, 17, 33, 64, 300, 5_000, 70_000, MAX_INPUT)

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 1 << 31, 1 << 53, (1 << 53) + 1, (1 << 63) - 1, 1 << 64),
    *(-(1 << 63) - 1, 0.0, -0.0, 1.5, 1e300, [], {}, [[]], [None], {"": None}, [0] * 5_000),
    *(
        "",
        " ",
        "\n",
        "\x00",
        "a",
        "A",
        "a" * 300,
        "a" * 70_000,
        "\u202ea",
        "\ufeff",
        "가",
        "e\u0301",
    ),
    *("9" * 400, "-1", "0x10", "sha256:" + "0" * 64, "0" * 32, "AAAA", "AB==", "A" * 44, "items"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+23:59"),
    *("9999-12-31T23:59:59-23:59", "2023-02-29T00:00:00Z", "2023-03-21T24:00:00Z", "2023-03-21"),
    *(
        "0000-00-00",
        "9999-12",
        "0001-01",
        "KOR",
        "JPN",
        "ZZZ",
        "KOR-DIH1",
        "../../etc",
        "a/b",
        "Art. 1",
    ),
)
"""What to put in the place of a JSON value."""

SCALARS = tuple(
    text.encode()
    for text in (
        *("", "null", "true", "no", "0", "-1", "007", "1_000", "0o17", "1e3", ".inf", "=", "~"),
        *("9" * 18, "9" * 30, "9999-12-31", "9999-12", "0001-01-01", "0001-01", "2023-02-29"),
        *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2023-03-21T00:00:00", "+14:00"),
        *("-14:00", "+99:99", "Z", "KOR", "JPN", "ZZZ", "秘", "II급비밀", "Art. 1", "Art. 999(z)"),
        *("[]", "{}", "[[]]", "[null]", "{a: 1}", "[a, a]", "{a: {a: {a: a}}}", "'", '"', "|", ">"),
        *('"\\0"', '"\\u202e"', '"\\ud800"', '"\\U00110000"', "*a", "&a b", "!!int 1", "# a"),
        *("{day: 9999-12-31, offset: '+14:00'}", "{month: 9999-12, offset: '-14:00'}"),
        *("{month: 0001-01, offset: '+14:00'}", "{earliest: 0001-01-01T00:00:00Z, latest: x}"),
        *("{earliest: 0001-01-01T00:00:00+14:00, before: 0001-01-01T00:00:00Z}", "a" * 5_000),
    )
)
"""What to put after a YAML key."""


def raw() -> st.SearchStrategy[bytes]:
    """Bytes with no example behind them: any at all, or tokens in a row."""
    tokens = st.lists(st.sampled_from(TOKENS), max_size=12).map(b"".join)
    return st.binary(max_size=300) | tokens


# -- bytes ------------------------------------------------------------------------


@st.composite
def bent(draw: st.DrawFn, examples: Sequence[bytes]) -> bytes:
    """An example after one to five changes to its bytes."""
    data = examples[draw(st.integers(0, len(examples) - 1))]
    for _ in range(draw(st.integers(1, 5))):
        data = _changed(draw, data, examples)[:MAX_INPUT]
    return data


def _changed(draw: st.DrawFn, data: bytes, examples: Sequence[bytes]) -> bytes:
    start = draw(st.integers(0, len(data)))
    end = start + draw(st.sampled_from((0, 1, 1, 2, 8, 64, 1000, len(data))))
    match draw(
        st.sampled_from(("token", "flip", "cut", "byte", "splice", "repeat", "end", "line"))
    ):
        case "token":
            token = draw(st.sampled_from(TOKENS))
            count = min(draw(st.sampled_from(_RUNS)), MAX_INPUT // len(token))
            return data[:start] + token * count + data[end:]
        case "flip" if start < len(data):
            bit = 1 << draw(st.integers(0, 7))
            return data[:start] + bytes([data[start] ^ bit]) + data[start + 1 :]
        case "byte":
            return data[:start] + bytes([draw(st.integers(0, 255))]) + data[start + 1 :]
        case "splice":
            other = examples[draw(st.integers(0, len(examples) - 1))]
            return data[:start] + other[draw(st.integers(0, len(other))) :]
        case "repeat":
            piece = data[start:end]
            count = min(draw(st.sampled_from(_RUNS)), MAX_INPUT // max(1, len(piece)))
            return data[:start] + piece * count + data[end:]
        case "end":
            return data[:start]
        case "line":
            return _other_lines(draw, data)
        case _:
            return data[:start] + data[end:]


def _other_lines(draw: st.DrawFn, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match draw(st.sampled_from(("swap", "drop", "double"))):
        case "swap":
            lines[one], lines[other] = lines[other], lines[one]
        case "drop":
            del lines[one]
        case _:
            lines.insert(other, lines[one])
    return b"\n".join(lines)


# -- JSON -------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """JSON as the strict parsers want it, made without them."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


@st.composite
def revalued(draw: st.DrawFn, examples: Sequence[bytes]) -> bytes:
    """An example one of whose lines is JSON, with one to three of its values replaced."""
    lines = examples[draw(st.integers(0, len(examples) - 1))].split(b"\n")
    found = [n for n, line in enumerate(lines) if line[:1] in (b"{", b"[")]
    place = draw(st.sampled_from(found))
    value = json.loads(lines[place])
    for _ in range(draw(st.integers(1, 3))):
        value = _revalued(draw, value)
    try:
        lines[place] = canonical(value)
    except RecursionError:  # of json's own writer: something deep was put deep
        reject()
    return b"\n".join(lines)


def _revalued(draw: st.DrawFn, value: Any) -> Any:
    """`value` with something in it replaced, renamed, dropped, added or doubled."""
    deeper = isinstance(value, (dict, list)) and value and draw(st.integers(0, 7))
    if deeper:
        keys: Sequence[Any] = sorted(value) if isinstance(value, dict) else range(len(value))
        key = draw(st.sampled_from(keys))
        inner = _revalued(draw, value[key])
        value = value.copy()
        value[key] = inner
        return value
    match draw(st.sampled_from(("value", "value", "text", "drop", "more", "double", "deep"))):
        case "text" if isinstance(value, str):
            return _retold(draw, value)
        case "drop" if value and isinstance(value, (dict, list)):
            keys = sorted(value) if isinstance(value, dict) else range(len(value))
            gone = draw(st.sampled_from(keys))
            value = value.copy()
            del value[gone]
            return value
        case "more" if isinstance(value, dict):
            return value | {draw(st.sampled_from(("", "a", "kind", "zz", "\x00"))): 0}
        case "double" if isinstance(value, list):
            return [*value, *value] * draw(st.sampled_from((1, 1, 2, 33, 70)))
        case "deep":
            for _ in range(draw(st.sampled_from((1, 20, 31, 40, 900)))):
                value = [value]
            return value
    return draw(st.sampled_from(VALUES))


def _retold(draw: st.DrawFn, text: str) -> str:
    """Another text: spoiled, or with the JSON in it spoiled, as of a note within a message."""
    data = text.encode("utf-8", "surrogatepass")
    return _changed(draw, data, (data,))[:MAX_INPUT].decode("utf-8", "replace")


# -- lines with keys --------------------------------------------------------------

_KEYED = re.compile(rb"^(\s*(?:- )*[\w-]+: )(.*)$")


@st.composite
def rekeyed(draw: st.DrawFn, examples: Sequence[bytes]) -> bytes:
    """A YAML example with one to three of its values replaced, or a part of it repeated."""
    lines = examples[draw(st.integers(0, len(examples) - 1))].split(b"\n")
    keyed = [n for n, line in enumerate(lines) if _KEYED.match(line)]
    for _ in range(draw(st.integers(1, 3)) if keyed else 0):
        place = draw(st.sampled_from(keyed))
        scalar = draw(st.sampled_from(SCALARS))
        lines[place] = _KEYED.sub(lambda m, s=scalar: m[1] + s, lines[place])  # type: ignore[misc]
    if draw(st.integers(0, 9)) == 0:
        start = draw(st.integers(0, len(lines) - 1))
        part = lines[start : start + draw(st.integers(1, 12))]
        room = MAX_INPUT // 4 // (1 + sum(len(line) + 1 for line in part))
        lines[start:start] = part * min(draw(st.sampled_from(_RUNS)), room)
    return b"\n".join(lines)[:MAX_INPUT]


Spoil = Callable[[Sequence[bytes]], st.SearchStrategy[bytes]]


class Examples(tuple[bytes, ...]):
    """Examples that a report of a failure does not print."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} examples>"


class Spoiled:
    """An input, shown by how it differs from the example it is nearest to."""

    def __init__(self, data: bytes, examples: Sequence[bytes]) -> None:
        self.data, self._examples = data, examples

    def __repr__(self) -> str:
        ends = [(*_same(self.data, example), n) for n, example in enumerate(self._examples)]
        head, tail, n = max(ends, key=lambda end: end[0] + end[1])
        if len(self.data) <= 200 or head + tail < 100:
            return repr(self.data)
        example, middle = f"examples[{n}]", self.data[head : len(self.data) - tail]
        cut = len(self._examples[n]) - tail
        return f"{example}[:{head}] + {middle!r} + {example}[{cut}:]"


def _same(data: bytes, example: bytes) -> tuple[int, int]:
    """How many bytes are the same at the beginning, and of the rest at the end."""
    head = _alike(data, example)
    return head, _alike(data[head:][::-1], example[head:][::-1])


def _alike(one: bytes, other: bytes) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def inputs(examples: Sequence[bytes], *ways: Spoil) -> st.SearchStrategy[Spoiled]:
    """Spoiled examples in each of `ways`, and in fewer cases bytes with no example behind them."""
    held = Examples(examples)
    strategies = (bent(held), *(way(held) for way in ways), raw())
    return st.one_of(*strategies).map(lambda data: Spoiled(data, held))
