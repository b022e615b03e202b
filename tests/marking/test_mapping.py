"""What a label equals in another policy: what is mapped, what stops it, and who decides."""

from __future__ import annotations

import unicodedata
from hashlib import sha256

import msgspec
import pytest

from gsomia.agreement import counting, shipped
from gsomia.agreement.correspondence import equivalence_of
from gsomia.faults import BadInput
from gsomia.marking import spif
from gsomia.marking.equivalence import AUTHORITIES
from gsomia.marking.label import (
    Category,
    Choice,
    Mapped,
    Root,
    Unmapped,
    Value,
    map_label,
    marking,
    read,
    reference_of,
    validity,
    write,
)
from gsomia.marking.label.alternative import OBSTACLES, REGISTRY
from gsomia.marking.label.mapping import OWNERS, PERSON
from gsomia.marking.label.model import Succession
from gsomia.marking.spif import Direction, Policy, Sense
from gsomia.marking.spif import read as read_policy
from gsomia.marking.xmlguard import Element
from tests.marking import spiffy
from tests.marking.mappings import (
    AT,
    J1,
    JPN,
    JPN_REF,
    K1,
    KOR,
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
from tests.marking.shared import SPIF, VECTORS, outside

# -- what is mapped ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source", "target", "language", "expected", "discarded"),
    [
        ("k1", KOR, JPN, "ja", "EX-JPN 極秘 REL TO JPN, KOR", []),
        ("j1", JPN, KOR, "ko", "EX-KOR 군사II급비밀 REL TO KOR, JPN", ["TOKUTEI HIMITSU"]),
        ("j2", JPN, KOR, "ko", "EX-KOR 군사III급비밀 REL TO KOR, JPN", []),
    ],
)
def test_the_mapping_is_that_of_the_reference_program(
    name: str, source: Policy, target: Policy, language: str, expected: str, discarded: list[str]
) -> None:
    label = stored(name)
    made = mapped(label, source, target)
    assert marking(made.label, target, language=language) == expected
    assert [d.value for d in made.discarded] == discarded
    assert made.left == ()
    assert validity(made.label, target, AT, new=True) == ()
    assert label == stored(name)


def test_two_policies_of_the_reference_program() -> None:
    """One category by its equivalent, one that the level brings, one of the whole policy."""
    folder = SPIF / "lenient"
    plus = read_policy((folder / "tlp-plus.xml").read_bytes(), lenient=True).policy
    plain = read_policy((folder / "tlp.xml").read_bytes(), lenient=True).policy
    data = (VECTORS / "label" / "surevine" / "tlpx-amber-eu.xml").read_bytes()
    made = mapped(spiffy.label(data, plus), plus, plain)
    assert marking(made.label, plain) == (
        "TLP:AMBER [REGION=EU] [Additional Handling May Apply]/[Imported Data]"
    )


def test_the_alternative_says_who_made_it_when_and_by_which_policies() -> None:
    made = mapped(K1, KOR, JPN, original="a" * 64).label
    assert made.root is Root.ALTERNATIVE
    assert made.base.originator == WHO
    assert made.base.created == "2026-11-01T00:00:00Z"
    assert made.review == K1.review
    assert made.information.policy_uri == "urn:oid:2.25.2222222222.1"
    for label in (made, read(write(made))):
        found = reference_of(label)
        assert found is not None
        assert (found.applied, found.source, found.target) == (
            Direction.LEAVING,
            "EX-KOR",
            "EX-JPN",
        )
        assert (found.source_digest, found.target_digest) == (spif.digest(KOR), spif.digest(JPN))
        assert (found.source_version, found.original) == ("1", "a" * 64)
    assert reference_of(K1) is None


def test_a_digest_is_of_the_policy_not_of_its_layout() -> None:
    other = KOR_XML.replace("\n", "\n ").replace("spif:", "s:").replace("xmlns:spif", "xmlns:s")
    assert spif.digest(policy(other)) == spif.digest(KOR)
    assert spif.digest(policy(KOR_XML.replace('version="1"\n', 'version="2"\n'))) != spif.digest(
        KOR
    )


