"""An alternative label: the reference to its mapping, and which label a consumer uses."""

from __future__ import annotations

import msgspec
import pytest

from gsomia.faults import BadInput
from gsomia.marking.label import Root, Unmapped, label_for, reference_of
from gsomia.marking.label.alternative import MAPPING
from gsomia.marking.xmlguard import Element
from tests.marking.mappings import J1, JPN, K1, KOR, mapped

_GOOD = mapped(K1, KOR, JPN).label


def test_the_label_that_a_consumer_uses() -> None:
    alternative = _GOOD
    later = msgspec.structs.replace(alternative, id="later")
    assert label_for([alternative, K1], KOR) is K1
    assert label_for([K1, alternative, later], JPN) is alternative
    assert label_for([later, alternative], JPN) is later
    foreign = msgspec.structs.replace(K1, root=Root.METADATA)
    for labels, policy, rule in [
        ([K1], JPN, "label_of_own_policy"),
        ([], JPN, "label_of_own_policy"),
        ([foreign], KOR, "label_of_own_policy"),
        ([K1, K1], KOR, "one_originator_label"),
        ([K1, J1], KOR, "one_originator_label"),
    ]:
        found = label_for(labels, policy)
        assert isinstance(found, Unmapped)
        assert [o.rule for o in found.obstacles] == [rule]
        assert found.obstacles[0].text


def test_a_label_that_takes_the_policys_name_alone_is_not_used() -> None:
    told = msgspec.structs.replace(K1.information, policy_uri="urn:oid:2.25.9")
    label = msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))
    assert isinstance(label_for([label], KOR), Unmapped)


_STAMP = _GOOD.base.others[0]
BAD_REFERENCES = {
    "twice": (_STAMP, _STAMP),
    "with content": (Element(_STAMP.name, _STAMP.attributes, ("x",)),),
    "with more": (Element(_STAMP.name, {**_STAMP.attributes, "more": "1"}),),
    "with less": (Element(_STAMP.name, {"applied": "encrypt"}),),
    "another direction": (Element(_STAMP.name, {**_STAMP.attributes, "applied": "both"}),),
    "no digest": (Element(_STAMP.name, {**_STAMP.attributes, "toDigest": "A" * 64}),),
    "no version": (Element(_STAMP.name, {**_STAMP.attributes, "toVersion": "one"}),),
    "an empty original": (Element(_STAMP.name, {**_STAMP.attributes, "original": ""}),),
}


@pytest.mark.parametrize("name", BAD_REFERENCES)
def test_a_reference_that_is_malformed(name: str) -> None:
    base = msgspec.structs.replace(_GOOD.base, others=BAD_REFERENCES[name])
    with pytest.raises(BadInput):
        reference_of(msgspec.structs.replace(_GOOD, base=base))
    assert reference_of(_GOOD) is not None
    assert _STAMP.namespace == MAPPING
