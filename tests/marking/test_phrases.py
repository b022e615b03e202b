"""The marking of a label, place by place and language by language."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsomia.faults import BadInput
from gsomia.marking import label as labels
from gsomia.marking.label import Category, Label, Value, read
from gsomia.marking.label.phrases import Marker, Place, marking, markings
from gsomia.marking.spif import Policy, Sense
from gsomia.marking.spif import read as read_policy
from gsomia.marking.spif import write as write_policy
from gsomia.marking.spif.syntax import CODES
from tests.marking import spiffy
from tests.marking.shared import SPIF, VECTORS, outside

LABELS = VECTORS / "label"
KOR = (SPIF / "good" / "kor.spif.xml").read_text("utf-8")
K1 = read((LABELS / "label-k1.xml").read_bytes())

FOOD = "lenient/food-policy.fixed.xml"
MADE = [
    ("good/kor.spif.xml", "label-k1.xml", "", "EX-KOR SECRET REL TO KOR, JPN"),
    ("good/kor.spif.xml", "label-k1.xml", "ko", "EX-KOR 군사II급비밀 REL TO KOR, JPN"),
    ("good/kor.spif.xml", "label-k1.xml", "ko-KR", "EX-KOR 군사II급비밀 REL TO KOR, JPN"),
    ("good/kor.spif.xml", "label-k1.xml", "ja", "EX-KOR SECRET REL TO KOR, JPN"),
    ("good/kor.spif.xml", "label-k2.xml", "", "EX-KOR SECRET"),
    ("good/kor.spif.xml", "label-k5.xml", "", "EX-KOR SECRET REL TO KOR"),
    ("good/jpn.spif.xml", "label-j1.xml", "", "EX-JPN GOKUHI TOKUTEI HIMITSU REL TO JPN, KOR"),
    ("good/jpn.spif.xml", "label-j1.xml", "ja", "EX-JPN 特定秘密 REL TO JPN, KOR"),
    ("good/jpn.spif.xml", "label-j2.xml", "", "EX-JPN HI REL TO JPN, KOR"),
    ("good/jpn.spif.xml", "label-j2.xml", "ja", "EX-JPN 秘 REL TO JPN, KOR"),
    ("lenient/tlp-plus.xml", "surevine/tlpx-amber-eu.xml", "", "TLPX:AMBER J:EU"),
    (FOOD, "surevine/food-label-water.xml", "", "[ Food FREE British Flag ]"),
    (
        FOOD,
        "surevine/food-label-milk-chocolate.xml",
        "",
        "[ Food Sweet/Yummy Chocolate Brown Contains Lactose Not Vegan Animal Rights ]",
    ),
    (
        FOOD,
        "surevine/food-label-gimmick-milk-chocolate.xml",
        "",
        "[ Food Sweet/Yummy Chocolate Brown Contains Lactose Not Vegan British Flag ]",
    ),
]


def _policy(text: str) -> Policy:
    return read_policy(text.encode(), lenient=True).policy


def _label(data: bytes, policy: Policy) -> Label:
    if b"spiffy" in data:
        return spiffy.label(data, policy)
    if b"CreationDateTime" not in data:  # the reference program's own samples
        end = b"</ConfidentialityInformation>"
        date = b"<CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime>"
        data = data.replace(end, end + date).replace(b"URL=", b"URI=")
    return read(data)


@pytest.mark.parametrize(("policy", "label", "language", "expected"), MADE)
def test_the_marking_is_that_of_the_reference_program(
    policy: str, label: str, language: str, expected: str
) -> None:
    held = read_policy((SPIF / policy).read_bytes(), lenient=True).policy
    told = _label((LABELS / label).read_bytes(), held)
    assert marking(told, held, language=language) == expected


def test_every_marking_that_was_collected() -> None:
    """Each row of the table of expected values that has a marking, NATO's policy with them."""
    rows = outside("labels/EXPECTED.tsv").read_text("utf-8").splitlines()
    policies: dict[Path, Policy] = {}
    count = 0
    for row in rows:
        name, label, language, _, expected, *_ = row.split("\t") + [""] * 5
        if row.startswith("#") or not expected:
            continue
        path = outside(f"spif/{name}" if "/" in name else f"spif/surevine-spiffing/{name}")
        if path not in policies:
            policies[path] = read_policy(path.read_bytes(), lenient=True).policy
        file = f"labels/{label}" if "/" in label else f"labels/surevine-spiffing/{label}"
        told = _label(outside(file).read_bytes(), policies[path])
        assert marking(told, policies[path], language=language) == expected, row
        count += 1
    assert count > 30


