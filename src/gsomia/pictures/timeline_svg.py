"""A timeline drawn: A4 landscape in width, as high as its legend needs.

A status is told by its hatching *and* its name or a letter; an instrument that moves the
status by a filled circle above the lanes, any other by an open square below them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone
from itertools import zip_longest

import msgspec

from gsomia.agreement import State, counting
from gsomia.agreement.whatif import Interval
from gsomia.pictures.svg import Box, Canvas, Picture, Text, measure, number, points, spread, wrap
from gsomia.pictures.timeline import Lane, Tick, Timeline

Say = Callable[[str], str]
"""From the name of a text to the text, in the language of the picture."""

WIDTH = 1123.0
_LEFT, _RIGHT, _NAMES_END = 30.0, 1093.0, 205.0
_BAR = 26.0
_MARK = 15.0
_TITLE = 140.0

_FILLS = {
    State.NOT_IN_FORCE: ("#fff", "dashed"),
    State.IN_FORCE: ("#dcdcdc", "solid"),
    State.NOTICE_PENDING: ("lines", "solid"),
    State.NOTICE_SUSPENDED: ("dots", "solid"),
    State.TERMINATED: ("cross", "solid"),
}


class _Scale(msgspec.Struct, frozen=True):
    """Time across the picture."""

    begin: datetime
    end: datetime
    zone: timezone

    def x(self, at: datetime) -> float:
        """Where an instant stands, cut to the span."""
        part = (at - self.begin) / (self.end - self.begin)
        return _NAMES_END + (_RIGHT - _NAMES_END) * min(max(part, 0.0), 1.0)

    def told(self, at: datetime) -> str:
        """An instant in minutes; the last microsecond before a minute is told as that minute."""
        if at + counting.MICROSECOND < counting.LATEST:
            at += counting.MICROSECOND
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def moment(self, tick: Tick) -> str:
        """When an instrument took place, as short as is exact: a month, a day, an hour, bounds."""
        first = tick.earliest.astimezone(self.zone)
        last = tick.latest.astimezone(self.zone)
        if first == last:
            return first.strftime("%Y-%m-%d %H:%M")
        after = last + counting.MICROSECOND
        if first.date() == last.date() and after - first == timedelta(days=1):
            return first.strftime("%Y-%m-%d")
        month = counting.midnight(first.date().replace(day=1), self.zone)
        ended = counting.midnight(counting.add_months(first.date().replace(day=1), 1), self.zone)
        if (first, after) == (month, ended):
            return first.strftime("%Y-%m")
        until = "%H:%M" if first.date() == last.date() else "%Y-%m-%d %H:%M"
        return f"{first.strftime('%Y-%m-%d %H:%M')} – {last.strftime(until)}"


class _Letters:
    """Letters for intervals too short to be named in their place; equal ones share a letter."""

    def __init__(self) -> None:
        self.rows: dict[Interval, str] = {}

    def of(self, interval: Interval) -> str:
        """The letter of an interval: a to z, then aa."""
        if interval not in self.rows:
            count, name = len(self.rows), ""
            while count >= 0:
                name = chr(ord("a") + count % 26) + name
                count = count // 26 - 1
            self.rows[interval] = name
        return self.rows[interval]


def draw(model: Timeline, say: Say, lang: str = "en") -> Picture:
    """The picture. `say` turns the names of `WORDS` into texts; `lang` chooses its fonts."""
    zone = counting.offset(model.utc_offset, model.agreement)
    scale = _Scale(model.begin, model.end, zone)
    title = f"{model.agreement}: {say('timeline')}"
    canvas = Canvas("timeline", title, _described(model, say, scale), lang)
    letters = _Letters()
    y = _head(canvas, model, say, scale)
    y = _swatches(canvas, say, y + 14)
    y = _above(canvas, model, say, scale, y + 12)
    axis = _lanes(canvas, model, say, scale, letters, y)
    y = _axis(canvas, model, say, scale, axis)
    y = _intervals(canvas, letters, say, scale, y + 8)
    y = _answers(canvas, model, say, y)
    y = _legend(canvas, model, say, scale, y)
    for line in wrap(say("picture_reading"), 8, _RIGHT - _LEFT):
        y += 11
        canvas.text(Text(_LEFT, y, line, 8))
    return canvas.done(WIDTH, y + 16)


def _described(model: Timeline, say: Say, scale: _Scale) -> str:
    """The picture in words, for whoever cannot see it."""
    told = []
    for lane in model.lanes:
        parts = (
            f"{scale.told(i.begin)} – {scale.told(i.end)} {_named(i, say)}" for i in lane.intervals
        )
        told.append(f"{lane.reading or say('shared_answer')}: {'; '.join(parts)}.")
    return f"{model.title}. {' '.join(told)}"


def _named(interval: Interval, say: Say) -> str:
    name = say(interval.status.value)
    return f"{name} ({say('contested')})" if interval.contestable else name


def _head(canvas: Canvas, model: Timeline, say: Say, scale: _Scale) -> float:
    """What the picture is of, and up to when its knowledge goes."""
    y = 24.0
    for line in wrap(f"{model.agreement}: {say('timeline')}", 15, _RIGHT - _LEFT):
        y += 12
        canvas.text(Text(_LEFT, y, line, 15))
        y += 6
    if model.fictitious:
        canvas.text(Text(_RIGHT, 36, f"[{say('fictitious')}]", 12, "end"))
    parts = [
        ", ".join(model.parties),
        f"{scale.told(model.begin)} – {scale.told(model.end)}",
        f"{say('utc_offset')} {model.utc_offset}",
    ]
    if model.known_at:
        parts.append(f"{say('known_at')}: {scale.told(model.known_at)}")
    for text in (model.title, " · ".join(parts)):
        for line in wrap(text, 9.5, _RIGHT - _LEFT):
            y += 12
            canvas.text(Text(_LEFT, y - 2, line, 9.5))
    return y


def _swatches(canvas: Canvas, say: Say, y: float) -> float:
    """How each status, mark and shading is drawn."""
    x = _LEFT

    def place(name: str, width: float) -> float:
        nonlocal x, y
        need = width + 5 + measure(name, 9) + 16
        if x > _LEFT and x + need > _RIGHT:
            x, y = _LEFT, y + 16
        at, x = x, x + need
        canvas.text(Text(at + width + 5, y, name, 9))
        return at

    for state, (fill, line) in _FILLS.items():
        at = place(say(state.value), 24)
        shade = fill if fill.startswith("#") else canvas.fill(fill)
        canvas.rect(Box(at, y - 8, 24, 10), shade, line=line)
    at = place(say("contested_long"), 24)
    _band(canvas, at, at + 24, y - 9, y + 3)
    at = place(say("extension"), 9)
    _triangle(canvas, at + 4.5, y)
    at = place(say("moves_status"), 10)
    canvas.circle(at + 5, y - 3.2, 5, "#000")
    at = place(say("moves_no_status"), 10)
    canvas.rect(Box(at, y - 8.2, 10, 10), "#fff")
    return y


def _triangle(canvas: Canvas, x: float, y: float) -> None:
    canvas.path(points((x - 4, y), (x + 4, y), (x, y - 7), closed=True), 0.8, fill="#000")


def _band(canvas: Canvas, left: float, right: float, top: float, bottom: float) -> None:
    """The shading of a contested stretch, between two heavy broken lines."""
    canvas.rect(Box(left, top, right - left, bottom - top), canvas.fill("slant"), "none")
    for x in (left, right):
        canvas.path(points((x, top), (x, bottom)), 1.5, "dashed")


def _above(canvas: Canvas, model: Timeline, say: Say, scale: _Scale, y: float) -> float:
    """Room for what stands over the lanes: the cursor's name and those of contested stretches."""
    rows: list[list[Box]] = []
    texts = [
        (f"{say('contested')}: {scale.told(s.begin)} – {scale.told(s.end)}", (s.begin, s.end))
        for s in model.contested
    ]
    if model.as_of:
        told = f"{say('as_of')} {scale.told(model.as_of)}"
        texts.append((told, (model.as_of, model.as_of)))
    for text, (begin, end) in texts:
        half = measure(text, 9) / 2
        middle = (scale.x(begin) + scale.x(end)) / 2
        x = min(max(middle, _LEFT + half), _RIGHT - half)
        row = _free_row(rows, Box(x - half - 3, 0, 2 * half + 6, 1))
        canvas.text(Text(x, y + 10 + 13 * row, text, 9, "middle"))
    return y + 13 * len(rows) + 2


