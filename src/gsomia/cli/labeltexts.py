"""The rules of labels in Korean and Japanese. No mark is here."""

from __future__ import annotations

BREACHES: dict[str, tuple[str, str]] = {
    "review_or_succession": (
        "승계가 없는 라벨에는 재검토 일시가 있어야 함.",
        "承継のないラベルには見直しの日時が必要である。",
    ),
    "policy_uri": (
        "정책 식별자의 URI는 urn:oid: 와 객체 식별자임.",
        "方針識別子のURIは urn:oid: とオブジェクト識別子である。",
    ),
    "classification_uri": ("등급에는 URI를 쓰지 않음.", "区分にはURIを用いない。"),
    "category_uri": (
        "범주의 URI는 urn:oid: 와 객체 식별자임.",
        "カテゴリのURIは urn:oid: とオブジェクト識別子である。",
    ),
    "generic_value": (
        "범주에는 일반 값만 씀.",
        "カテゴリには一般の値のみを用いる。",
    ),
    "category_empty": ("범주에는 값이 있어야 함.", "カテゴリには値が必要である。"),
    "old_root": (
        "라벨은 생산자의 것인지, 대체인지, 메타데이터의 것인지를 밝혀야 함.",
        "ラベルは作成者のもの、代替、メタデータのもののいずれかを示す。",
    ),
}
"""By rule: Korean, Japanese. The English words are the rule's own."""


def breach_text(lang: str, rule: str) -> str:
    """What a broken rule says."""
    from gsomia.marking.label.rules import TEXTS

    if lang == "en" or rule not in BREACHES:
        return TEXTS[rule]
    return BREACHES[rule][0 if lang == "ko" else 1]