def test_natos_portion_marks_and_its_top_of_the_page() -> None:
    """Version 88 has a mark of a portion for each classification; version 79 has none."""
    new = read_policy(outside("spif/others/nato-v88.spif.xml").read_bytes()).policy
    old = outside("spif/surevine-spiffing/nato-4774-policy.xml").read_bytes()
    top = read(outside("labels/worked/label-nato-L7.xml").read_bytes())
    bare = msgspec.structs.replace(
        top,
        base=msgspec.structs.replace(
            top.base, information=msgspec.structs.replace(top.information, categories=())
        ),
    )
    assert marking(bare, new, place=Place.PORTION) == "NATO CTS"
    assert marking(bare, new, place=Place.PORTION, language="en") == "NATO CTS"
    places = (Place.PAGE_TOP, Place.PAGE_BOTTOM, Place.DOCUMENT_START)
    held = read_policy(old).policy
    assert set(markings(top, held, places=places).values()) == {"COSMIC TOP SECRET"}
    assert marking(top, held, language="fr") == "COSMIC TRES SECRET"


# -- one rule at a time ----------------------------------------------------------------

PLAIN = "EX-KOR SECRET REL TO KOR, JPN"
_SECRET = '<spif:markingData phrase="SECRET"><spif:code>pageTopBottom</spif:code>'
_TOP = "</spif:SPIF>"
_RELEASE = '<spif:tagCategory name="KOR" lacv="1">'


def _data(phrase: str | None, *codes: str, lang: str = "") -> str:
    shown = "" if phrase is None else f' phrase="{phrase}"'
    tag = f' xml:lang="{lang}"' if lang else ""
    held = "".join(f"<spif:code>{code}</spif:code>" for code in codes)
    return f"<spif:markingData{shown}{tag}>{held}</spif:markingData>"


def _qualifier(text: str, kind: str, code: str | None = None, lang: str = "") -> str:
    at = f' markingCode="{code}"' if code else ""
    tag = f' xml:lang="{lang}"' if lang else ""
    inner = f'<spif:qualifier{tag} markingQualifier="{text}" qualifierCode="{kind}"/>'
    return f"<spif:markingQualifier{at}>{inner}</spif:markingQualifier>"


def _of_class(new: str) -> tuple[str, str]:
    return _SECRET + "</spif:markingData>", new


def _of_policy(new: str) -> tuple[str, str]:
    return _TOP, new + _TOP


def _of_kor(new: str) -> tuple[str, str]:
    """What is put into the category KOR, after the equivalence that stands there."""
    return (
        'lacv="2" applied="encrypt"/>\n        </spif:tagCategory>',
        f'lacv="2" applied="encrypt"/>{new}</spif:tagCategory>',
    )


