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
    "policy_other": (
        "라벨 또는 인가는 이 정책의 것이어야 함.",
        "ラベル又はクリアランスはこの方針のものである。",
    ),
    "policy_name": (
        "이 객체 식별자의 정책은 다른 이름임.",
        "このオブジェクト識別子の方針は別の名称である。",
    ),
    "policy_oid": (
        "이 이름의 정책은 다른 객체 식별자임.",
        "この名称の方針は別のオブジェクト識別子である。",
    ),
    "policy_period": ("정책은 그 시각에 유효하여야 함.", "方針はその時点で有効である。"),
    "classification_unknown": (
        "등급은 정책에 있는 것이어야 함.",
        "区分は方針にあるものである。",
    ),
    "classification_obsolete": (
        "새 라벨에는 폐지된 등급을 쓰지 않음.",
        "新しいラベルには廃止された区分を用いない。",
    ),
    "classification_required": (
        "등급이 요구하는 범주가 있어야 함.",
        "区分が求めるカテゴリが必要である。",
    ),
    "tag_set_unknown": (
        "태그 집합은 정책에 있는 것이어야 함.",
        "タグ集合は方針にあるものである。",
    ),
    "tag_set_name": (
        "이 객체 식별자의 태그 집합은 다른 이름임.",
        "このオブジェクト識別子のタグ集合は別の名称である。",
    ),
    "tag_set_oid": (
        "이 이름의 태그 집합은 다른 객체 식별자임.",
        "この名称のタグ集合は別のオブジェクト識別子である。",
    ),
    "tag_set_sense": (
        "태그 집합에는 이 유형의 값이 있어야 함.",
        "タグ集合にはこの種類の値がある。",
    ),
    "tag_set_once": (
        "태그 집합은 유형마다 한 번만 씀.",
        "タグ集合は種類ごとに一度だけ用いる。",
    ),
    "value_unknown": (
        "값은 태그 집합에 있는 것이어야 함.",
        "値はタグ集合にあるものである。",
    ),
    "value_once": ("값은 한 번만 씀.", "値は一度だけ用いる。"),
    "value_obsolete": (
        "새 라벨에는 폐지된 값을 쓰지 않음.",
        "新しいラベルには廃止された値を用いない。",
    ),
    "value_period": (
        "값은 그 시각에 유효 기간 안에 있어야 함.",
        "値はその時点で有効期間内にある。",
    ),
    "value_class": (
        "값은 등급과 함께 쓸 수 있는 것이어야 함.",
        "値は区分とともに用いることができるものである。",
    ),
    "value_excluded": (
        "값이 배제하는 범주를 함께 쓰지 않음.",
        "値が排除するカテゴリをともに用いない。",
    ),
    "value_required": (
        "값이 요구하는 범주가 있어야 함.",
        "値が求めるカテゴリが必要である。",
    ),
    "selection_most": (
        "태그의 값은 정책이 허용하는 수를 넘지 않음.",
        "タグの値は方針が許す数を超えない。",
    ),
    "selection_least": (
        "태그의 값은 정책이 요구하는 수에 미달하지 않음.",
        "タグの値は方針が求める数を下回らない。",
    ),
}
"""By rule: Korean, Japanese. The English words are the rule's own."""


def breach_text(lang: str, rule: str) -> str:
    """What a broken rule says."""
    from gsomia.marking.label.rules import POLICY_TEXTS, TEXTS

    if lang == "en" or rule not in BREACHES:
        return TEXTS[rule] if rule in TEXTS else POLICY_TEXTS[rule]
    return BREACHES[rule][0 if lang == "ko" else 1]
