"""Every text a user reads is there in English, Korean and Japanese."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import get_args

import msgspec
import pytest

from gsomia.agreement import LegalEffect, basis, instruments, shipped, shipped_ids
from gsomia.agreement.catalogue import FIELDS, EntryKind, entries, levels
from gsomia.agreement.deadlines import ENGLISH, What
from gsomia.agreement.lifecycle import CONTESTED, OF_READING, OPEN_BOUNDS, State
from gsomia.clearance import model as clearance_model
from gsomia.clearance import rules as clearance
from gsomia.cli.alarmtexts import ALARM_KINDS, PARTS, in_words
from gsomia.cli.basistexts import BASIS_NOTES, BASIS_WHO, CONDITIONS
from gsomia.cli.calendartexts import wording
from gsomia.cli.evidencetexts import EVIDENCE_PHRASES
from gsomia.cli.faulttexts import FAULTS
from gsomia.cli.label.mappingtexts import MAP_OBSTACLES, MAP_WHO, obstacle_text
from gsomia.cli.label.stixtexts import (
    PHRASES,
    RULE_TEXTS,
    SOURCE_TEXTS,
    WHO_TEXTS,
    phrase,
    rule_text,
    source_text,
    who_text,
)
from gsomia.cli.label.ustexts import PLACES, US_NOTES, US_RULES, place_text
from gsomia.cli.labels import LABELS
from gsomia.cli.lookup import lifecycle_of
from gsomia.cli.packtexts import PACK_TEXTS
from gsomia.cli.ruletexts import ARTICLES, RULES, WHO
from gsomia.cli.say import rule_line
from gsomia.cli.valuetexts import VALUES
from gsomia.cli.words import LABEL_TABLES, LANGS, MESSAGES, Words
from gsomia.desk import amending
from gsomia.desk import rules as desk
from gsomia.evidence import told
from gsomia.exchange import messages, notices
from gsomia.exchange import rules as exchange
from gsomia.journal.witness import Outcome
from gsomia.marking import equivalence, handlingrules
from gsomia.marking import us as us_marks
from gsomia.marking.label import alternative, mapping
from gsomia.registry import rules as registry
from gsomia.release import rules as release
from gsomia.ruling import Rule

CLI = Path(equivalence.__file__).parents[1] / "cli"
HANGUL, KANA_OR_HAN = re.compile(r"[가-힣]"), re.compile(r"[ぁ-んァ-ヶ一-龠々]")

ALL_RULES = {
    rule.name: rule
    for module in (clearance, amending, desk, registry, release, exchange)
    for rule in vars(module).values()
    if isinstance(rule, Rule)
}


def _called_with(name: str, module: ModuleType = equivalence) -> set[str]:
    """The first words given to calls of a function in a source file: `_refuse("x", ...)`."""
    tree = ast.parse(Path(str(module.__file__)).read_text())
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call))
    named = (c for c in calls if isinstance(c.func, ast.Name) and c.func.id == name)
    return {
        c.args[0].value
        for c in named
        if c.args and isinstance(c.args[0], ast.Constant) and isinstance(c.args[0].value, str)
    }


REASONS = _called_with("_refuse") | _called_with("Reason") | _called_with("Reason", levels)
ALL_LABELS = {name: texts for table in LABEL_TABLES for name, texts in table.items()}


def test_every_rule_has_its_text_and_no_text_is_left_over():
    assert len(ALL_RULES) > 50
    assert len(REASONS) == 5
    assert set(RULES) == set(ALL_RULES) | REASONS


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_is_told_in_three_languages(name):
    korean, japanese = RULES[name]
    assert HANGUL.search(korean)
    assert KANA_OR_HAN.search(japanese)
    assert not HANGUL.search(japanese)
    assert not re.search(r"[ぁ-んァ-ヶ]", korean)
    assert (korean[-1], japanese[-1]) == (".", "。")
    assert Words("ko").rule(name, "english") == korean
    assert Words("ja").rule(name, "english") == japanese
    assert Words("en").rule(name, "english") == "english"


def test_everybody_who_can_decide_is_named_in_three_languages():
    told = {rule.who for rule in ALL_RULES.values()}
    told |= {
        equivalence.ORIGINATOR,
        equivalence.DISCLOSURE,
        equivalence.AUTHORITIES,
        equivalence.TREATY_DESK,
    }
    assert set(WHO) == told
    for korean, japanese in WHO.values():
        assert HANGUL.search(korean)
        assert KANA_OR_HAN.search(japanese)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "May do this: security authority, treaty desk."),
        ("ko", "이 행위를 할 수 있는 역할: 보안 당국, 조약 담당."),
        ("ja", "これを行える役割: 保全責任者, 条約担当。"),
    ],
)
def test_whoever_is_not_appointed_reads_which_roles_may(lang: str, said: str):
    case = clearance.Officer("K-3", ("security_authority", "treaty_desk"), ())
    (refusal,) = clearance.officer_rules("exchange.notify").decide(case).refusals()
    assert rule_line(Words(lang), refusal).endswith(said)


def test_every_ground_is_cited_in_three_languages():
    grounds = {rule.article for rule in ALL_RULES.values()} | {levels.NO_ARTICLE}
    tables = [e.equivalence for e in entries() if e.equivalence]
    grounds |= {table.article for table in tables if table.article}
    assert {g for g in grounds if not g.startswith("Art. ")} == set(ARTICLES)
    assert Words("ko").article("Art. 7(5)(a)") == "제7조제5항(a)"
    assert Words("ja").article("Art. 21") == "第21条"
    assert Words("en").article("Art. 7(5)(a)") == "Art. 7(5)(a)"
    assert Words("ja").article("Registry practice") == "登録所の実務"


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_a_message_has_three_languages_with_the_same_blanks(key):
    texts = MESSAGES[key]
    assert len(texts) == len(LANGS)
    blanks = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in texts]
    assert blanks[0] == blanks[1] == blanks[2]
    assert HANGUL.search(texts[1])
    assert KANA_OR_HAN.search(texts[2])


@pytest.mark.parametrize("name", sorted(ALL_LABELS))
def test_a_label_has_three_languages(name):
    english, korean, japanese = ALL_LABELS[name]
    assert english.isascii()
    assert HANGUL.search(korean)
    assert KANA_OR_HAN.search(japanese)
    assert [Words(lang).label(name) for lang in LANGS] == [english, korean, japanese]


def test_every_state_of_an_agreement_has_a_label():
    assert {str(state) for state in State} - {"in_force"} <= set(LABELS)
    assert "in_force" in LABELS


def test_the_notes_of_a_status_are_those_of_the_lifecycle():
    assert MESSAGES["contested"][0] == CONTESTED
    assert MESSAGES["open_bounds"][0] == OPEN_BOUNDS
    assert MESSAGES["of_reading"][0] == OF_READING


def test_no_label_is_given_twice():
    assert len(ALL_LABELS) == sum(map(len, LABEL_TABLES))


def test_whatever_is_in_the_way_of_a_mapping_is_told_in_three_languages():
    assert set(MAP_OBSTACLES) == set(alternative.OBSTACLES)
    for rule, texts in MAP_OBSTACLES.items():
        wanted = {f for _, f, _, _ in Formatter().parse(alternative.OBSTACLES[rule].text) if f}
        saw = {name: name.upper() for name in wanted - {"said"}}
        saw |= {"breach": "policy_oid"} if "said" in wanted else {}
        obstacle = alternative.Obstacle(rule, mapping.PERSON, saw)
        for lang, text, script in zip(("ko", "ja"), texts, (HANGUL, KANA_OR_HAN), strict=True):
            assert {f for _, f, _, _ in Formatter().parse(text) if f} == wanted, rule
            assert script.search(obstacle_text(lang, obstacle))
            assert not (HANGUL if lang == "ja" else re.compile("[ぁ-ん]")).search(text)
        assert obstacle_text("en", obstacle) == f"{obstacle.text}."
        assert all(value in obstacle.text for name, value in saw.items() if name != "breach")
    assert set(MAP_WHO) == {alternative.REGISTRY, mapping.OWNERS, mapping.PERSON}
    assert all(HANGUL.search(ko) and KANA_OR_HAN.search(ja) for ko, ja in MAP_WHO.values())
    assert Words("ja").who(mapping.PERSON) == MAP_WHO[mapping.PERSON][1]


@pytest.mark.parametrize("lang, script", [("ko", HANGUL), ("ja", KANA_OR_HAN)])
def test_a_calendar_is_told_in_three_languages(lang: str, script: re.Pattern[str]):
    told, english = (msgspec.to_builtins(w) for w in (wording(lang), ENGLISH))
    assert wording("en") == ENGLISH
    for name, text in english.items():
        said = told[name]
        assert script.search(str(said)), name
        ours, theirs = ({f for _, f, _, _ in Formatter().parse(str(t)) if f} for t in (text, said))
        assert ours == theirs, name
    assert len(told["what"]) == len(What)


def test_every_condition_of_a_legal_basis_is_told_in_three_languages():
    assert set(CONDITIONS) == set(basis.RULES)
    for name, texts in CONDITIONS.items():
        wanted = {f for _, f, _, _ in Formatter().parse(basis.RULES[name].text) if f}
        for lang in ("ko", "ja"):
            assert {f for _, f, _, _ in Formatter().parse(texts[lang]) if f} == wanted, name
        assert HANGUL.search(texts["ko"])
        assert KANA_OR_HAN.search(texts["ja"])
        assert not HANGUL.search(texts["ja"])
    assert not BASIS_WHO.keys() & WHO.keys()
    assert {w.who for w in basis.RULES.values()} <= BASIS_WHO.keys() | WHO.keys()
    for korean, japanese in (*BASIS_WHO.values(), *BASIS_NOTES.values()):
        assert HANGUL.search(korean)
        assert KANA_OR_HAN.search(japanese)
    for subject in basis.subjects().subjects:
        assert set(subject.names) == set(LANGS)


def test_every_rule_of_a_marking_is_told_in_three_languages():
    assert set(RULE_TEXTS) == set(handlingrules.RULES)
    assert set(WHO_TEXTS) == {r.who for r in handlingrules.RULES.values()}
    ours = {r.source for r in handlingrules.RULES.values() if r.source.startswith("ours")}
    assert set(SOURCE_TEXTS) == ours
    for korean, japanese in (
        *RULE_TEXTS.values(),
        *WHO_TEXTS.values(),
        *SOURCE_TEXTS.values(),
        *((k, j) for _, k, j in PHRASES.values()),
    ):
        assert HANGUL.search(korean)
        assert KANA_OR_HAN.search(japanese)
        assert not HANGUL.search(japanese)
    for texts in PHRASES.values():
        blanks = [{name for _, name, _, _ in Formatter().parse(t) if name} for t in texts]
        assert blanks[0] == blanks[1] == blanks[2]
    for name, rule in handlingrules.RULES.items():
        assert len({rule_text(lang, name) for lang in LANGS}) == 3
        assert len({who_text(lang, rule.who) for lang in LANGS}) == 3
    assert source_text("ko", "FIRST TLP 2.0") == "FIRST TLP 2.0"
    assert phrase("ja", "more", count=2) == "ほか2件"


def test_what_the_treaty_desk_reads_has_labels():
    kinds = {*EntryKind, *What, *(f"effect_{e}" for e in LegalEffect)}
    assert {str(k) for k in kinds} | set(FIELDS) <= set(ALL_LABELS)
    words = [Words(lang) for lang in LANGS]
    for flag in (True, "part", False, "none"):
        assert len({w.flag(flag) for w in words}) == 3
    assert words[0].flag("part") == "read in part"


def test_every_message_that_a_command_asks_for_is_there():
    asked = set()
    for path in CLI.rglob("*.py"):
        source = path.read_text()
        asked |= set(re.findall(r"\bwords\(\s*[\"']([a-z_]+)[\"']", source))
    assert len(asked) >= 15
    assert asked | {"yes", "no", "bad_input"} == set(MESSAGES)


def test_no_mark_is_translated():
    marks = {m.text for i in shipped_ids() for m in shipped(i).marks}
    texts = [
        t
        for table in (MESSAGES, ALL_LABELS, RULES, WHO, ARTICLES)
        for r in table.values()
        for t in r
    ]
    for mark in marks:
        if len(mark) > 1:  # 秘 is part of ordinary words
            assert not any(mark in text for text in texts), mark


def test_a_word_without_a_label_is_shown_as_it_is():
    assert Words("ko").label("no_such_field") == "no_such_field"


def test_us_marks_are_explained_in_three_languages():
    assert set(US_RULES) == set(us_marks.RULES)
    assert set(US_NOTES) == set(us_marks.NOTES)
    for korean, japanese in (*US_RULES.values(), *US_NOTES.values()):
        assert HANGUL.search(korean)
        assert KANA_OR_HAN.search(japanese)
        assert not HANGUL.search(japanese)
        assert (korean[-1], japanese[-1]) == (".", "。")
    for texts in PLACES.values():
        assert len(texts) == len(LANGS)
    assert place_text("ko", "portion 2, dissemination") == "부분 2, 배포 통제"
    assert place_text("en", "part 2, value 3, code 1") == "part 2, value 3, code 1"


def _literals() -> set[str]:
    """Every string that the program holds, with `{}` for each value put into it."""
    found = set()
    for path in CLI.parent.rglob("*.py"):
        if path.name in TRANSLATIONS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Constant(value=str(text)):
                    found.add(text)
                case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Add()):
                    found.add(f"{text}{{}}")
                case ast.JoinedStr(values=parts):
                    pieces = (p.value if isinstance(p, ast.Constant) else "{}" for p in parts)
                    found.add("".join(map(str, pieces)))
    return found


TRANSLATIONS = {f"{name}.py" for name in ("faulttexts", "treatyfaults", "labelfaults")} | {
    "outagetexts.py",
    "alarmtexts.py",
}
FROM_LIBRARIES = re.compile(
    r"(\{\}: )?(no such file|permission denied|file name too long|input/output|too many levels)"
    r"|no space left|read-only file"
    r"|no element found|not well-formed|a party's ISO 3166|an agreement that `gsomia",
    re.IGNORECASE,
)


def test_every_text_of_an_error_is_one_that_an_error_has():
    said = _literals()
    assert not {text for text in FAULTS if text not in said and not FROM_LIBRARIES.match(text)}


@pytest.mark.parametrize("text", sorted(FAULTS))
def test_an_error_is_told_in_three_languages(text):
    ko, ja = FAULTS[text]
    assert text.count("{}") == ko.count("{}") == ja.count("{}")
    if text != "a DOCTYPE":
        assert HANGUL.search(ko)
        assert KANA_OR_HAN.search(ja)
        assert not KANA_OR_HAN.search(ko)
        assert not HANGUL.search(ja)


def test_the_values_in_an_error_stay_as_they_are():
    ko, ja, en = (Words(lang) for lang in ("ko", "ja", "en"))
    parts = ("at most {} bytes", "{0}: no such file or directory", "한글 {x}.xml, line 3")
    assert en.fault(*parts).startswith("한글 {x}.xml, line 3: expected at most {} bytes, got ")
    assert ko.fault(*parts).startswith("한글 {x}.xml, 3째 줄: 필요한 것: {}바이트 이하")
    assert "{0}: 그런 파일이나 폴더가 없음" in ko.fault(*parts)
    assert ja.fault(*parts).startswith("한글 {x}.xml、3行目: 必要なもの: {}バイト以下")
    assert "an odd thing" in ja.fault("an odd thing", "more")


def test_what_evidence_proves_is_told_in_three_languages():
    assert set(EVIDENCE_PHRASES) == set(told.ENGLISH)
    for name, (ko, ja) in EVIDENCE_PHRASES.items():
        texts = (told.ENGLISH[name], ko, ja)
        blanks = [sorted(b for _, b, _, _ in Formatter().parse(t) if b) for t in texts]
        assert blanks[0] == blanks[1] == blanks[2], name
        assert HANGUL.search(ko)
        assert KANA_OR_HAN.search(ja)
        assert not HANGUL.search(ja)


def _states() -> set[str]:
    """Every state that the program's documents can be in, as its source writes them."""
    sources = "".join(p.read_text() for p in CLI.parent.rglob("*.py") if CLI not in p.parents)
    return set(re.findall(r"\bstate ?==? ?\"([a-z_]+)\"", sources))


