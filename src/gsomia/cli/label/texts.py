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
    "critical_unknown": (
        "다른 제작자가 덧붙인 것은 반드시 이해되어야 한다고 밝히지 않아야 함.",
        "他の作成者が加えたものは、必ず理解されるべき旨を示さない。",
    ),
    "old_root": (
        "라벨은 생산자의 것인지, 대체인지, 메타데이터의 것인지를 밝혀야 함.",
        "ラベルは作成者のもの、代替、メタデータのもののいずれかを示す。",
    ),
    "policy_other": (
        "라벨 또는 비밀취급인가는 이 정책의 것이어야 함.",
        "ラベル又は秘密取扱資格はこの方針のものである。",
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


ACCESS: dict[str, tuple[str, str]] = {
    "label_is_of_this_policy": (
        "라벨은 이 정책의 것이다. 다른 정책의 라벨은 먼저 그 정책에 따라 대응시킨다.",
        "ラベルはこの方針のものである。別の方針のラベルは、まずその方針により対応させる。",
    ),
    "clearance_is_of_this_policy": (
        "비밀취급인가는 이 정책의 것이다. 다른 정책에서는 효력이 없다.",
        "秘密取扱資格はこの方針のものである。別の方針の下では効力を持たない。",
    ),
    "label_is_valid": (
        "라벨은 표준과 정책의 어느 규칙에도 어긋나지 않는다.",
        "ラベルは規格及び方針のいずれの規則にも反しない。",
    ),
    "clearance_is_valid": (
        "비밀취급인가는 표준과 정책의 어느 규칙에도 어긋나지 않는다.",
        "秘密取扱資格は規格及び方針のいずれの規則にも反しない。",
    ),
    "clearance_has_no_gap": (
        "비밀취급인가는 열거한 최고 등급 아래의 모든 등급을 열거한다.",
        "秘密取扱資格は、列挙する最高の区分より下の全ての区分を列挙する。",
    ),
    "classification_is_cleared": (
        "비밀취급인가는 라벨의 등급을 열거한다. 더 높은 등급이 이를 대신하지 않는다.",
        "秘密取扱資格はラベルの区分を列挙する。より高い区分はこれに代わらない。",
    ),
    "label_names_who_may_receive": (
        "라벨에 허용 값이 있거나 라벨이 평문이다. 공개 목록이 없으면 아무에게도 제공하지 않는다.",
        "ラベルに許容の値があるか、ラベルが秘密でない。開示先の一覧がなければ誰にも提供しない。",
    ),
    "restrictive_values_are_all_held": (
        "비밀취급인가는 라벨의 제한 값을 모두 갖춘다.",
        "秘密取扱資格はラベルの制限の値を全て備える。",
    ),
    "permissive_value_of_each_group_is_held": (
        "비밀취급인가는 라벨의 허용 묶음마다 적어도 한 값을 갖춘다.",
        "秘密取扱資格は、ラベルの許容の組ごとに少なくとも一つの値を備える。",
    ),
}
"""The rules of the access decision: Korean, Japanese."""

STOPPED: dict[str, tuple[str, str]] = {
    "no_parts": ("전체에는 부분이 있어야 한다.", "全体には部分が必要である。"),
    "several_policies": (
        "모든 부분은 한 정책의 것이어야 한다.",
        "全ての部分は一つの方針のものである。",
    ),
    "several_kinds": (
        "부분의 라벨은 모두 정보의 것이거나 모두 메타데이터의 것이어야 한다.",
        "各部分のラベルは、全て情報のもの、又は全てメタデータのものである。",
    ),
    "part_invalid": (
        "모든 부분의 라벨은 유효하여야 한다.",
        "全ての部分のラベルは有効である。",
    ),
    "part_names_nobody": (
        "비밀인 부분은 모두 누가 받을 수 있는지를 밝혀야 한다.",
        "秘密である部分は全て、誰が受領できるかを示す。",
    ),
    "nothing_in_common": (
        "부분들은 공통된 허용 값을 가져야 한다.",
        "各部分は共通の許容の値を持つ。",
    ),
    "result_invalid": (
        "정책은 전체의 라벨을 허용하여야 한다.",
        "方針は全体のラベルを許す。",
    ),
}
"""Why a whole gets no label: Korean, Japanese."""

LABEL_WHO: dict[str, tuple[str, str]] = {
    "whoever made the label": ("라벨을 작성한 자", "ラベルを作成した者"),
    "whoever issued the clearance": ("비밀취급인가를 발급한 자", "秘密取扱資格を発給した者"),
    "a person who may classify the whole": (
        "전체를 비밀로 지정할 수 있는 사람",
        "全体を秘密に指定することができる者",
    ),
}

LABEL_GROUNDS: dict[str, tuple[str, str]] = {
    "House policy: closed by default": ("자체 정책: 기본은 폐쇄", "自らの方針: 既定は閉鎖"),
    "gsomia: one reading only": ("gsomia: 한 가지로만 읽힘", "gsomia: 読み方は一つ"),
    "gsomia: nothing is guessed": ("gsomia: 추측하지 않음", "gsomia: 推測しない"),
}


def stop_text(lang: str, rule: str) -> str:
    """Why a whole gets no label."""
    from gsomia.marking.label.rollup import STOPS

    return STOPS[rule].text if lang == "en" else STOPPED[rule][0 if lang == "ko" else 1]


def breach_text(lang: str, rule: str) -> str:
    """What a broken rule says."""
    from gsomia.marking.label.rules import RULES

    return RULES[rule].text if lang == "en" else BREACHES[rule][0 if lang == "ko" else 1]
