"""How answers are shown: canonical JSON, or tables and panels in the user's language.

Results go to standard output, everything else to standard error. What comes from
a partner or a file is text, never mark-up and never control characters.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from gsomia.cli.words import Words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from gsomia.api import Answered
    from gsomia.ruling import Outcome

DONE, REFUSED, BAD_INPUT, UNAVAILABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130
"""What a command exits with."""

_DEEPEST = 6
_FRAME = len("╭─  ─╮")
_VERY_WIDE = 10_000
_FRACTION = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z")


class Out(msgspec.Struct, frozen=True):
    """A command's result: the value for `--json`, how people see it, and the exit code.

    Without `show`, people see `value` itself as a panel of its fields.
    """

    value: Any
    show: Callable[[Screen], None] | None = None
    code: int = DONE


def clean(value: object) -> str:
    """Text that cannot forge lines or colours in a terminal. Blanks of any kind are spaces."""
    text = value if isinstance(value, str) else str(value)
    return "".join(
        c if c.isprintable() else " " if c.isspace() else f"\\u{ord(c):04x}" for c in text
    )


_told = [0]


def spell_what_cannot_be_shown() -> None:
    """Where the terminal has no such character, write its number: never another, never a fault.

    Marks are CJK, and terminals of the field are not all UTF-8.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def told() -> int:
    """How many JSON values were printed: whether a fault still has to be told as one."""
    return _told[0]


def print_json(value: Any) -> None:
    """Canonical JSON and a line feed on standard output, and nothing else."""
    from gsomia.canon import encode

    _told[0] += 1
    sys.stdout.buffer.write(encode(value) + b"\n")
    sys.stdout.buffer.flush()


_warned = [0]


def warned() -> int:
    """How many lines were written on standard error: whether a reason was given."""
    return _warned[0]


def warn(text: str) -> None:
    """One line on standard error."""
    _warned[0] += 1
    print(clean(text), file=sys.stderr)