def test_the_stored_alternative_is_what_we_write() -> None:
    """Byte for byte, the digests of both policies among them: others may have stored them."""
    original = (VECTORS / "label" / "label-k1.xml").read_bytes()
    made = mapped(K1, KOR, JPN, original=sha256(original).hexdigest())
    assert write(made.label) == (VECTORS / "label" / "alternative-k1.xml").read_bytes()


def test_what_is_not_carried_over_is_listed() -> None:
    told = msgspec.structs.replace(
        K1.information,
        privacy_mark="IN CONFIDENCE",
        others=(Element("urn:x}note", {}),),
    )
    base = msgspec.structs.replace(
        K1.base,
        information=told,
        succession=Succession(at="2030-01-01T00:00:00Z", successor=K1.base),
        others=(Element("urn:x}stamp", {}),),
    )
    label = msgspec.structs.replace(K1, review=None, base=base, attributes={"urn:x}mine": "1"})
    made = mapped(label, KOR, JPN)
    assert made.left == ("PrivacyMark", "SuccessionHandling", "note", "stamp", "mine")
    assert made.label.review == "2030-01-01T00:00:00Z"
    assert made.label.base.succession is None
    assert made.label.information.privacy_mark is None


def test_the_alternative_is_valid_under_natos_schema() -> None:
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(outside("labels/xsd/nl-cl.xsd"))))
    data = write(mapped(K1, KOR, JPN, original="0" * 64).label)
    assert schema.validate(etree.fromstring(data)), schema.error_log


# -- directions -------------------------------------------------------------------------


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("applied", ["encrypt", "decrypt", "both"])
def test_an_equivalence_holds_in_its_own_direction(applied: str, direction: Direction) -> None:
    source = policy(KOR_XML.replace('applied="encrypt"', f'applied="{applied}"'))
    answer = mapping_of(K1, source, JPN, direction=direction)
    if applied in ("both", str(direction)):
        assert isinstance(answer, Mapped)
        found = reference_of(answer.label)
        assert found is not None
        assert found.applied is direction
    else:
        assert set(stopped_by(answer)) == {
            "classification_has_equivalent",
            "category_has_equivalent",
        }


# -- what stops a mapping ----------------------------------------------------------------

STOPS: dict[str, tuple[str, str, str, str]] = {
    "the policy is not listed": (
        '<spif:equivalentPolicy name="EX-JPN" id="2.25.2222222222.1"/>',
        '<spif:equivalentPolicy name="EX-JPN" id="2.25.9"/>',
        "policy_is_equivalent",
        OWNERS,
    ),
    "no equivalent of the level": (SECRET, "", "classification_has_equivalent", AUTHORITIES),
    "the level leads nowhere": (
        SECRET,
        SECRET.replace('lacv="4"', 'lacv="9"'),
        "equivalent_exists",
        OWNERS,
    ),
    "the value leads nowhere": (
        JPN_REF,
        JPN_REF.replace('"1"', '"7"'),
        "equivalent_exists",
        OWNERS,
    ),
    "another tag type": (
        JPN_REF,
        JPN_REF.replace("permissive", "restrictive"),
        "equivalent_exists",
        OWNERS,
    ),
    "what is required leads nowhere": (
        SECRET,
        with_required("all", 'Nowhere lacv="1"'),
        "equivalent_exists",
        OWNERS,
    ),
    "one of two is required": (
        SECRET,
        with_required("oneOrMore", 'Regime lacv="1"', 'Regime all="true"'),
        "required_is_certain",
        PERSON,
    ),
    "any value is required": (
        SECRET,
        with_required("all", 'Regime all="true"'),
        "required_is_certain",
        PERSON,
    ),
    "the result is not valid": (
        SECRET,
        with_required("all", 'Regime lacv="1"').replace(
            'policyRef="EX-JPN" lacv="4"', 'policyRef="EX-JPN" lacv="3"'
        ),
        "alternative_is_valid",
        PERSON,
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_what_stops_a_mapping_and_who_decides(name: str) -> None:
    old, new, rule, who = STOPS[name]
    assert old in KOR_XML
    answer = mapping_of(K1, policy(KOR_XML.replace(old, new)), JPN)
    assert stopped_by(answer) == [rule]
    assert isinstance(answer, Unmapped)
    (obstacle,) = answer.obstacles
    assert obstacle.who == who
    assert obstacle.source
    assert obstacle.text


def test_every_value_without_equivalent_is_named() -> None:
    source = policy(KOR_XML.replace('lacv="1" applied="encrypt"', 'lacv="1" applied="decrypt"'))
    answer = mapping_of(K1, source, JPN)
    assert isinstance(answer, Unmapped)
    (obstacle,) = answer.obstacles
    assert obstacle.text == "Releasable To: JPN has no equivalent in EX-JPN (applied: encrypt)"


def test_a_level_outside_the_agreement_has_no_counterpart_whatever_its_rank() -> None:
    """Between two levels that have one, and above both."""
    told = msgspec.structs.replace(
        K1.information,
        classification="GUNSA I",
        categories=(
            Category(sense=Sense.PERMISSIVE, tag_name="Releasable To", values=(Value("KOR"),)),
        ),
    )
    top = msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))
    assert validity(top, KOR, AT) == ()
    assert stopped_by(mapping_of(top, KOR, JPN)) == ["classification_has_equivalent"]
    gap = policy(KOR_XML.replace(SECRET, ""))
    assert stopped_by(mapping_of(K1, gap, JPN)) == ["classification_has_equivalent"]


