"""A web drawn: parties on a circle, agreements as lines between them, and their list beside it.

An agreement of more than two parties is a box that lines join to each of them; one of a single
party, as the rules of an organisation are, a short line outwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations

import msgspec

from gsomia.agreement.catalogue import EntryKind, PartyKind
from gsomia.pictures.svg import Box, Canvas, Picture, Text, measure, number, points, wrap
from gsomia.pictures.web import Link, Standing, Web

Say = Callable[[str], str]

_MARGIN, _LIST = 30.0, 375.0
_APART = 61.0
_NODE, _BADGE = 16.0, 7.5

_Point = tuple[float, float]


class _Placed(msgspec.Struct, frozen=True):
    """A line to draw: its ends, the point that bends it, and the agreement it stands for."""

    link: Link
    begin: _Point
    bend: _Point
    end: _Point
    heavy: bool = False

    def at(self, t: float) -> _Point:
        """The point at a part of its length, from 0 to 1."""
        parts = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
        x, y = zip(self.begin, self.bend, self.end, strict=True)
        return (
            sum(p * v for p, v in zip(parts, x, strict=True)),
            sum(p * v for p, v in zip(parts, y, strict=True)),
        )


def draw(model: Web, say: Say, lang: str = "en") -> Picture:
    """The picture. `say` turns the names of `WORDS` into texts; `lang` chooses its fonts."""
    order = _ordered(model)
    radius = max(150.0, len(order) * _APART / (2 * math.pi))
    side = 2 * (radius + 62)
    width = max(1123.0, _MARGIN * 2 + side + _LIST)
    title = f"{say('web')}: {say('as_of')} {model.as_of.isoformat()}"
    canvas = Canvas("web", title, _described(model, say), lang)
    canvas.text(Text(_MARGIN, 38, title, 15))
    top = _styles(canvas, say, width)
    middle = (_MARGIN + (width - 2 * _MARGIN - _LIST) / 2, top + side / 2)
    places = {
        code: _round(middle, radius, 2 * math.pi * index / len(order) - math.pi / 2)
        for index, code in enumerate(order)
    }
    _lines(canvas, model, places, middle)
    below = _list(canvas, model, say, width - _MARGIN - _LIST, top + 4)
    y = max(top + side, below)
    for text in (say("web_note"), _later(model, say)):
        for line in wrap(text, 8, width - 2 * _MARGIN) if text else ():
            y += 11
            canvas.text(Text(_MARGIN, y, line, 8))
    return canvas.done(width, y + 16)


def _described(model: Web, say: Say) -> str:
    return " ".join(
        f"{x.number} {x.id}: {', '.join((*x.parties, *x.only_here))}; {say(x.kind)}."
        for x in model.links
    ) or say("web")


def _later(model: Web, say: Say) -> str:
    return f"{say('web_later')}: {', '.join(model.later)}" if model.later else ""


# -- places ---------------------------------------------------------------------


def _ordered(model: Web) -> list[str]:
    """The parties around the circle, those with agreements near each other. Always the same."""
    order = [node.code for node in model.nodes]
    place = {code: index for index, code in enumerate(order)}
    pairs = [
        (a, b, 1 / (len(x.parties) - 1)) for x in model.links for a, b in combinations(x.parties, 2)
    ]
    of: dict[str, list[tuple[str, float]]] = {code: [] for code in order}
    for a, b, weight in pairs:
        of[a].append((b, weight))
        of[b].append((a, weight))

    def cost(code: str) -> float:
        apart = (abs(place[code] - place[other]) for other, _ in of[code])
        return sum(
            min(d, len(order) - d) * weight for d, (_, weight) in zip(apart, of[code], strict=True)
        )

    for _ in range(60):
        better = False
        for a, b in combinations(sorted(order), 2):
            before = cost(a) + cost(b)
            place[a], place[b] = place[b], place[a]
            if cost(a) + cost(b) < before - 1e-9:
                better = True
            else:
                place[a], place[b] = place[b], place[a]
        if not better:
            break
    return sorted(order, key=place.__getitem__)


def _round(middle: _Point, radius: float, angle: float) -> _Point:
    return middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle)


def _between(begin: _Point, end: _Point, offset: float = 0) -> _Point:
    """The middle of two points, moved sideways by `offset`."""
    x, y = end[0] - begin[0], end[1] - begin[1]
    length = math.hypot(x, y) or 1
    return (
        (begin[0] + end[0]) / 2 - y / length * offset,
        (begin[1] + end[1]) / 2 + x / length * offset,
    )


def _inwards(bend: _Point, middle: _Point, *, near: bool) -> _Point:
    """The point that bends a line, so far inside that no party on the circle is crossed."""
    pull = 0.0 if near else 0.42
    return bend[0] + (middle[0] - bend[0]) * pull, bend[1] + (middle[1] - bend[1]) * pull


def _square(at: _Point, half: float) -> Box:
    return Box(at[0] - half, at[1] - half, 2 * half, 2 * half)


# -- lines, boxes and nodes -----------------------------------------------------


def _lines(canvas: Canvas, model: Web, places: dict[str, _Point], middle: _Point) -> None:
    taken = [_square(at, _NODE + 2) for at in places.values()]
    hubs: dict[int, _Point] = {}
    lines: list[_Placed] = []
    stubs: dict[str, int] = {}
    twins: dict[tuple[str, ...], int] = {}
    same = [tuple(sorted(x.parties)) for x in model.links]
    for link in model.links:
        ends = [places[c] for c in link.parties]
        if len(link.parties) + len(link.only_here) > 2:
            at = _hub_place(ends or [middle], middle, taken, lines)
            taken.append(_square(at, 20))
            hubs[link.number] = at
            for code, end in zip(link.parties, ends, strict=True):
                lines.append(_Placed(link, end, _between(end, at), at, heavy=code == link.hub))
        elif len(ends) == 2:
            key = tuple(sorted(link.parties))
            nth = twins[key] = twins.get(key, 0) + 1
            offset = (nth - (same.count(key) + 1) / 2) * 60
            a, b = (places[c] for c in key)
            bend = _inwards(_between(a, b, offset), middle, near=math.dist(a, b) < 1.5 * _APART)
            lines.append(_Placed(link, a, bend, b))
        else:
            code = link.parties[0]
            nth = stubs[code] = stubs.get(code, 0) + 1
            at = places[code]
            angle = math.atan2(at[1] - middle[1], at[0] - middle[0]) + 0.45 * (nth // 2) * (
                1 if nth % 2 else -1
            )
            end = _round(at, 42, angle)
            lines.append(_Placed(link, at, _between(at, end), end))
            taken.append(_square(end, _BADGE))
            hubs[link.number] = end
    for line in lines:
        _line(canvas, line)
    for line, at in _badges(lines, hubs, taken):
        _badge(canvas, line.link, at)
    for link in model.links:
        if link.number in hubs:
            _hub(canvas, link, hubs[link.number])
    for node in model.nodes:
        _node(canvas, node.code, node.kind, places[node.code])


def _hub_place(
    ends: Sequence[_Point], middle: _Point, taken: Sequence[Box], lines: Sequence[_Placed]
) -> _Point:
    """A place inside the circle, as near the middle of the ends as others leave room for.

    Clear of the lines between two parties as well, if any such place is found.
    """
    x = sum(e[0] for e in ends) / len(ends)
    y = sum(e[1] for e in ends) / len(ends)
    wished = (x + (middle[0] - x) * 0.5, y + (middle[1] - y) * 0.5)
    on_lines = [line.at(t / 40) for line in lines if line.link.hub is None for t in range(41)]
    spiral = ((9.0 * n**0.5, n * 2.4) for n in range(1500))
    tried = [_round(wished, far, angle) for far, angle in spiral]
    free = [at for at in tried if not any(_square(at, 24).overlaps(box) for box in taken)]
    clear = (at for at in free if all(math.dist(at, point) > 19 for point in on_lines))
    return next(clear, free[0] if free else wished)


def _style(link: Link) -> tuple[float, str]:
    if link.standing in (Standing.UNSIGNED, Standing.ENDED):
        return 1.5, "dotted"
    if link.kind is not EntryKind.TREATY:
        return 1.1, "dashed"
    return (1.7 if link.standing is Standing.IN_FORCE else 0.7), "solid"


def _line(canvas: Canvas, line: _Placed) -> None:
    width, dash = _style(line.link)
    width += 1.5 * line.heavy
    (a, b), (c, d), (e, f) = line.begin, line.bend, line.end
    curve = f"M{number(a)} {number(b)}Q{number(c)} {number(d)} {number(e)} {number(f)}"
    canvas.path(curve, width, dash, told=f"{line.link.id}: {line.link.title}")


def _badges(
    lines: Sequence[_Placed], hubs: dict[int, _Point], taken: list[Box]
) -> list[tuple[_Placed, _Point]]:
    """Where the number of each line stands: on it, clear of all others and of other lines."""
    paths = [[line.at(t / 24) for t in range(25)] for line in lines]
    found = []
    for index, line in enumerate(lines):
        if line.link.number in hubs:
            continue
        best, room = line.at(0.5), -1.0
        for step in range(12, 89):
            at = line.at(step / 100)
            if any(_square(at, _BADGE + 1).overlaps(box) for box in taken):
                continue
            near = min(
                (math.dist(at, p) for n, path in enumerate(paths) if n != index for p in path),
                default=100.0,
            )
            score = min(near, 18.0) - abs(step - 50) / 50
            if score > room:
                best, room = at, score
        taken.append(_square(best, _BADGE))
        found.append((line, best))
    return found


def _badge(canvas: Canvas, link: Link, at: _Point) -> None:
    told = f"{link.id}: {link.title}"
    canvas.circle(*at, _BADGE - 0.6, told=told)
    canvas.text(Text(at[0], at[1] + 2.7, str(link.number), 7.6, "middle"))


def _hub(canvas: Canvas, link: Link, at: _Point) -> None:
    """The box of an agreement of many; at the end of a short line, a plain number."""
    if len(link.parties) + len(link.only_here) <= 2:
        _badge(canvas, link, at)
        return
    text = f"{link.number} (+{len(link.only_here)})" if link.only_here else str(link.number)
    half = max(measure(text, 9) / 2 + 4, 11)
    width, dash = _style(link)
    box = Box(at[0] - half, at[1] - 10, 2 * half, 20)
    canvas.rect(box, "#dcdcdc", width=width, line=dash, told=f"{link.id}: {link.title}")
    canvas.text(Text(at[0], at[1] + 3.2, text, 9, "middle"))


def _node(canvas: Canvas, code: str, kind: PartyKind, at: _Point) -> None:
    """A party: a circle for a state, a box with round corners for any other."""
    lines = wrap(code, 8, 50)
    if kind is PartyKind.STATE and len(lines) == 1 and measure(code, 10) <= 2 * _NODE - 3:
        canvas.circle(*at, _NODE, told=code)
        canvas.text(Text(at[0], at[1] + 3.5, code, 10, "middle"))
        return
    half = max(max(measure(line, 8) for line in lines) / 2 + 4, _NODE)
    high = max(len(lines) * 9 / 2 + 4, 11)
    box = Box(at[0] - half, at[1] - high, 2 * half, 2 * high)
    canvas.rect(box, "#fff", width=1, told=code, radius=6)
    for index, line in enumerate(lines):
        y = at[1] - len(lines) * 4.5 + 7 + 9 * index
        canvas.text(Text(at[0], y, line, 8, "middle"))


# -- the words around it --------------------------------------------------------


def _styles(canvas: Canvas, say: Say, width: float) -> float:
    """How each kind of line is drawn; the height below it."""
    x, y = _MARGIN, 58.0
    styles = (
        ("web_in_force", 1.7, "solid"),
        ("web_no_force", 0.7, "solid"),
        ("web_no_treaty", 1.1, "dashed"),
        ("web_over", 1.5, "dotted"),
        ("web_many", 1.1, ""),
    )
    for name, thick, dash in styles:
        text = say(name)
        need = 34 + measure(text, 9) + 14
        if x > _MARGIN and x + need > width - _MARGIN:
            x, y = _MARGIN, y + 15
        if dash:
            canvas.path(points((x, y - 3), (x + 28, y - 3)), thick, dash)
        else:
            canvas.rect(Box(x + 6, y - 9, 20, 11), "#dcdcdc")
        canvas.text(Text(x + 34, y, text, 9))
        x += need
    return y + 8


def _list(canvas: Canvas, model: Web, say: Say, x: float, y: float) -> float:
    """Every agreement: number, id, parties; kind and days, and how these are known."""
    for link in model.links:
        parties = ", ".join(link.parties)
        if link.hub:
            parties += f" ({say('hub')}: {link.hub})"
        if link.only_here:
            parties += f"; {say('web_only_here')}: {', '.join(link.only_here)}"
        days = [say(link.kind)]
        if link.standing is Standing.ENDED:
            days.append(say("ended"))
        if link.signed:
            days.append(f"{say('signed')} {link.signed.isoformat()}")
        if link.in_force:
            days.append(f"{say('web_since')} {link.in_force}")
        flag = "" if link.verified is True else f" [{say(f'flag_{str(link.verified).lower()}')}]"
        first = wrap(f"{link.id}: {parties}", 8.3, _LIST - 20)
        lines = [(line, 8.3) for line in first]
        lines += [(line, 7.6) for line in wrap(f"{'; '.join(days)}{flag}", 7.6, _LIST - 20)]
        _badge(canvas, link, (x + 8, y + 7))
        for index, (line, size) in enumerate(lines):
            canvas.text(Text(x + 20, y + 9 + 9.2 * index, line, size))
        y += 9.2 * len(lines) + 2.2
    return y


WORDS = (
    "web as_of web_in_force web_no_force web_no_treaty web_over web_many web_note web_later "
    "web_only_here hub ended signed web_since treaty unsigned_text arrangement "
    "organisation_policy organisation_rules flag_false flag_part flag_none"
).split()
"""The names that a drawing says."""
