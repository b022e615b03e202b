"""An agreement's level table as the policies of both parties, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.agreement import shipped, shipped_ids
from gsomia.agreement.correspondence import equivalence_of
from gsomia.faults import BadInput
from gsomia.marking import JPN, KOR, Equivalence, Equivalents, LevelTable
from gsomia.marking.spif import Issue, Policy, level_table, policies, read, write

ISSUES = {
    party: Issue(
        base=f"2.25.{number}", originator=f"C={code}", created=datetime(2026, 1, 1, tzinfo=UTC)
    )
    for number, (party, code) in enumerate((("JPN", "JP"), ("KOR", "KR")), 1)
}


def _there_and_back(table: LevelTable) -> tuple[dict[str, Policy], LevelTable]:
    files = {p: write(policy) for p, policy in policies(table, ISSUES).items()}
    loaded = {p: read(data, p).policy for p, data in files.items()}
    return loaded, level_table(loaded["JPN"], loaded["KOR"])


def test_the_table_of_2016_comes_back(gsomia_2016: Equivalence) -> None:
    (table,) = gsomia_2016.tables
    loaded, back = _there_and_back(table)
    assert back == table
    assert [c.name for c in loaded["JPN"].classifications.members] == ["秘", "極秘", "機密"]
    assert [s.name for s in loaded["JPN"].sets] == ["Regime", "Releasable To"]
    assert [s.name for s in loaded["KOR"].sets] == ["Releasable To"]
    for party, partner, outside in (("JPN", "KOR", "機密"), ("KOR", "JPN", "군사I급비밀")):
        (release,) = [s for s in loaded[party].sets if s.name == "Releasable To"]
        (values,) = [{c.name: c.excluded_classes for c in t.categories} for t in release.tags]
        assert values == {party: (), partner: (outside,)}


def test_the_tables_of_the_packs_come_back() -> None:
    pairs = [t for i in shipped_ids() for t in equivalence_of(shipped(i)).tables]
    pairs = [t for t in pairs if t.parties() == {"JPN", "KOR"}]
    assert pairs
    for table in pairs:
        assert _there_and_back(table)[1] == table


@st.composite
def _tables(draw: st.DrawFn) -> LevelTable:
    """Tables in which peers of one rank lead to the same marks, as a policy can say it."""
    japan = draw(st.permutations([["極秘", "特定秘密"], ["秘"], ["機密"]]))
    korea = draw(st.permutations([level.mark for level in KOR.levels]))
    count = draw(st.integers(1, 3))
    rows = [{"JPN": japan[n], "KOR": [korea[n]]} for n in range(count)]
    left: dict[str, dict[str, str]] = {}
    some = st.booleans()
    rest = {"JPN": [mark for row in japan[count:] for mark in row], "KOR": korea[count:]}
    for party, marks in rest.items():
        if draw(some) and marks:
            left[party] = dict.fromkeys(marks, "outside <the> agreement & its annex")
    table: dict[str, Any] = {
        "valid_from": "2016-11-23T00:00:00Z",
        "valid_until": draw(st.sampled_from([None, "2030-01-01T00:00:00+09:00"])),
        "rows": rows,
        "excluded": left,
        "article": "4",
        "source": "a source",
        "verified": draw(some),
        "direction": draw(st.sampled_from([None, ("JPN", "KOR"), ("KOR", "JPN")])),
    }
    return msgspec.convert(table, LevelTable)


@given(table=_tables())
def test_every_answer_comes_back(table: LevelTable) -> None:
    """The rows may stand in another order; each mark leads to the same marks as before."""
    _, back = _there_and_back(table)
    before, after = Equivalence([table]), Equivalence([back])
    for one, other in permutations(("JPN", "KOR")):
        scheme = JPN if one == "JPN" else KOR
        for level in scheme.levels:
            was = before.corresponding(one, other, level.mark, table.valid_from)
            now = after.corresponding(one, other, level.mark, table.valid_from)
            assert isinstance(was, Equivalents) == isinstance(now, Equivalents)
            if isinstance(was, Equivalents) and isinstance(now, Equivalents):
                assert set(was.marks) == set(now.marks)
                assert (was.articles, was.verified) == (now.articles, now.verified)
    assert (back.excluded, back.direction) == (table.excluded, table.direction)


def test_what_a_policy_cannot_say_is_refused(table: dict[str, Any]) -> None:
    table["rows"][0]["JPN"] = ["極秘"]
    table["rows"][1]["JPN"] = ["秘", "特定秘密"]
    with pytest.raises(BadInput, match="peers of one rank"):
        policies(msgspec.convert(table, LevelTable), ISSUES)


def test_a_party_without_identifier_is_refused(gsomia_2016: Equivalence) -> None:
    with pytest.raises(BadInput, match="KOR: expected a national scheme and an identifier"):
        policies(gsomia_2016.tables[0], {"JPN": ISSUES["JPN"]})


def test_policies_that_disagree_are_refused(gsomia_2016: Equivalence) -> None:
    both = policies(gsomia_2016.tables[0], ISSUES)
    data = write(both["KOR"]).decode()
    assert data.count('policyRef="JPN" lacv="2"') == 2
    other = read(data.replace('policyRef="JPN" lacv="1"', 'policyRef="JPN" lacv="3"').encode())
    with pytest.raises(BadInput, match="the same equivalences"):
        level_table(both["JPN"], other.policy)
    unlike = read(data.replace('article="4"', 'article="5"').encode())
    with pytest.raises(BadInput, match="the same terms"):
        level_table(both["JPN"], unlike.policy)
    bare = msgspec.structs.replace(both["KOR"], extensions=None)
    with pytest.raises(BadInput, match="the policies of both parties"):
        level_table(both["JPN"], both["JPN"])
    with pytest.raises(BadInput, match="one extension"):
        level_table(both["JPN"], bare)
