"""Tables of rules: a good case, and for each rule one change that breaks exactly it."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import msgspec
from hypothesis import strategies as st

from gsomia.ruling import RuleList


class Broken(msgspec.Struct, frozen=True):
    """One change of a good case: the rule it breaks, its article, and who can act.

    `also` names rules that no change can leave whole once this one is broken.
    """

    rule: str
    article: str
    who: str
    change: dict[str, Any]
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {', '.join(f'{k}={v!r}' for k, v in self.change.items())}"


def pairs(lists: tuple[RuleList, ...], table: tuple[Broken, ...]) -> list[Any]:
    """Each rule list with each row of the table that speaks of one of its rules."""
    return [(x, row) for x in lists for row in table if row.rule in names(x)]


def names(rules: RuleList) -> list[str]:
    """The rules of a list, in order."""
    return [r.name for r in rules.rules]


def check_broken(rules: RuleList, good: Any, row: Broken) -> None:
    """The good case is granted; changed as the row says it is refused by exactly its rules."""
    assert rules.decide(good).granted
    decision = rules.decide(msgspec.structs.replace(good, **row.change))
    assert not decision.granted
    refused = {o.rule: o for o in decision.refusals()}
    assert set(refused) == {row.rule, *(set(row.also) & set(names(rules)))}
    outcome = refused[row.rule]
    assert (outcome.article, outcome.who) == (row.article, row.who)


def unbroken(lists: tuple[RuleList, ...], table: tuple[Broken, ...]) -> set[str]:
    """The rules of these lists that no row of the table breaks."""
    return {name for x in lists for name in names(x)} - {row.rule for row in table}


def lists_of(module: ModuleType) -> set[str]:
    """The acts of all rule lists that a module holds."""
    return {x.act for x in vars(module).values() if isinstance(x, RuleList)}


# -- laws ------------------------------------------------------------------------------


def _others(value: Any) -> st.SearchStrategy[Any]:
    """Values of a field: mostly the good case's own, else others of its type."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, tuple):
        return st.sets(st.sampled_from((*value, "a", "b"))).map(lambda s: tuple(sorted(s)))
    return st.sampled_from((value, "", "a", "b"))


def cases(good: Any) -> st.SearchStrategy[Any]:
    """Cases in which any number of facts differ from a good one."""
    fields = {n: _others(getattr(good, n)) for n in good.__struct_fields__}
    return st.fixed_dictionaries({}, optional=fields).map(
        lambda change: msgspec.structs.replace(good, **change)
    )


def check_monotone(rules: RuleList, case: Any, favourable: Mapping[str, Any]) -> None:
    """No favourable fact turns a yes into a no. Of a tuple, the values are added."""
    for name, value in favourable.items():
        now = getattr(case, name)
        better = (*now, *value) if isinstance(now, tuple) else value
        after = rules.decide(msgspec.structs.replace(case, **{name: better}))
        assert after.granted or not rules.decide(case).granted, name


def hidden_facts(rules: RuleList, good: Any, data: st.DataObject) -> dict[str, str]:
    """Rules whose answer changed with a fact that their outcome does not show."""
    before, other = data.draw(cases(good)), data.draw(cases(good))
    found = {}
    for rule in rules.rules:
        for name in set(good.__struct_fields__) - set(rule.sees):
            after = msgspec.structs.replace(before, **{name: getattr(other, name)})
            if rule.check(after) != rule.check(before):
                found[rule.name] = name
    return found