def test_an_invalid_label_is_not_mapped() -> None:
    answer = mapping_of(stored("k2"), KOR, JPN)
    assert stopped_by(answer) == ["label_is_valid"]
    assert isinstance(answer, Unmapped)
    assert answer.obstacles[0].who == REGISTRY
    assert "requires" in answer.obstacles[0].text


def test_a_label_released_to_its_owner_alone_is_not_valid_with_the_partner() -> None:
    assert stopped_by(mapping_of(stored("k5"), KOR, JPN)) == ["alternative_is_valid"]


def test_a_label_of_a_third_policy_is_not_mapped() -> None:
    assert stopped_by(mapping_of(J1, KOR, JPN)) == ["label_is_valid"]


@pytest.mark.parametrize("root", [Root.ALTERNATIVE, Root.METADATA, Root.OLD])
def test_only_an_originators_label_is_mapped(root: Root) -> None:
    """ADatP-4774.1 §4.2: an alternative is a statement of its mapper, made for one domain.

    A second mapping would hand on what the first has discarded as if it had never been.
    """
    assert stopped_by(mapping_of(msgspec.structs.replace(K1, root=root), KOR, JPN)) == [
        "label_is_originators"
    ]


def test_a_mapping_does_not_invert() -> None:
    """There the regime is discarded; the way back, were it one, would not bring it."""
    there = mapped(J1, JPN, KOR).label
    assert stopped_by(mapping_of(there, KOR, JPN)) == ["label_is_originators"]
    same = msgspec.structs.replace(K1, base=msgspec.structs.replace(there.base, originator=None))
    back = mapped(same, KOR, JPN).label
    assert back.information.classification == J1.information.classification
    assert "Regime" in {c.tag_name for c in J1.information.categories}
    assert "Regime" not in {c.tag_name for c in back.information.categories}


_ENTERED = (
    '<spif:securityCategoryTagSet name="Noté" id="2.25.1.9"><spif:securityCategoryTag '
    'name="Note" tagType="tagType7"><spif:tagCategory name="Text" lacv="1" '
    'userInput="string">%s</spif:tagCategory></spif:securityCategoryTag>'
    "</spif:securityCategoryTagSet></spif:securityCategoryTagSets>"
)


