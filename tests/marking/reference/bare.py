"""The answers of the reference programs: the bare decision, which asks nothing else first.

No validity, no release list, names compared as they are written. Never part of the product.
"""

from __future__ import annotations

from gsomia.marking.label import Clearance, Label, read
from gsomia.marking.spif import Policy, Sense
from gsomia.marking.xmlguard import parse
from tests.marking import spiffy


def granted(label: Label, clearance: Clearance) -> bool:
    """The decision as the reference program makes it."""
    told = label.information
    held = {(c.sense, c.tag_name, v.text) for c in clearance.categories for v in c.values}
    groups: dict[tuple[Sense, str], set[str]] = {}
    for category in told.categories:
        key = (category.sense, category.tag_name)
        groups.setdefault(key, set()).update(value.text for value in category.values)
    own = {key: {text for sense, name, text in held if (sense, name) == key} for key in groups}
    return (
        told.policy == clearance.policy
        and told.classification in clearance.classifications
        and all(values <= own[key] for key, values in groups.items() if key[0] is Sense.RESTRICTIVE)
        and all(values & own[key] for key, values in groups.items() if key[0] is Sense.PERMISSIVE)
    )


def clearance(data: bytes, policy: Policy) -> Clearance:
    """A clearance in the reference program's own XML, its numbers looked up in the policy."""
    root = parse(data, "spiffy")
    names = {str(c.lacv): c.name for c in policy.classifications.members}
    listed = [e.attributes["lacv"] for e in root.children if e.local == "classification"]
    tags = b"".join(_tag(dict(e.attributes)) for e in root.children if e.local == "tag")
    told = spiffy.label(
        f'<label><policy id="{policy.policy.id}"/><classification lacv="{listed[0]}"/>'.encode()
        + tags
        + b"</label>",
        policy,
    )
    return Clearance(
        policy=policy.policy.name,
        classifications=tuple(names[lacv] for lacv in listed),
        categories=told.information.categories,
    )


def _tag(told: dict[str, str]) -> bytes:
    return f'<tag type="{told["type"]}" id="{told["id"]}" lacv="{told["lacv"]}"/>'.encode()


def label_of_natos_sample(data: bytes) -> Label:
    """A sample of the reference program that no schema takes: its faults put right."""
    end = b"</ConfidentialityInformation>"
    made = end + b"<CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime>"
    return read(data.replace(end, made).replace(b" URL=", b" URI="))
