"""How somebody at the command line says which conditions of a consent are met."""

from __future__ import annotations

import pytest

from gsomia.cli.releases import meant
from gsomia.faults import BadInput

LISTED = ["no further release", "by hand only", "3"]


@pytest.mark.parametrize(
    "met, conditions",
    [
        (["1"], ("no further release",)),
        (["no further release"], ("no further release",)),
        (["2", "1"], ("by hand only", "no further release")),
        (["1", "no further release", "1"], ("no further release",)),
        (["3"], ("3",)),
        ([], ()),
    ],
)
def test_a_condition_is_meant_by_its_words_or_its_number(
    met: list[str], conditions: tuple[str, ...]
) -> None:
    assert meant(met, LISTED) == conditions


@pytest.mark.parametrize("met", ["0", "4", "01", "-1", "1.0", "１", "9" * 5000, "No further", ""])
def test_anything_else_is_told_with_what_can_be_said(met: str) -> None:
    with pytest.raises(BadInput) as error:
        meant(["1", met], LISTED)
    assert error.value.expected.endswith("in its own words, or a number from 1 to 3")


@pytest.mark.parametrize(
    "listed, expected",
    [
        ([], "no --met: no consent for this recipient and purpose sets a condition"),
        (["by hand only"], "a condition of the consent, in its own words, or 1"),
    ],
)
def test_none_and_a_single_one_are_told_as_such(listed: list[str], expected: str) -> None:
    with pytest.raises(BadInput) as error:
        meant(["7"], listed)
    assert error.value.expected == expected
