"""Rules that cite their article, and the decision that lists every one of them.

A rule is a small named function over the facts of a case. It states the article
it applies, who can decide when it does not hold, and which facts it looks at;
the decision then shows each rule with its outcome and what it saw, for a yes as
for a no. An act whose rule list is empty is refused: an empty list grants nothing.

A rule that rests on text nobody has read (`verified=False`) can be switched off,
and says so in every decision. A rule cites the agreement of 2016; under a treaty with
numbers of its own it cites that treaty's article (`RuleList.under`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec

from gsomia.canon import encode
from gsomia.provisions import Provisions

C = TypeVar("C")


class Rule(msgspec.Struct, frozen=True):
    """One condition of an act.

    `check` is total: it returns whether the rule holds and raises nothing.
    `sees` names the attributes of the case it looks at. `who` is a role that
    can change the answer, in the words of the treaty or of registry practice.
    """

    name: str
    article: str
    text: str
    who: str
    sees: tuple[str, ...]
    verified: bool
    check: Callable[[Any], bool]


def rule(
    article: str, *, who: str, sees: Iterable[str], verified: bool = True
) -> Callable[[Callable[[Any], bool]], Rule]:
    """Make a rule of a function: its name is the rule's, its docstring the rule's text."""

    def make(check: Callable[[Any], bool]) -> Rule:
        text = " ".join((check.__doc__ or "").split())
        if not text:
            raise TypeError(f"rule {check.__name__} needs a docstring: it is what users read")
        return Rule(check.__name__, article, text, who, tuple(sees), verified, check)

    return make


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """One rule's answer in one decision. `held` is None where the rule is switched off.

    Made by the dozen for each decision. The facts it saw are plain values and form
    no cycles, so the garbage collector need not look at them (`gc=False`).
    """

    rule: str
    article: str
    text: str
    who: str
    verified: bool
    held: bool | None
    saw: dict[str, Any]


class RuleList(Generic[C]):
    """The rules one act must pass, in the order they are reported.

    `off` names unverified rules that this node has switched off; naming a
    verified rule is an error, since law is not configuration.
    """

    def __init__(self, act: str, rules: Iterable[Rule], off: Iterable[str] = ()) -> None:
        self.act = act
        self.rules = tuple(rules)
        self.off = frozenset(off)
        for name in self.off:
            if not any(r.name == name and not r.verified for r in self.rules):
                raise ValueError(f"{name} is not an unverified rule of {act}")
        self.articles = tuple(dict.fromkeys(r.article for r in self.rules))
        self._checks = tuple(None if r.name in self.off else r.check for r in self.rules)
        self.version = self._version()

    def _version(self) -> str:
        """Names the exact rules, their text and what is switched off; kept with each decision."""
        said = [[r.name, r.article, r.text, r.who, list(r.sees), r.verified] for r in self.rules]
        body = encode([self.act, said, sorted(self.off)])
        return f"{self.act}@{hashlib.sha256(body).hexdigest()[:16]}"

    def under(self, provisions: Provisions) -> RuleList[C]:
        """These rules, cited by the articles of a treaty that states its own; made once for it.

        A rule says that it is not verified, too, where the treaty's place for it is not. It
        cannot be switched off for that: what is off was said when this list was made.
        """
        if provisions.same:
            return self
        made: RuleList[C] | None = provisions.made.get(self)
        if made is None:
            placed = [_placed(r, provisions) for r in self.rules]
            made = provisions.made[self] = RuleList(self.act, placed, self.off)
        return made

    def decide(self, case: C) -> Decision[C]:
        """Ask every rule, in order. Total: it raises nothing that the rules do not."""
        return Decision(self, case, tuple([c and c(case) for c in self._checks]))


def _placed(one: Rule, provisions: Provisions) -> Rule:
    place = provisions.place(one.article)
    return msgspec.structs.replace(
        one,
        article=provisions.cite(one.article),
        verified=one.verified and place.verified,
    )


class Decision(Generic[C]):
    """The answer to one case: every rule, its outcome, and what it saw."""

    __slots__ = ("case", "held", "rules")

    def __init__(self, rules: RuleList[C], case: C, held: tuple[bool | None, ...]) -> None:
        self.rules, self.case, self.held = rules, case, held

    @property
    def granted(self) -> bool:
        """True when there is at least one rule in force and none fails."""
        return False not in self.held and True in self.held

    def outcomes(self) -> tuple[Outcome, ...]:
        """Every rule of the list with its answer, in order."""
        case, listed = self.case, []
        for r, held in zip(self.rules.rules, self.held, strict=True):
            # Facts are plain frozen values (text, numbers, tuples of them), shown as they are.
            # A loop, since until Python 3.12 a comprehension costs a call for each rule.
            saw = {}
            for name in r.sees:
                saw[name] = getattr(case, name)
            listed.append(Outcome(r.name, r.article, r.text, r.who, r.verified, held, saw))
        return tuple(listed)

    def refusals(self) -> tuple[Outcome, ...]:
        """The rules that do not hold."""
        return tuple(o for o in self.outcomes() if o.held is False)

    def articles(self) -> tuple[str, ...]:
        """The articles relied on, each once: all for a yes, those that fail for a no."""
        wanted = self.granted
        if wanted and None not in self.held:
            return self.rules.articles
        pairs = zip(self.rules.rules, self.held, strict=True)
        return tuple(dict.fromkeys([r.article for r, held in pairs if held is wanted]))


class Ruling(msgspec.Struct, frozen=True):
    """A decision as it is stored and shown: plain values, no functions."""

    act: str
    rules: str
    granted: bool
    articles: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, decision: Decision[Any]) -> Ruling:
        """The storable form of a decision."""
        return cls(
            decision.rules.act,
            decision.rules.version,
            decision.granted,
            decision.articles(),
            decision.outcomes(),
        )

    def refusals(self) -> tuple[Outcome, ...]:
        """The rules that do not hold."""
        return tuple(o for o in self.outcomes if o.held is False)