def _free_row(rows: list[list[Box]], box: Box) -> int:
    """The first row in which a box has room; it is put there."""
    for index, row in enumerate(rows):
        if not any(box.overlaps(other) for other in row):
            row.append(box)
            return index
    rows.append([box])
    return len(rows) - 1


# -- lanes ----------------------------------------------------------------------


def _lanes(
    canvas: Canvas, model: Timeline, say: Say, scale: _Scale, letters: _Letters, top: float
) -> float:
    """The marks above, the lanes, and the lines through them; the height of the axis."""
    movers = [t for t in model.ticks if t.moves]
    rows = _rows_of(len(movers))
    y = top + rows * (_MARK + 2) + (12 if movers else 2)
    begins: list[float] = []
    names: list[tuple[tuple[Text, ...], float]] = []
    for lane in model.lanes:
        block = _lane_name(lane, say)
        height = max(_BAR, len(block) * 10.5)
        begins.append(y + 13 + (height - _BAR) / 2)
        names.append((block, y + 13 + (height - len(block) * 10.5) / 2))
        y += 13 + height
    axis = y + 12
    for s in model.contested:
        _band(canvas, scale.x(s.begin), scale.x(s.end), begins[0] - 14, axis)
    _marks(canvas, movers, scale, say, top, axis, down=False)
    for lane, bar, (block, at) in zip(model.lanes, begins, names, strict=True):
        for index, line in enumerate(block):
            canvas.text(msgspec.structs.replace(line, y=at + 8 + 10.5 * index))
        _bar(canvas, lane, say, scale, bar)
    if model.as_of:
        x = scale.x(model.as_of)
        canvas.path(points((x, top), (x, axis)), 1.3, "dashdot", told=say("as_of"))
    for lane, bar in zip(model.lanes, begins, strict=True):
        _names(canvas, lane, say, scale, letters, bar)
    return axis


