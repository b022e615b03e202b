"""Texts of `label stix` and `label misp` in English, Korean and Japanese. No mark is here."""

from __future__ import annotations

STIX_LABELS: dict[str, tuple[str, str, str]] = {
    "stix_asks": ("asks", "요구 사항", "求めるもの"),
    "stix_caveats": ("as caveats of a mark", "표시의 취급 제한으로", "標記の取扱制限として"),
    "stix_definitions": ("markings", "표시 정의", "標記の定義"),
    "stix_groups": ("objects, by what is asked", "요구 사항별 객체", "求めるもの別の対象"),
    "stix_left_out": ("left out", "제외", "除外"),
    "stix_not_held": (
        "what a mark cannot hold",
        "표시에 담을 수 없는 것",
        "標記に収められないもの",
    ),
    "stix_not_read": ("kept, not read", "보존함, 읽지 않음", "保持、読み取らず"),
    "stix_objects": ("objects", "객체", "対象"),
    "stix_other_tags": ("tags that mark nothing", "표시가 아닌 태그", "標記でないタグ"),
    "stix_parts": ("parts, by what is asked", "부분별 요구 사항", "部分ごとに求めるもの"),
    "stix_releasable_to": ("states named", "지정된 국가", "指定された国"),
    "stix_tags": ("tags that mark", "표시 태그", "標記のタグ"),
    "stix_unmarked": (
        "objects that name no recipient",
        "수령자를 밝히지 않은 객체",
        "受領者を示さない対象",
    ),
    "stix_unresolved": ("markings not found", "찾을 수 없는 표시", "見つからない標記"),
    "stix_unverified": (
        "effect not read in its source",
        "효과의 원문을 확인하지 못함",
        "効果の原文を確認していない",
    ),
    "stix_written": ("written", "기록함", "書き出し"),
}

RULE_TEXTS: dict[str, tuple[str, str]] = {
    "something": ("묶음에 객체가 하나 이상 있어야 함.", "束に対象が一つ以上必要である。"),
    "resolved": (
        "객체가 가리키는 표시는 모두 묶음 안에 있거나 표준이 정한 것이어야 함.",
        "対象が指す標記はすべて束の中にあるか、標準が定めたものでなければならない。",
    ),
    "readable": (
        "모든 표시는 여기서 읽고 판단할 수 있는 종류여야 함.",
        "すべての標記は、ここで読んで判断できる種類でなければならない。",
    ),
    "consistent": ("표시는 스스로 모순되지 않아야 함.", "標記は自らと矛盾してはならない。"),
    "one_value": (
        "하나의 값만 허용하는 어휘에서는 한 대상에 값이 하나여야 함.",
        "一つの値のみを認める語彙では、一つの対象の値は一つでなければならない。",
    ),
    "says_who": (
        "객체의 표시 가운데 하나는 누가 받을 수 있는지를 밝혀야 함.",
        "対象の標記の一つは、誰が受領できるかを示さなければならない。",
    ),
    "tlp_standing": (
        "수령자는 TLP 표시가 정한 범위에 속해야 함.",
        "受領者はTLPの標記が定める範囲に属さなければならない。",
    ),
    "tlp_named": (
        "TLP:RED는 출처가 지정한 수령자에게만 제공함.",
        "TLP:REDは、情報源が指名した受領者にのみ提供する。",
    ),
    "state_named": (
        "표시에 수령자의 국가가 지정되어 있어야 함.",
        "標記に受領者の国が指定されていなければならない。",
    ),
    "level_held": (
        "수령자는 그 등급에 대하여, 그 등급이 속한 정책에 따라 인가를 받아야 함.",
        "受領者は、その区分が属する方針に従い、その区分の資格を有しなければならない。",
    ),
    "caveat_held": (
        "수령자는 각 취급 제한에 대한 자격이 있어야 함.",
        "受領者は各取扱制限の資格を有しなければならない。",
    ),
    "one_of_held": (
        "수령자는 지정된 기관, 공동체 또는 유형 중 하나에 속해야 함.",
        "受領者は、指定された機関、共同体又は種別のいずれかに属さなければならない。",
    ),
    "sharing_permitted": (
        "표시가 수령자에 대한 재제공을 허용해야 함.",
        "標記が受領者への再提供を認めていなければならない。",
    ),
    "action_permitted": (
        "표시가 수령자가 하려는 행위를 허용해야 함.",
        "標記が受領者の行おうとする行為を認めていなければならない。",
    ),
}
"""By rule: Korean, Japanese. The English words are the rule's own."""