@pytest.mark.parametrize("tag_name", ["Noté", unicodedata.normalize("NFD", "Noté")])
@pytest.mark.parametrize(
    ("values", "rules"),
    [
        (("by hand",), ["text_has_equivalent"]),
        (("by hand", "too"), ["text_has_equivalent"] * 2),
        (("Text",), ["category_has_equivalent"]),
        (("Text", "by hand"), ["category_has_equivalent", "text_has_equivalent"]),
    ],
)
def test_what_a_user_entered_equals_nothing(
    tag_name: str, values: tuple[str, ...], rules: list[str]
) -> None:
    """Nothing of it is lost in silence, however the label spells the tag set."""
    discard = (
        f'<spif:equivalentSecCategoryTag policyRef="EX-JPN" {JPN_REF} applied="encrypt" '
        'action="discard"/>'
    )
    end = "</spif:securityCategoryTagSets>"
    held = tuple(map(Value, values))
    note = Category(sense=Sense.INFORMATIVE, tag_name=tag_name, values=held)
    told = msgspec.structs.replace(K1.information, categories=(*K1.information.categories, note))
    label = msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))
    assert stopped_by(mapping_of(label, policy(KOR_XML.replace(end, _ENTERED % "")), JPN)) == rules
    equal = policy(KOR_XML.replace(end, _ENTERED % discard.replace(' action="discard"', "")))
    if values == ("Text",):
        assert mapped(label, equal, JPN).discarded == ()
    else:
        entered = [rule for rule in rules if rule == "text_has_equivalent"]
        assert stopped_by(mapping_of(label, equal, JPN)) == entered
    made = mapped(label, policy(KOR_XML.replace(end, _ENTERED % discard)), JPN)
    assert [(d.tag_set, d.value) for d in made.discarded] == [("Noté", v) for v in values]


def test_bad_questions() -> None:
    with pytest.raises(BadInput, match="an instant with offset"):
        map_label(K1, KOR, JPN, AT.replace(tzinfo=None), mapper=WHO)
    for chosen in (0, 2):
        with pytest.raises(BadInput, match="an option from 1 to 1"):
            mapping_of(K1, KOR, JPN, chosen=chosen)
    assert mapping_of(K1, KOR, JPN, chosen=1) == mapping_of(K1, KOR, JPN)


# -- a person chooses --------------------------------------------------------------------


@pytest.fixture(scope="module")
def level_table() -> dict[str, Policy]:
    """The policies of the agreement of 2016, where 군사II급비밀 has two counterparts."""
    tables = equivalence_of(shipped("rok-japan-2016")).tables
    (table,) = [t for t in tables if t.valid_from <= AT]
    issued = counting.read_instant("2026-01-01T00:00:00Z", "test")
    issues = {
        party: spif.Issue(base=base, originator=f"CN={party}", created=issued)
        for party, base in (("KOR", "2.25.1"), ("JPN", "2.25.2"))
    }
    return spif.policies(table, issues)


def test_between_several_equivalents_a_person_chooses(level_table: dict[str, Policy]) -> None:
    kor, jpn = level_table["KOR"], level_table["JPN"]
    told = msgspec.structs.replace(K1.information, policy="KOR", policy_uri=None)
    release = msgspec.structs.replace(told.categories[0], uri=None)
    told = msgspec.structs.replace(told, classification="군사II급비밀", categories=(release,))
    label = msgspec.structs.replace(K1, base=msgspec.structs.replace(K1.base, information=told))
    answer = mapping_of(label, kor, jpn)
    assert isinstance(answer, Choice)
    assert (answer.obstacle.rule, answer.obstacle.who) == ("one_equivalent", PERSON)
    markings = ["JPN 極秘 REL TO JPN, KOR", "JPN 特定秘密 REL TO JPN, KOR"]
    for option, expected in zip(answer.options, markings, strict=True):
        assert option.obstacles == ()
        made = mapped(label, kor, jpn, chosen=option.number)
        assert made.label.information == option.information
        assert marking(made.label, jpn) == expected
    with pytest.raises(BadInput, match="an option from 1 to 2"):
        mapping_of(label, kor, jpn, chosen=3)


def test_an_option_that_may_not_be_chosen_says_why() -> None:
    two = SECRET + SECRET.replace('lacv="4"', 'lacv="9"') + SECRET
    source = policy(KOR_XML.replace(SECRET, two))
    answer = mapping_of(K1, source, JPN)
    assert isinstance(answer, Choice)
    assert [[o.rule for o in option.obstacles] for option in answer.options] == [
        [],
        ["equivalent_exists"],
    ]
    assert stopped_by(mapping_of(K1, source, JPN, chosen=2)) == ["equivalent_exists"]


def test_every_obstacle_is_met_in_a_test() -> None:
    met = {rule for _, _, rule, _ in STOPS.values()}
    met |= {"label_is_valid", "label_is_originators", "category_has_equivalent"}
    met |= {"text_has_equivalent", "one_equivalent", "label_of_own_policy", "one_originator_label"}
    assert met == set(OBSTACLES)