def _tags(union: object) -> set[str]:
    return {str(type_.__struct_config__.tag) for type_ in get_args(union)}


def test_what_a_field_may_hold_is_told_in_three_languages():
    held = {
        *_states(),
        *clearance_model.ROLES,
        *_tags(notices.About),
        *_tags(messages.Carried),
        *get_args(messages.Form),
        *instruments.Kind,
        *instruments.Channel,
    }
    assert len(held) > 70
    for lang in ("ko", "ja"):
        words = Words(lang)
        assert {v for v in held if words.value("state", str(v)) == v} == set()
        assert words.value("short_title", "document") == "document"
    assert Words("en").value("state", "handed_over") == "handed_over"
    for text, (ko, ja) in VALUES.items():
        assert HANGUL.search(ko), text
        assert KANA_OR_HAN.search(ja), text


def test_what_the_shipped_packs_say_is_told_in_three_languages():
    said = set()
    for name in shipped_ids():
        life = lifecycle_of(name)
        said |= {i.title for i in life.instruments} | {a.title for a in life.pack.articles}
        said |= {a.summary for a in life.pack.articles} | {r.summary for r in life.pack.readings}
        said |= {r.title for r in life.pack.readings}
        said |= {r.note for r in life.pack.readings if r.note}
    assert said == set(PACK_TEXTS)
    for ko, ja in PACK_TEXTS.values():
        assert HANGUL.search(ko)
        assert KANA_OR_HAN.search(ja)
        assert not HANGUL.search(ja)