BOTTOM, TOP, PORTION = Place.PAGE_BOTTOM, Place.PAGE_TOP, Place.PORTION
RULES: dict[str, tuple[tuple[str, str], str, Place, str]] = {
    "nothing changed": (_of_policy(""), "", BOTTOM, PLAIN),
    "another place: the name": (
        _of_policy(""),
        "",
        PORTION,
        "EX-KOR GUNSA II REL TO KOR, JPN",
    ),
    "a phrase of one place": (
        _of_class(_data("S", "portionMarking") + _data("SECRET", "pageTop")),
        "",
        PORTION,
        "EX-KOR S REL TO KOR, JPN",
    ),
    "a phrase without place is one of the bottom": (
        _of_class(_data("S", "noNameDisplay")),
        "",
        BOTTOM,
        "EX-KOR S REL TO KOR, JPN",
    ),
    "and stands in elsewhere": (
        _of_class(_data("S", "noNameDisplay")),
        "",
        TOP,
        "EX-KOR S REL TO KOR, JPN",
    ),
    "where there is no other": (
        _of_class(_data("S", "noNameDisplay") + _data("T", "pageTop")),
        "",
        TOP,
        "EX-KOR T REL TO KOR, JPN",
    ),
    "of equals the first": (
        _of_class(_data("S", "noNameDisplay") + _data("T", "noNameDisplay")),
        "",
        BOTTOM,
        "EX-KOR S REL TO KOR, JPN",
    ),
    "the exact language before its primary subtag": (
        _of_class(_data("A", "pageTop", lang="fr") + _data("B", "pageTop", lang="fr-CA")),
        "fr-ca",
        TOP,
        "EX-KOR B REL TO KOR, JPN",
    ),
    "another region is another language": (
        _of_class(_data("A", "pageTop", lang="fr-BE") + _data("B", "pageTop")),
        "fr-CA",
        TOP,
        "EX-KOR B REL TO KOR, JPN",
    ),
    "no language asked: none taken": (
        _of_class(_data("A", "pageTop", lang="fr")),
        "",
        TOP,
        "EX-KOR GUNSA II REL TO KOR, JPN",
    ),
    "an empty phrase shows nothing": (
        _of_class(_data("", "pageBottom")),
        "",
        BOTTOM,
        "EX-KOR REL TO KOR, JPN",
    ),
    "noNameDisplay takes the name": (
        _of_class(_data(None, "noNameDisplay", "pageBottom")),
        "",
        BOTTOM,
        "EX-KOR REL TO KOR, JPN",
    ),
    "noNameDisplay leaves a phrase": (
        _of_class(_data("S", "noNameDisplay", "pageBottom")),
        "",
        BOTTOM,
        "EX-KOR S REL TO KOR, JPN",
    ),
    "noMarkingDisplay shows nothing": (
        _of_class(_data("S", "noMarkingDisplay", "pageBottom")),
        "",
        BOTTOM,
        "EX-KOR REL TO KOR, JPN",
    ),
    "but where something is entered": (
        _of_class(_data("S", "noMarkingDisplay", "inputTitle")),
        "",
        Place.INPUT_TITLE,
        "EX-KOR S REL TO KOR, JPN",
    ),
    "the policy's own replacement": (
        _of_policy(_data("OWN", "replacePolicy")),
        "",
        BOTTOM,
        "OWN SECRET REL TO KOR, JPN",
    ),
    "may be empty": (_of_policy(_data("", "replacePolicy")), "", BOTTOM, "SECRET REL TO KOR, JPN"),
    "or of another place": (
        _of_policy(_data("", "replacePolicy", "portionMarking")),
        "",
        BOTTOM,
        PLAIN,
    ),
    "the classification's": (
        _of_class(_data("C", "replacePolicy")),
        "",
        BOTTOM,
        "C GUNSA II REL TO KOR, JPN",
    ),
    "a category's, not shown twice": (
        _of_kor(_data("EX-KOR/K", "replacePolicy", "noNameDisplay")),
        "",
        BOTTOM,
        "EX-KOR/K SECRET REL TO JPN",
    ),
    "a category that is not shown leaves no gap": (
        _of_kor(_data(None, "noNameDisplay")),
        "",
        BOTTOM,
        "EX-KOR SECRET REL TO JPN",
    ),
    "a category takes the class name away": (
        _of_kor(_data("K", "suppressClassName")),
        "",
        BOTTOM,
        "EX-KOR REL TO K, JPN",
    ),
    "round everything": (
        _of_policy(_qualifier("[ ", "prefix") + _qualifier(" ]", "suffix")),
        "",
        BOTTOM,
        f"[ {PLAIN} ]",
    ),
    "between the parts": (
        _of_policy(_qualifier("//", "separator")),
        "",
        BOTTOM,
        "EX-KOR//SECRET//REL TO KOR, JPN",
    ),
    "a qualifier of this place first": (
        _of_policy(
            _qualifier("a ", "prefix", "pageTop") + _qualifier("b ", "prefix", "pageBottom")
        ),
        "",
        BOTTOM,
        f"b {PLAIN}",
    ),
    "one of another place stands in": (
        _of_policy(_qualifier("a ", "prefix", "pageTop")),
        "",
        BOTTOM,
        f"a {PLAIN}",
    ),
    "but not the name of a header": (
        _of_policy(_qualifier("X-Label: ", "prefix", "xHeader")),
        "",
        BOTTOM,
        PLAIN,
    ),
    "which stands in the header": (
        _of_policy(_qualifier("X-Label: ", "prefix", "xHeader")),
        "",
        Place.HEADER,
        "X-Label: EX-KOR GUNSA II REL TO KOR, JPN",
    ),
    "a qualifier in the language": (
        _of_policy(_qualifier("a ", "prefix", lang="ko") + _qualifier("b ", "prefix")),
        "fr",
        BOTTOM,
        f"b {PLAIN}",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule(name: str) -> None:
    (old, new), language, place, expected = RULES[name]
    assert KOR.count(old) >= 1
    at = KOR.rindex(old)  # the last such place is that of GUNSA II, and of KOR
    policy = _policy(KOR[:at] + new + KOR[at + len(old) :])
    assert marking(K1, policy, language=language, place=place) == expected


def test_every_marking_code_is_a_place_or_known_as_an_instruction() -> None:
    instructions = {"noNameDisplay", "noMarkingDisplay", "suppressClassName", "replacePolicy"}
    assert {*map(str, Place), *instructions, "pageTopBottom"} == CODES


def test_a_phrase_of_no_known_place_is_left_aside_with_a_word() -> None:
    old, new = _of_class(_data("S", "footer") + _data("T", "pageBottom", "footer"))
    at = KOR.rindex(old)
    data = (KOR[:at] + new + KOR[at + len(old) :]).encode()
    with pytest.raises(BadInput, match="a marking code"):
        read_policy(data)
    loaded = read_policy(data, lenient=True)
    assert [r.text.rpartition("; ")[2] for r in loaded.repairs] == ["left aside"] * 2
    assert marking(K1, loaded.policy) == "EX-KOR T REL TO KOR, JPN"
    assert read_policy(write_policy(loaded.policy)).policy == loaded.policy


def test_values_stand_in_the_policys_order_each_once() -> None:
    release = K1.information.categories[0]
    turned = _with(
        msgspec.structs.replace(release, values=(Value("JPN"), Value("KOR"), Value("JPN")))
    )
    assert marking(turned, _policy(KOR)) == PLAIN


def _with(*categories: Category, **fields: object) -> Label:
    told = msgspec.structs.replace(K1.information, categories=categories, **fields)
    return msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))