def _lane_name(lane: Lane, say: Say) -> tuple[Text, ...]:
    """What stands to the left of a lane."""
    width = _NAMES_END - _LEFT - 10
    if lane.reading is None:
        lines = [(line, 9.5) for line in wrap(say("shared_answer"), 9.5, width)]
    else:
        who = say("held_by") + f" {lane.holder}" if lane.holder else say("held")
        who = who if lane.held else say("held_by_none")
        lines = [(line, 9.5) for line in wrap(f"{lane.reading} · {who}", 9.5, width)]
        lines += [(line, 8.0) for line in wrap(lane.title, 8, width)]
        if lane.verified is not True:
            told = f"[{say(f'flag_{str(lane.verified).lower()}')}]"
            lines += [(line, 8.0) for line in wrap(told, 8, width)]
    return tuple(Text(_LEFT, 0, line, size) for line, size in lines)


def _bar(canvas: Canvas, lane: Lane, say: Say, scale: _Scale, y: float) -> None:
    """One lane: a rectangle for each interval, a triangle for each extension."""
    for i in lane.intervals:
        left, right = scale.x(i.begin), scale.x(i.end)
        fill, line = _FILLS[i.status]
        shade = fill if fill.startswith("#") else canvas.fill(fill)
        told = f"{_named(i, say)}: {scale.told(i.begin)} – {scale.told(i.end)}"
        # What is too short to see is drawn as a stroke: it is there.
        canvas.rect(Box(left, y, max(right - left, 1.2), _BAR), shade, line=line, told=told)
    for day in lane.extensions:
        _triangle(canvas, scale.x(counting.midnight(day, scale.zone)), y + _BAR)


def _names(
    canvas: Canvas, lane: Lane, say: Say, scale: _Scale, letters: _Letters, y: float
) -> None:
    """The name of each interval of a lane inside it, or its letter over it."""
    lettered: list[tuple[float, str]] = []
    for i in lane.intervals:
        left, right = scale.x(i.begin), scale.x(i.end)
        names = (_named(i, say), say(i.status.value))
        if name := next((n for n in names if measure(n, 9) + 8 <= right - left), ""):
            canvas.label(Text((left + right) / 2, y + 12, name, 9, "middle"))
        else:
            lettered.append(((left + right) / 2, letters.of(i)))
    gap = max((measure(n, 8.5) for _, n in lettered), default=0) + 4
    places = spread([x for x, _ in lettered], gap, _NAMES_END + gap / 2, _RIGHT - gap / 2)
    for x, (_, name) in zip(places, lettered, strict=True):
        canvas.label(Text(x, y - 2.5, name, 8.5, "middle"))


