"""What an equivalence brings along, and what is certain enough to be brought."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gsomia.marking.label import Mapped
from gsomia.marking.label.mapping import Mapper
from gsomia.marking.spif import Direction
from tests.marking.mappings import (
    AT,
    JPN,
    JPN_REF,
    JPN_XML,
    K1,
    KOR,
    KOR_REF,
    KOR_XML,
    SECRET,
    WHO,
    mapped,
    mapping_of,
    policy,
    stopped_by,
    stored,
    with_required,
)


@pytest.mark.parametrize(
    "new",
    [
        with_required("all", 'Regime lacv="1"'),
        with_required("onlyOne", 'Regime lacv="1"'),
        with_required("oneOrMore", 'Regime lacv="01"'),
    ],
)
def test_a_required_category_is_brought_along(new: str) -> None:
    made = mapped(K1, policy(KOR_XML.replace(SECRET, new)), JPN)
    assert [c.tag_name for c in made.label.information.categories] == ["Regime", "Releasable To"]


def test_a_required_choice_that_a_value_has_made_is_no_obstacle() -> None:
    inner = (
        '<spif:requiredCategory operation="oneOrMore">'
        '<spif:categoryGroup tagSetRef="Releasable To" tagType="permissive" lacv="1"/>'
        '<spif:categoryGroup tagSetRef="Regime" tagType="restrictive" lacv="1"/>'
        "</spif:requiredCategory>"
    )
    new = f"{SECRET[:-2]}>{inner}</spif:equivalentClassification>"
    made = mapped(K1, policy(KOR_XML.replace(SECRET, new)), JPN)
    assert [c.tag_name for c in made.label.information.categories] == ["Releasable To"]


def test_what_a_tag_sets_equivalent_requires_is_brought_along() -> None:
    """SPIF 2.1: in addition to the values that are mapped."""
    end = "</spif:securityCategoryTag>\n    </spif:securityCategoryTagSet>"
    extra = (
        '<spif:equivalentSecurityCategoryTagSet policyRef="EX-JPN" id="2.25.2222222222.2">'
        '<spif:requiredCategory operation="all"><spif:categoryGroup tagSetRef="Regime" '
        'tagType="restrictive" lacv="1"/></spif:requiredCategory>'
        "</spif:equivalentSecurityCategoryTagSet>\n    </spif:securityCategoryTagSet>"
    )
    assert end in KOR_XML
    source = policy(KOR_XML.replace(end, "</spif:securityCategoryTag>" + extra))
    made = mapped(K1, source, JPN)
    assert "Regime" in {c.tag_name for c in made.label.information.categories}


def test_what_it_requires_of_another_policy_is_not() -> None:
    end = "</spif:securityCategoryTag>\n    </spif:securityCategoryTagSet>"
    extra = (
        '<spif:equivalentSecurityCategoryTagSet policyRef="EX-USA" id="2.25.3333333333.2">'
        '<spif:requiredCategory operation="all"><spif:categoryGroup tagSetRef="Regime" '
        'tagType="restrictive" lacv="1"/></spif:requiredCategory>'
        "</spif:equivalentSecurityCategoryTagSet>\n    </spif:securityCategoryTagSet>"
    )
    source = policy(KOR_XML.replace(end, "</spif:securityCategoryTag>" + extra))
    made = mapped(K1, source, JPN)
    assert [c.tag_name for c in made.label.information.categories] == ["Releasable To"]


def test_a_number_of_two_values_is_no_certain_one() -> None:
    """NATO's policy uses numbers twice: what such a number requires is nobody's guess."""
    end = "</spif:tagCategory>\n      </spif:securityCategoryTag>"
    two = policy(
        JPN_XML.replace(
            end,
            '</spif:tagCategory><spif:tagCategory name="OTHER" lacv="01"/>'
            "</spif:securityCategoryTag>",
            1,
        )
    )
    required = policy(KOR_XML.replace(SECRET, with_required("all", 'Regime lacv="1"')))
    assert "Regime" in {c.tag_name for c in mapped(K1, required, JPN).label.information.categories}
    assert stopped_by(mapping_of(K1, required, two)) == ["equivalent_exists"]


def test_a_mapper_follows_the_periods_of_the_target() -> None:
    """What it remembers is of no use once a value is out of its period."""
    end = JPN_XML.replace(
        'name="KOR" lacv="2"', 'name="KOR" lacv="2" notAfter="2027-01-01T00:00:00Z"'
    )
    mapper = Mapper(KOR, policy(end), Direction.LEAVING, WHO)
    for _ in range(2):
        assert isinstance(mapper.map(K1, AT), Mapped)
        assert stopped_by(mapper.map(K1, datetime(2027, 2, 1, tzinfo=UTC))) == [
            "alternative_is_valid"
        ]


def test_a_value_may_become_two() -> None:
    twice = KOR_XML.replace(
        f'<spif:equivalentSecCategoryTag policyRef="EX-JPN" {KOR_REF} applied="encrypt"/>',
        f'<spif:equivalentSecCategoryTag policyRef="EX-JPN" {KOR_REF} applied="encrypt"/>'
        f'<spif:equivalentSecCategoryTag policyRef="EX-JPN" {JPN_REF} applied="encrypt"/>',
    )
    made = mapped(stored("k5"), policy(twice), JPN)
    (category,) = made.label.information.categories
    assert [value.text for value in category.values] == ["JPN", "KOR"]
