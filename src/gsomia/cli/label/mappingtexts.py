"""What is in the way of a mapping, in Korean and Japanese, and labels of its screen.

The English texts are the rules' own (`gsomia.marking.label.alternative`); a test holds both
against each other. Blanks are filled with what the rule saw. No mark is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gsomia.cli.label.texts import breach_text

if TYPE_CHECKING:
    from gsomia.marking.label.alternative import Obstacle

MAP_OBSTACLES: dict[str, tuple[str, str]] = {
    "label_is_originators": (
        "생산자의 라벨만 대응시킨다. 이것은 {root}이다.",
        "対応付けるのは作成者のラベルのみである。これは{root}である。",
    ),
    "label_is_valid": ("{where}: {said}", "{where}: {said}"),
    "policy_is_equivalent": (
        "{source}에는 객체 식별자가 {oid}인 대응 정책 {policy}이(가) 없다.",
        "{source}には、オブジェクト識別子が{oid}である対応方針{policy}がない。",
    ),
    "classification_has_equivalent": (
        "{what}에 대응하는 것이 {policy}에 없다(applied: {applied}).",
        "{what}に対応するものが{policy}にない（applied: {applied}）。",
    ),
    "category_has_equivalent": (
        "{what}에 대응하는 것이 {policy}에 없다(applied: {applied}).",
        "{what}に対応するものが{policy}にない（applied: {applied}）。",
    ),
    "text_has_equivalent": (
        "{what}은(는) 자유롭게 입력된 것으로, 무엇에 대응하는지 어느 정책도 말할 수 없다.",
        "{what}は自由に入力されたもので、何に対応するかをどの方針も示せない。",
    ),
    "equivalent_exists": (
        "{policy}의 어느 값인지 확실하지 않은 참조: {count}",
        "{policy}のどの値か確かでない参照: {count}",
    ),
    "required_is_certain": (
        "대응이 여러 범주 가운데 하나를 요구하면서 어느 것인지 밝히지 않는다.",
        "対応が複数のカテゴリのうち一つを求めながら、どれかを示していない。",
    ),
    "one_equivalent": (
        "{what}에 대응하는 것이 {policy}에 {count}개 있다. 사람이 고른다.",
        "{what}に対応するものが{policy}に{count}個ある。人が選ぶ。",
    ),
    "alternative_is_valid": ("{where}: {said}", "{where}: {said}"),
    "one_originator_label": (
        "생산자의 것이라고 하는 라벨: {count}",
        "作成者のものと称するラベル: {count}",
    ),
    "label_of_own_policy": (
        "정책 {policy}의 라벨이 여기에 없다.",
        "方針{policy}のラベルがここにない。",
    ),
}
"""By rule: Korean, Japanese."""

MAP_WHO: dict[str, tuple[str, str]] = {
    "the originator's registry: ask it for a label that can be used here": (
        "생산자의 등록소. 여기서 쓸 수 있는 라벨을 요청할 것",
        "作成者の登録所。ここで用いることのできるラベルを求めること",
    ),
    "the owners of both policies: their files must say what the label equals": (
        "두 정책의 소유자. 라벨이 무엇에 대응하는지 정책 파일에 밝혀야 함",
        "両方針の所有者。ラベルが何に対応するかを方針のファイルに示すこと",
    ),
    "a person at the registry that maps: choose by the agreement and national rules": (
        "대응시키는 등록소의 담당자. 협정과 국내 규정에 따라 고를 것",
        "対応付けを行う登録所の担当者。協定と国内規則に従って選ぶこと",
    ),
}
"""Who can decide: Korean, Japanese. Others stand in `gsomia.cli.ruletexts`."""

MAP_LABELS: dict[str, tuple[str, str, str]] = {
    "discarded": ("discarded by its policy", "정책에 따라 버려진 것", "方針により捨てられたもの"),
    "left": ("not carried over", "옮기지 않은 것", "引き継がないもの"),
    "marking": ("marking", "라벨의 표시", "ラベルの表示"),
    "markings": ("markings", "라벨의 표시 목록", "ラベルの表示一覧"),
    "options": ("options", "고를 수 있는 것", "選択肢"),
    "original_marking": ("marking of the original", "원래 표시", "元の表示"),
    "original_policy": ("policy of the original", "원래 정책", "元の方針"),
}


def obstacle_text(lang: str, obstacle: Obstacle) -> str:
    """What is in the way."""
    if lang == "en":
        return f"{obstacle.text}."
    at = 0 if lang == "ko" else 1
    breach = obstacle.saw.get("breach")
    said = breach_text(lang, breach) if breach else ""
    return MAP_OBSTACLES[obstacle.rule][at].format(said=said, **obstacle.saw)
