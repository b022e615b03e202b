"""What the demonstration tells: each step, what came of it, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from gsomia.api import Answered
from gsomia.faults import BadInput
from gsomia.ruling import Outcome

PRACTICE = "Registry practice: sealed and signed"


class Why(msgspec.Struct, frozen=True):
    """One rule that did not hold: its article, its text, and who could decide."""

    rule: str
    article: str
    text: str
    who: str


class Step(msgspec.Struct, frozen=True):
    """One row of the table. `outcome` is sent, received, done, refused, found or kept."""

    actor: str
    what: str
    outcome: str
    articles: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()
    detail: str = ""


class Story:
    """The steps so far. `tell` is called with each, for progress."""

    def __init__(self, tell: Callable[[Step], None]) -> None:
        self.steps: list[Step] = []
        self._tell = tell

    def add(self, step: Step) -> None:
        """One more step."""
        self.steps.append(step)
        self._tell(step)

    def done(
        self, actor: str, what: str, outcome: str, detail: str = "", articles: tuple[str, ...] = ()
    ) -> None:
        """Something that went as it should."""
        self.add(Step(actor, what, outcome, articles, (), detail))

    def refused(self, actor: str, what: str, answer: Answered, *rules: str) -> None:
        """Something that had to be refused, by at least these rules.

        Raises `BadInput` if it was not, or by others: the story would be untrue.
        """
        failed = answer.ruling.refusals() if answer.ruling else ()
        names = {o.rule for o in failed}
        if answer.granted or not set(rules) <= names:
            raise BadInput(f"a refusal by {', '.join(rules)}", ", ".join(names) or "a yes", what)
        why = tuple(_why(o) for o in failed)
        articles = tuple(dict.fromkeys(o.article for o in failed))
        self.add(Step(actor, what, "refused", articles, why))

    def rejected(self, actor: str, what: str, rule: str, who: str, text: str) -> None:
        """Something that a proof refused: no list of rules was asked, the bytes speak.

        The treaty's own sentence on transit was read by nobody here (Art. 12), so the
        ground named is registry practice.
        """
        why = Why(rule, PRACTICE, text, who)
        self.add(Step(actor, what, "refused", (PRACTICE,), (why,), text))

    def plain(self) -> list[dict[str, Any]]:
        """All steps as plain values."""
        return [dict(msgspec.to_builtins(step)) for step in self.steps]


def _why(o: Outcome) -> Why:
    return Why(o.rule, o.article, o.text, o.who)


def articles_of(answer: Answered) -> tuple[str, ...]:
    """The articles that an answer rests on."""
    return answer.ruling.articles if answer.ruling else ()


def told(answer: Answered | Mapping[str, Any], name: str) -> str:
    """One text that an answer told."""
    value = answer.need(name) if isinstance(answer, Answered) else answer[name]
    return str(value)
