"""How each struct of a policy stands in XML: one table for reading and for writing.

From the schema of xmlspif.org for versions 1.0, 2.0 and 2.1, which is one schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from gsomia.marking.spif import model as m

SPIF = "http://www.xmlspif.org/spif"

VERSIONS = ("1.0", "2.0", "2.1")

CODES = frozenset(
    "pageTop pageBottom pageTopBottom documentStart documentEnd noNameDisplay noMarkingDisplay "
    "suppressClassName firstLineOfText lastLineOfText subject xHeader portionMarking inputTitle "
    "waterMark replacePolicy".split()
)
"""Every place and instruction that a marking may name."""

_COLOURS = (
    "aqua black blue fuschia gray green lime maroon navy olive purple red silver teal white yellow"
)


class Kind(msgspec.Struct, frozen=True):
    """A type of attribute: what it is called in a message, and its form."""

    name: str
    form: re.Pattern[str]


def _one_of(words: str) -> Kind:
    return Kind("one of " + ", ".join(words.split()), re.compile("|".join(words.split())))


TEXT = Kind("text", re.compile(r"(?s).*"))
NAME = Kind("a name of at most 256 characters", re.compile(r"(?s).{0,256}"))
LACV = Kind("a value number or word of at most 256 characters", re.compile(r"(?s).{0,256}"))
INT = Kind("a whole number", re.compile(r"\s*[+-]?[0-9]{1,60}\s*"))
BOOL = Kind("true or false", re.compile(r"\s*(true|false|1|0)\s*"))
OID = Kind(
    "an object identifier",
    re.compile(r"(2|[01](?=\.[0-3]?[0-9](\.|$)))(\.(0|[1-9][0-9]{0,59})){1,60}"),
)
"""In its one spelling: no leading zeros, and below 0 and 1 no arc above 39."""

TIME = Kind(
    "a date and time",
    re.compile(
        r"\s*-?[0-9]{4,9}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]|24(?=:00:00)):[0-5][0-9]:[0-5][0-9]"
        r"(\.[0-9]{1,20})?(Z|[+-][01][0-9]:[0-5][0-9])?\s*"
    ),
)
SELECTION = Kind("a whole number or unbounded", re.compile(r"unbounded|[+-]?[0-9]{1,9}"))
TAG_TYPE = _one_of("notApplicable restrictive enumerated permissive tagType7")
ENUM_TYPE = _one_of("restrictive permissive")
COLOR = Kind("a colour", re.compile("#[0-9a-fA-F]{6}|" + "|".join(_COLOURS.split())))
LANGUAGE = Kind("a language", re.compile(r"\s*([a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*)?\s*"))
"""An xs:language, or none."""

APPLIED = _one_of("encrypt decrypt both")
CODE = Kind("a marking code", re.compile("|".join(sorted(CODES))))


class Attribute(msgspec.Struct, frozen=True):
    """An attribute and the field that holds it. `assumed`: what a lenient reading takes for it."""

    field: str
    kind: Kind = TEXT
    required: bool = False
    assumed: str | None = None


class Child(msgspec.Struct, frozen=True):
    """A child element, the field that holds it, and its struct (or a kind of text)."""

    field: str
    holds: type[m.Node] | Kind
    least: int = 0
    most: int | None = None


class Syntax(msgspec.Struct, frozen=True):
    """One element: attributes, and children in the order of the schema."""

    attributes: Mapping[str, Attribute] = {}
    children: Mapping[str, Child] = {}
    foreign: str = ""


_MARKINGS = {
    "markingData": Child("markings", m.MarkingData),
    "markingQualifier": Child("qualifiers", m.MarkingQualifier),
}
_REQUIRED = {"requiredCategory": Child("required", m.RequiredCategory)}
_TAG = {
    "tagType": Attribute("tag_type", TAG_TYPE, required=True),
    "enumType": Attribute("enum_type", ENUM_TYPE),
}
_REF = {
    "tagSetRef": Attribute("tag_set", NAME, required=True),
    **_TAG,
    "lacv": Attribute("lacv", LACV),
    "all": Attribute("all", BOOL),
}
_VALIDITY = {"notBefore": Attribute("not_before", TIME), "notAfter": Attribute("not_after", TIME)}
_NAMED = {
    "name": Attribute("name", NAME, required=True),
    "id": Attribute("id", OID, required=True),
}
_APPLIED = {"applied": Attribute("applied", APPLIED, required=True)}
_POLICY_REF = {"policyRef": Attribute("policy", NAME, required=True)}
_URIS = {"userRefURI": Attribute("user_ref"), "docRefURI": Attribute("doc_ref")}
_SELECTION = {
    "maxSelection": Attribute("most", SELECTION),
    "minSelection": Attribute("least", SELECTION),
}

SYNTAX: dict[type[m.Node], Syntax] = {
    m.MarkingData: Syntax({"phrase": Attribute("phrase", NAME)}, {"code": Child("codes", CODE, 1)}),
    m.Qualifier: Syntax(
        {
            "markingQualifier": Attribute("text", NAME, required=True),
            "qualifierCode": Attribute("code", _one_of("prefix suffix separator"), required=True),
        }
    ),
    m.MarkingQualifier: Syntax(
        {"markingCode": Attribute("code", CODE)},
        {"qualifier": Child("qualifiers", m.Qualifier, 1)},
    ),
    m.CategoryRef: Syntax(_REF),
    m.RequiredCategory: Syntax(
        {"operation": Attribute("operation", _one_of("onlyOne oneOrMore all"), required=True)},
        {"categoryGroup": Child("groups", m.CategoryRef, 1)},
    ),
    m.EquivalentClassification: Syntax(
        {**_POLICY_REF, "lacv": Attribute("lacv", INT, required=True), **_APPLIED}, _REQUIRED
    ),
    m.Classification: Syntax(
        {
            "name": Attribute("name", NAME, required=True),
            "color": Attribute("color", COLOR),
            "lacv": Attribute("lacv", INT, required=True),
            "hierarchy": Attribute("hierarchy", INT, required=True),
            "obsolete": Attribute("obsolete", BOOL),
        },
        {
            "equivalentClassification": Child("equivalents", m.EquivalentClassification),
            **_MARKINGS,
            **_REQUIRED,
        },
    ),
    m.Classifications: Syntax(
        {"name": Attribute("name")},
        {"securityClassification": Child("members", m.Classification, 1), **_MARKINGS},
    ),
    m.EquivalentCategory: Syntax(
        {
            **_POLICY_REF,
            "tagSetId": Attribute("tag_set_id", OID, required=True),
            **_TAG,
            "lacv": Attribute("lacv", LACV, required=True),
            **_APPLIED,
            "action": Attribute("action", _one_of("discard")),
        }
    ),
    m.Category: Syntax(
        {
            "name": Attribute("name", required=True),
            "lacv": Attribute("lacv", LACV, required=True),
            "userInput": Attribute("user_input", _one_of("string integer date")),
            "requiredClass": Attribute("required_class", NAME),
            "obsolete": Attribute("obsolete", BOOL),
            "dateFormat": Attribute("date_format"),
            **_VALIDITY,
        },
        {
            "equivalentSecCategoryTag": Child("equivalents", m.EquivalentCategory),
            **_MARKINGS,
            "excludedClass": Child("excluded_classes", NAME),
            **_REQUIRED,
            "excludedCategory": Child("excluded", m.CategoryRef),
        },
    ),
    m.Tag: Syntax(
        {
            "name": Attribute("name"),
            **_TAG,
            "tag7Encoding": Attribute(
                "tag7_encoding", _one_of("bitSetAttributes securityAttributes")
            ),
            "singleSelection": Attribute("single", BOOL),
            **_SELECTION,
        },
        {
            "tagCategory": Child("categories", m.Category),
            "markingQualifier": _MARKINGS["markingQualifier"],
        },
    ),
    m.EquivalentTagSet: Syntax(
        {**_POLICY_REF, "name": Attribute("name", NAME), "id": Attribute("id", OID)}, _REQUIRED
    ),
    m.TagSet: Syntax(
        _NAMED,
        {
            "securityCategoryTag": Child("tags", m.Tag, 1),
            "equivalentSecurityCategoryTagSet": Child("equivalents", m.EquivalentTagSet),
        },
    ),
    m.TagSets: Syntax({}, {"securityCategoryTagSet": Child("members", m.TagSet, 1)}),
    m.PrivacyMark: Syntax(
        {"name": Attribute("name"), "obsolete": Attribute("obsolete", BOOL)}, _MARKINGS
    ),
    m.PrivacyMarks: Syntax(
        _SELECTION, {"privacyMark": Child("members", m.PrivacyMark, 1), **_MARKINGS}
    ),
    m.EquivalentPolicy: Syntax({**_NAMED, **_URIS}, _REQUIRED),
    m.EquivalentPolicies: Syntax({}, {"equivalentPolicy": Child("members", m.EquivalentPolicy, 1)}),
    m.PolicyId: Syntax(_NAMED, _MARKINGS),
    m.UpdateInfo: Syntax(),
    m.Extensions: Syntax(foreign="members"),
    m.Policy: Syntax(
        {
            "schemaVersion": Attribute(
                "schema_version", _one_of(" ".join(VERSIONS)), required=True, assumed="2.1"
            ),
            "version": Attribute("version", INT),
            "creationDate": Attribute("creation_date", required=True, assumed=""),
            "originatorDN": Attribute("originator", required=True, assumed=""),
            "keyIdentifier": Attribute("key_identifier", required=True, assumed=""),
            "privilegeId": Attribute("privilege_id", OID, required=True, assumed="0.0"),
            "rbacId": Attribute("rbac_id", OID, required=True, assumed="0.0"),
            **_URIS,
            **_VALIDITY,
        },
        {
            "defaultSecurityPolicyId": Child("default_policy", m.PolicyId, 0, 1),
            "securityPolicyId": Child("policy", m.PolicyId, 1, 1),
            "updateInfo": Child("update_info", m.UpdateInfo, 0, 1),
            "securityClassifications": Child("classifications", m.Classifications, 1, 1),
            "securityCategoryTagSets": Child("tag_sets", m.TagSets, 0, 1),
            "privacyMarks": Child("privacy_marks", m.PrivacyMarks, 0, 1),
            "equivalentPolicies": Child("equivalent_policies", m.EquivalentPolicies, 0, 1),
            **_MARKINGS,
            "extensions": Child("extensions", m.Extensions, 0, 1),
        },
    ),
}
"""Every element of a policy but the texts `code` and `excludedClass`."""