class Screen:
    """Draws for people. Made only when somebody looks: Rich is loaded here."""

    def __init__(self, words: Words) -> None:
        from rich.console import Console

        self.words = words
        self.console: Console = Console(highlight=False, soft_wrap=False, markup=False)

    def line(self, text: str) -> None:
        """A line of text."""
        self.console.print(clean(text), soft_wrap=True)

    def raw(self, text: str) -> None:
        """Text exactly as it is, not wrapped: a card, a statement."""
        self.console.file.write(text)

    def table(self, rows: Sequence[Mapping[str, Any]], *columns: str, title: str = "") -> None:
        """Rows under the columns of these names; all names of the first row if none are given."""
        if title:
            self.line(title)
        if not rows:
            self.line(self.words("nothing"))
            return
        names = columns or tuple(rows[0])
        table = self._table(rows, names)
        wide = self.console.options.update(width=_VERY_WIDE, max_width=_VERY_WIDE)
        if self.console.measure(table, options=wide).maximum <= self.console.width:
            self.console.print(table)
            return
        # A table wider than the screen would break every number in it: one row, one block.
        for row in rows:
            self.console.print(self._block(row, names))

    def _block(self, row: Mapping[str, Any], columns: Sequence[str]) -> Table:
        from rich.table import Table
        from rich.text import Text

        first, *rest = columns
        block = Table.grid(padding=(0, 2))
        block.add_row(Text(self.cell(row.get(first), first), "bold"), Text())
        for name in rest:
            label = Text("  " + self.words.label(name))
            # Folded: without blanks, as Japanese is written, a long text would be cut off.
            block.add_row(label, Text(self.cell(row.get(name), name), overflow="fold"))
        return block

    def _table(self, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table(show_lines=False, pad_edge=False)
        for name in columns:
            table.add_column(Text(self.words.label(name)), overflow="fold")
        for row in rows:
            table.add_row(*(Text(self.cell(row.get(name), name)) for name in columns))
        return table

    def cell(self, value: Any, field: str = "") -> str:
        """A value in one line; `field` names what it is a value of."""
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return self.words("yes" if value else "no")
        if isinstance(value, Mapping):
            said = (f"{self.words.label(k)}: {self.cell(v, k)}" for k, v in value.items())
            return ", ".join(said) or "–"
        if isinstance(value, list | tuple):
            return ", ".join(self.cell(v, field) for v in value) or "–"
        text = clean(self.words.value(field, str(value)))
        # People read whole seconds; `--json` has the rest.
        instant = _FRACTION.fullmatch(text)
        return f"{instant[1]}Z" if instant else text

    def page(self, page: Mapping[str, Any], *columns: str, title: str = "") -> None:
        """One page of a list, and how to see the next."""
        self.table(page["rows"], *columns, title=title)
        if page.get("next"):
            told = {"shown": len(page["rows"]), "total": page["total"], "after": page["next"]}
            self.line(self.words("more", **told))

    def fields(self, value: Mapping[str, Any], title: str = "", depth: int = 0) -> None:
        """A thing's fields in a panel; lists of things as tables below it."""
        from rich.panel import Panel
        from rich.table import Table
        from rich.text import Text

        below: list[tuple[str, Any]] = []
        grid = Table.grid(padding=(0, 2))
        for name, part in value.items():
            inside = isinstance(part, Mapping) and part and depth < _DEEPEST
            if inside or (isinstance(part, list) and part and isinstance(part[0], Mapping)):
                below.append((name, part))
            else:
                # Folded, never cut: an identifier is worth nothing without its end.
                held = Text(self.cell(part, name), overflow="fold")
                grid.add_row(Text(self.words.label(name), "bold"), held)
        if grid.row_count:
            heading = Text(clean(title)) if title else None
            if heading is not None and heading.cell_len > self.console.width - _FRAME:
                # A frame would cut its title off.
                self.line(title)
                heading = None
            self.console.print(Panel(grid, title=heading, title_align="left", expand=False))
        for name, part in below:
            label = self.words.label(name)
            if isinstance(part, list):
                self.table(part, title=label)
            elif set(part) <= {"rows", "total", "next"}:
                self.line(f"{label} ({part.get('total', len(part['rows']))})")
                if part["rows"]:
                    self.table(part["rows"])
            else:
                self.fields(part, label, depth + 1)


# -- answers to commands ------------------------------------------------------------


def refused_json(answer: Answered) -> dict[str, Any]:
    """A refusal in plain values: every failing rule, its article, and who can decide."""
    ruling = answer.ruling
    failed = ruling.refusals() if ruling else ()
    return {
        "granted": False,
        "act": ruling.act if ruling else "",
        "subject": answer.told.get("subject", ""),
        "articles": list(ruling.articles) if ruling else [],
        "refused": [
            {
                "rule": o.rule,
                "article": o.article,
                "text": o.text,
                "who": o.who,
                "verified": o.verified,
                "saw": o.saw,
            }
            for o in failed
        ],
    }


def done_json(answer: Answered) -> dict[str, Any]:
    """A yes in plain values: what was told, and the articles it rests on."""
    articles = list(answer.ruling.articles) if answer.ruling else []
    return {"granted": True, "articles": articles, **answer.told}


def answer_out(answer: Answered, act: str) -> Out:
    """The result of a command, for whoever signed it."""
    if answer.granted:
        return Out(done_json(answer), lambda screen: _show_done(screen, answer, act))
    return Out(refused_json(answer), lambda screen: _show_refused(screen, answer, act), REFUSED)


def _show_done(screen: Screen, answer: Answered, act: str) -> None:
    value = done_json(answer)
    del value["granted"]
    value["articles"] = [screen.words.article(a) for a in value["articles"]]
    screen.fields(value, screen.words("done", act=act))


def _show_refused(screen: Screen, answer: Answered, act: str) -> None:
    """Act, subject, then each failing rule: its text, its article, and who can decide."""
    words, said = screen.words, refused_json(answer)
    warn(words("refused", act=said["act"] or act, subject=screen.cell(said["subject"])))
    for outcome in answer.ruling.refusals() if answer.ruling else ():
        warn(f"  - {rule_line(words, outcome)}")


def rule_line(words: Words, outcome: Outcome) -> str:
    """One failing rule in one line of the user's language."""
    text = words.rule(outcome.rule, outcome.text)
    who = words.who(outcome.who)
    line = words("rule", text=text, article=words.article(outcome.article), who=who)
    if roles := outcome.saw.get("may_act"):
        named = ", ".join(words.value("role", str(r)).replace("_", " ") for r in roles)
        line = f"{line} {words('may_act', roles=named)}"
    return line if outcome.verified else f"{line} {words('unverified')}"
