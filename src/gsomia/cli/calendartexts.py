"""What a calendar file says, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gsomia.agreement.deadlines import Wording

# By the fields of `gsomia.agreement.deadlines.Wording`, whose own values are the English.
_TEXTS: dict[str, dict[str, str | tuple[str, str, str]]] = {
    "ko": {
        "name": "{agreement}: 조약 담당 부서가 지켜야 할 날",
        "what": ("통보 마지막 날", "00:00에 다음 기간으로 자동 연장", "00:00에 종료"),
        "summary": "{agreement}: {what} (해석 {readings})",
        "counted": "날짜는 UTC{offset} 기준이며, 더 이상 아무 일이 없을 때의 날이다.",
        "reading": "해석 {reading}: {title}",
        "unheld": "; 이 해석을 취하는 당사자 없음",
        "in_part": "; 일부 확인됨",
        "unverified": "; 확인되지 않음",
    },
    "ja": {
        "name": "{agreement}: 条約担当が守るべき日",
        "what": ("通告の最終日", "00:00に次の期間へ自動延長", "00:00に終了"),
        "summary": "{agreement}: {what}(解釈{readings})",
        "counted": "日はUTC{offset}で数え、その後何も起こらない場合のものである。",
        "reading": "解釈{reading}: {title}",
        "unheld": "; この解釈を取る締約国なし",
        "in_part": "; 一部確認済み",
        "unverified": "; 未確認",
    },
}


def wording(lang: str) -> Wording:
    """The words of a calendar in a language of `gsomia.cli.words.LANGS`."""
    import msgspec

    from gsomia.agreement.deadlines import ENGLISH

    return msgspec.structs.replace(ENGLISH, **_TEXTS.get(lang, {}))