def _release(*values: str, **fields: object) -> Category:
    plain = Category(
        sense=Sense.PERMISSIVE, tag_name="Releasable To", values=tuple(map(Value, values))
    )
    return msgspec.structs.replace(plain, **fields)


UNKNOWN = {
    "another policy": (_with(policy="EX-JPN"), "a label of the policy EX-KOR"),
    "another identifier": (_with(policy_uri="urn:oid:2.25.9"), "a label of the policy EX-KOR"),
    "another classification": (_with(classification="GUNSA Ⅱ"), "a classification of the policy"),
    "another value": (_with(_release("KOR", "USA")), "a value of the policy"),
    "another tag set": (_with(_release("KOR", tag_name="Release")), "a tag set of the policy"),
    "another identifier of a tag set": (
        _with(_release("KOR", uri="urn:oid:2.25.9")),
        "a tag set of the policy",
    ),
    "another sense": (
        _with(_release("KOR", sense=Sense.RESTRICTIVE)),
        "values of the type that the policy has",
    ),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_the_policy_does_not_know_has_no_marking(name: str) -> None:
    label, expected = UNKNOWN[name]
    with pytest.raises(BadInput) as refused:
        marking(label, _policy(KOR))
    assert refused.value.expected == expected


def test_what_a_user_entered_is_shown_as_entered() -> None:
    """A policy may leave a value to its user: the label holds the text, not the value's name."""
    tag = (
        '<spif:securityCategoryTagSet name="Note" id="2.25.1.9"><spif:securityCategoryTag '
        'name="Note" tagType="tagType7"><spif:tagCategory name="Text" lacv="1" '
        'userInput="string"><spif:markingData phrase=""><spif:code>pageTopBottom</spif:code>'
        "</spif:markingData></spif:tagCategory></spif:securityCategoryTag>"
        "</spif:securityCategoryTagSet></spif:securityCategoryTagSets>"
    )
    policy = _policy(KOR.replace("</spif:securityCategoryTagSets>", tag))
    note = Category(sense=Sense.INFORMATIVE, tag_name="Note", values=(Value("by hand, only"),))
    assert marking(_with(_release("KOR"), note), policy) == "EX-KOR SECRET REL TO KOR by hand, only"


@pytest.mark.parametrize("language", ["한국어", "ko_KR", "-", "a" * 9])
def test_a_language_tag_that_is_none(language: str) -> None:
    with pytest.raises(BadInput, match="a language tag"):
        marking(K1, _policy(KOR), language=language)


def test_no_function_reads_a_marking() -> None:
    """From a label to its marking only: nothing gives a label but what reads XML."""
    takers = {name for name in labels.__all__ if name.startswith(("read", "parse", "from"))}
    assert takers == {"from_element", "read", "read_clearance"}


_POLICY = _policy(KOR)


@given(
    values=st.lists(st.sampled_from(["KOR", "JPN"]), max_size=3),
    classification=st.sampled_from(["UNCLASSIFIED", "GUNSA III", "GUNSA II", "GUNSA I"]),
    language=st.sampled_from(["", "ko", "ja", "en-US"]),
    place=st.sampled_from(Place),
)
def test_a_marking_is_one_text_for_one_label(
    values: list[str], classification: str, language: str, place: Place
) -> None:
    """Whatever order the values stand in; and a marker used twice says the same."""
    label = _with(_release(*values), classification=classification)
    turned = _with(_release(*reversed(values)), classification=classification)
    marker = Marker(_POLICY, language=language, place=place)
    text = marker.text(label)
    assert text == marker.text(turned) == marking(label, _POLICY, language=language, place=place)
    assert text.startswith("EX-KOR")
    assert ("KOR" in text[6:]) is ("KOR" in values)
    assert ("JPN" in text) is ("JPN" in values)
