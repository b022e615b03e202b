"""Labels in the syntax of the reference program, as labels of STANAG 4774, for tests only."""

from __future__ import annotations

from gsomia.marking.label import Category, Information, Label, Value
from gsomia.marking.label.model import Base
from gsomia.marking.spif.consistency import categories, value_key
from gsomia.marking.spif.model import Policy, Sense
from gsomia.marking.xmlguard import parse

_SENSES = {
    "restrictive": Sense.RESTRICTIVE,
    "enumeratedRestrictive": Sense.RESTRICTIVE,
    "permissive": Sense.PERMISSIVE,
    "enumeratedPermissive": Sense.PERMISSIVE,
    "informative": Sense.INFORMATIVE,
}


def label(data: bytes, policy: Policy) -> Label:
    """The label in a file, its numbers looked up in the policy."""
    root = parse(data, "spiffy")
    held: list[Category] = []
    classification = ""
    for child in root.children:
        told = child.attributes
        if child.local == "policy":
            assert told["id"] == policy.policy.id
        elif child.local == "classification":
            names = {str(c.lacv): c.name for c in policy.classifications.members}
            classification = names[told["lacv"]]
        else:
            sense = _SENSES[told["type"]]
            (name, value), *_ = [
                (tag_set.name, category.name)
                for tag_set, tag, category in categories(policy)
                if (tag_set.id, tag.sense) == (told["id"], sense)
                and value_key(category.lacv) == value_key(told["lacv"])
            ]
            held.append(Category(sense=sense, tag_name=name, values=(Value(value),)))
    merged: dict[tuple[Sense, str], list[Value]] = {}
    for one in held:
        merged.setdefault((one.sense, one.tag_name), []).extend(one.values)
    found = tuple(
        Category(sense=sense, tag_name=name, values=tuple(values))
        for (sense, name), values in merged.items()
    )
    told_ = Information(policy=policy.policy.name, classification=classification, categories=found)
    return Label(
        review="2031-01-01T00:00:00Z",
        base=Base(information=told_, created="2026-01-01T00:00:00Z"),
    )