WHO_TEXTS: dict[str, tuple[str, str]] = {
    "the source of the information": ("정보의 출처", "情報源"),
    "the maker of the marking": ("표시를 만든 자", "標記の作成者"),
    "whoever sent the bundle: ask for it with its marking definitions": (
        "묶음을 보낸 자: 표시 정의와 함께 다시 요청",
        "束の送付者: 標記の定義とともに再度求める",
    ),
    "the holder's disclosure officer, on evidence about the recipient": (
        "보유 측의 공개 담당관, 수령자에 관한 증빙에 따라",
        "保有側の開示担当官、受領者に関する証拠による",
    ),
}

SOURCE_TEXTS: dict[str, tuple[str, str]] = {
    "ours: what is not said permits nobody": (
        "자체 규칙: 밝히지 않은 것은 누구에게도 허용되지 않음",
        "独自の規則: 示されないものは誰にも認められない",
    ),
    "ours: no level is compared with one of another policy": (
        "자체 규칙: 다른 정책의 등급과는 비교하지 않음",
        "独自の規則: 他の方針の区分とは比べない",
    ),
}
"""Grounds that are no standard's: Korean, Japanese. Others are cited by their own name."""

PHRASES: dict[str, tuple[str, str, str]] = {
    "states": ("states", "국가", "国"),
    "level": ("level", "등급", "区分"),
    "caveat": ("caveat", "취급 제한", "取扱制限"),
    "one of": ("one of", "다음 중 하나", "次のいずれか"),
    "sharing": ("sharing", "재제공", "再提供"),
    "privileges": ("privileges", "권한", "権限"),
    "statement": ("statement", "문구", "文言"),
    "closed": ("closed", "제공 불가", "提供不可"),
    "who may receive": ("who may receive", "수령할 수 있는 자", "受領できる者"),
    "nothing": ("names no recipient", "수령자를 밝히지 않음", "受領者を示さない"),
    "more": ("and {count} more", "외 {count}건", "ほか{count}件"),
    "refused": (
        "refused: {count} of {total} objects, markings among them, may not go to {party}",
        "거부됨: 표시를 포함한 객체 {total}건 중 {count}건은 {party}에 제공할 수 없음",
        "拒否: 標記を含む対象{total}件のうち{count}件は{party}に提供できない",
    ),
    "refused_tags": (
        "refused: what bears these tags may not go to {party}",
        "거부됨: 이 태그가 붙은 것은 {party}에 제공할 수 없음",
        "拒否: これらのタグの付いたものは{party}に提供できない",
    ),
    "granted": (
        "the markings let all of it go to {party}; they are no ground to send it",
        "표시상 전부 {party}에 제공할 수 있음. 표시는 제공의 근거가 아님",
        "標記の上ではすべて{party}に提供できる。標記は提供の根拠ではない",
    ),
    "away": (
        "{object} may go, and names {names}, which may not",
        "{object}은(는) 제공할 수 있으나 제공할 수 없는 {names}을(를) 가리킴",
        "{object}は提供できるが、提供できない{names}を指す",
    ),
}
"""Words and sentences: English, Korean, Japanese."""

_LANGS = ("en", "ko", "ja")


def phrase(lang: str, key: str, **values: object) -> str:
    """A word or sentence in one language."""
    return PHRASES[key][_LANGS.index(lang)].format(**values)


def rule_text(lang: str, rule: str) -> str:
    """What a rule says."""
    from gsomia.marking.handlingrules import RULES

    return RULES[rule].text if lang == "en" else RULE_TEXTS[rule][_LANGS.index(lang) - 1]


def who_text(lang: str, who: str) -> str:
    """Who can decide."""
    return who if lang == "en" else WHO_TEXTS[who][_LANGS.index(lang) - 1]


def source_text(lang: str, source: str) -> str:
    """A rule's ground."""
    found = SOURCE_TEXTS.get(source)
    return source if lang == "en" or found is None else found[_LANGS.index(lang) - 1]


def told_text(lang: str, told: str) -> str:
    """One thing that a handling says, its field in the user's words."""
    field, _, value = told.partition(": ")
    return f"{phrase(lang, field) if field in PHRASES else field.upper()}: {value}"