# -- marks of instruments, and the axis -----------------------------------------


def _rows_of(count: int) -> int:
    """Rows of marks that `count` instruments need."""
    return -(-count // int((_RIGHT - _NAMES_END) / _MARK))


def _marks(
    canvas: Canvas,
    ticks: Sequence[Tick],
    scale: _Scale,
    say: Say,
    y: float,
    axis: float,
    *,
    down: bool,
) -> float:
    """Numbers of instruments, each joined to its instant; the height after the last row.

    `down`: open squares below the axis, else filled circles above, with lines to the axis.
    """
    rows = max(_rows_of(len(ticks)), 1)
    low, high = _NAMES_END + _MARK / 2, _RIGHT - _MARK / 2
    placed = []
    for row in range(rows):
        mine = ticks[row::rows]
        at = spread([scale.x(t.earliest) for t in mine], _MARK, low, high)
        middle = y + _MARK / 2 + (row if down else rows - 1 - row) * (_MARK + 2)
        placed += [(t, x, middle) for t, x in zip(mine, at, strict=True)]
    edge = y + (0 if down else rows * (_MARK + 2))
    for tick, x, middle in placed:
        real = scale.x(tick.earliest)
        if down:
            steps = ((real, axis), (real, axis + 4), (x, edge), (x, middle))
        else:
            steps = ((x, middle), (x, edge), (real, edge + 8), (real, axis))
        canvas.path(points(*steps), 0.6, told=tick.id)
        if (until := scale.x(tick.latest)) - real > 1:
            canvas.path(points((real, axis - 3), (until, axis - 3)), 2.2, told=scale.moment(tick))
    for tick, x, middle in placed:
        _number(canvas, tick, x, middle, f"{tick.id}: {scale.moment(tick)}, {say('instrument')}")
    return y + rows * (_MARK + 2)


def _number(canvas: Canvas, tick: Tick, x: float, y: float, told: str = "") -> None:
    """The mark of an instrument, with its number."""
    half = _MARK / 2 - 0.7
    size = 8.0 if tick.number < 100 else 6.6
    if tick.moves:
        canvas.circle(x, y, half, "#000", told)
    else:
        canvas.rect(Box(x - half, y - half, 2 * half, 2 * half), "#fff", told=told)
    fill = "#fff" if tick.moves else "#000"
    canvas.text(Text(x, y + 2.9, str(tick.number), size, "middle", fill))


def _axis(canvas: Canvas, model: Timeline, say: Say, scale: _Scale, y: float) -> float:
    """The years or months below the lanes, and the instruments that move nothing."""
    canvas.path(points((_NAMES_END, y), (_RIGHT, y)), 1.0)
    others = [t for t in model.ticks if not t.moves]
    bottom = _marks(canvas, others, scale, say, y + 30, y, down=True) if others else y + 16
    last = -1.0
    for at, name in _dates(scale):
        x = scale.x(at)
        canvas.path(points((x, y - 3), (x, y + 3)), 1.0)
        half = measure(name, 9) / 2
        if x - half > last and x + half <= _RIGHT + 8:
            canvas.label(Text(x, y + 13, name, 9, "middle"))
            last = x + half + 4
    return bottom


def _dates(scale: _Scale) -> Iterable[tuple[datetime, str]]:
    """Where the axis has a mark: years, months or days, as many as can be read."""
    first = scale.begin.astimezone(scale.zone)
    last = scale.end.astimezone(scale.zone)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 30:
        step, count = 12, last.year - first.year + 1
        start = first.replace(month=1, day=1).date()
    else:
        step, count = 1, months + 1
        start = first.replace(day=1).date()
    if months < 2:
        days = ((first.date() + timedelta(days=n)) for n in range((last - first).days + 2))
        named = [(d, d.isoformat()) for d in days]
    else:
        named = [
            (d, str(d.year) if step == 12 else f"{d.year}-{d.month:02}")
            for n in range(count)
            if (d := counting.add_months(start, n * step)).year < counting.LATEST.year
        ]
    for day, name in named:
        at = counting.midnight(day, scale.zone)
        if scale.begin <= at <= scale.end:
            yield at, name


# -- below the picture ----------------------------------------------------------


def _intervals(canvas: Canvas, letters: _Letters, say: Say, scale: _Scale, y: float) -> float:
    """The intervals that have a letter, two to a line."""
    for index, (i, name) in enumerate(letters.rows.items()):
        column = index % 2
        y += 0 if column else 11
        text = f"{name}: {scale.told(i.begin)} – {scale.told(i.end)}, {_named(i, say)}"
        canvas.text(Text(_LEFT + column * (_RIGHT - _LEFT) / 2, y, text, 8.5))
    return y + 4 if letters.rows else y


def _answers(canvas: Canvas, model: Timeline, say: Say, y: float) -> float:
    """What each reading answers at the cursor, side by side."""
    if not model.answers:
        return y
    y += 12
    names = ("status", "earliest_end", "next_extension", "last_notice_day")
    columns = (_LEFT, _LEFT + 120, _LEFT + 380, _LEFT + 600, _LEFT + 820)
    heads = (say("reading"), *(say(name) for name in names))
    for x, head in zip(columns, heads, strict=True):
        canvas.text(Text(x, y, head, 8.5))
    canvas.path(points((_LEFT, y + 3), (_RIGHT, y + 3)), 0.5)
    for reading, answer in model.answers.items():
        y += 12
        ends = (answer.earliest_end, answer.next_extension, answer.last_notice_day)
        cells = (reading, say(answer.status.value), *(say(e) if e else "–" for e in ends))
        for x, cell in zip(columns, cells, strict=True):
            canvas.text(Text(x, y, cell, 8.5))
    return y + 6


def _legend(canvas: Canvas, model: Timeline, say: Say, scale: _Scale, y: float) -> float:
    """Every instrument, in two columns: number, when, kind and title, and how it is known."""
    top = y + 16
    canvas.path(points((_LEFT, y + 5), (_RIGHT, y + 5)), 0.5)
    if not model.ticks:
        canvas.text(Text(_LEFT, top + 4, say("no_instruments"), 9))
        return top + 10
    width = (_RIGHT - _LEFT - 24) / 2
    blocks = [_told(tick, say, scale, width) for tick in model.ticks]
    # The first column takes as many as bring it to half of the lines, and never fewer.
    half, lines, first = sum(len(b) for b in blocks) / 2, 0, 0
    while lines < half:
        lines += len(blocks[first])
        first += 1
    bottom = top
    for column, part in ((0, slice(first)), (1, slice(first, None))):
        x, at = _LEFT + column * (width + 24), top
        for tick, block in zip(model.ticks[part], blocks[part], strict=True):
            _number(canvas, tick, x + _MARK / 2, at + 1)
            for index, (when, title) in enumerate(block):
                canvas.text(Text(x + 19, at + 4 + 10.5 * index, when, 8.5))
                canvas.text(Text(x + _TITLE, at + 4 + 10.5 * index, title, 8.5))
            at += 10.5 * len(block) + 4.5
        bottom = max(bottom, at)
    if model.outside:
        bottom += 9
        canvas.text(Text(_LEFT, bottom, f"{say('outside_span')}: {number(model.outside)}", 8.5))
    return bottom


def _told(tick: Tick, say: Say, scale: _Scale, width: float) -> list[tuple[str, str]]:
    """The lines of an instrument in the legend: when, and what."""
    flag = "" if tick.verified is True else f" [{say(f'flag_{str(tick.verified).lower()}')}]"
    what = f"{say(f'instrument_{tick.kind}')}: {tick.title}{flag}"
    whens = wrap(scale.moment(tick), 8.5, _TITLE - 25)
    return list(zip_longest(whens, wrap(what, 8.5, width - _TITLE), fillvalue=""))


WORDS = (
    "timeline shared_answer contested contested_long held_by held held_by_none extension as_of "
    "known_at utc_offset fictitious moves_status moves_no_status instrument no_instruments "
    "outside_span picture_reading reading status earliest_end next_extension last_notice_day "
    "at_once flag_false flag_part"
).split()
"""The names that a drawing says, beside those of states and `instrument_` with each kind."""