@pytest.mark.parametrize("text", sorted(PARTS))
def test_a_part_of_an_alarm_is_one_that_an_alarm_has(text):
    # Some name a place, which is put together from a variable.
    places = ("item {}", "key of item {}", "wrapped key of item {}", "sealed item")
    assert text in places or any(text in said for said in _literals())
    ko, ja = PARTS[text]
    assert text.count("{}") == ko.count("{}") == ja.count("{}")
    assert HANGUL.search(ko)
    assert not KANA_OR_HAN.search(ko)
    assert KANA_OR_HAN.search(ja)


def test_every_kind_of_alarm_has_words():
    folds = (CLI.parent / "exchange" / "state.py").read_text()
    kinds = {k for k in ALARM_KINDS if not k.startswith(("delivery", "history"))}
    assert all(f'"{kind}"' in folds for kind in kinds)
    assert {"delivery conflict", "delivery refused"} < ALARM_KINDS.keys()
    assert {f"history {o.value}" for o in (Outcome.REWRITTEN, Outcome.INCONSISTENT)} < (
        ALARM_KINDS.keys()
    )
    row = {"what": "gap", "text": "rok-japan-2016: number 3 missing although later ones arrived"}
    assert in_words("en", row) == {"alarm": "a gap in the numbers", "text": row["text"]}
    assert in_words("ja", row)["text"] == "rok-japan-2016: 後の番号は届いたが3番がない"
    assert in_words("ko", {"what": "new", "text": "strange"}) == {"alarm": "new", "text": "strange"}
