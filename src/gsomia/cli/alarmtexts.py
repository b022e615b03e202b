"""What a person must look at, and why a proof fails, in Korean and Japanese.

Both are told in parts, with a colon between them: where, what, and what came. Each part is
looked up by the library's own English, `{}` for a value, which stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from gsomia.cli.faulttexts import fault_text

LANGS = ("en", "ko", "ja")

ALARM_KINDS: dict[str, tuple[str, str, str]] = {
    "gap": ("a gap in the numbers", "번호의 공백", "番号の欠け"),
    "conflict": ("other bytes under one number", "같은 번호의 다른 내용", "同じ番号の別の内容"),
    "rejected": ("not verified", "검증되지 않음", "検証されない"),
    "loss": ("loss or compromise", "분실 또는 누설", "紛失又は漏えい"),
    "card ends": ("this node's card ends", "이 노드의 카드 만료", "このノードのカードの満了"),
    "delivery conflict": (
        "the partner holds other bytes",
        "상대측이 다른 내용을 보유",
        "相手方が別の内容を保有",
    ),
    "delivery refused": (
        "the partner refused it",
        "상대측이 거부함",
        "相手方が拒否した",
    ),
    "not heeded": ("a notice not heeded", "이행되지 않은 통보", "履行されない通知"),
    "history rewritten": ("a rewritten history", "다시 쓰인 이력", "書き換えられた履歴"),
    "history inconsistent": ("an inconsistent history", "일치하지 않는 이력", "整合しない履歴"),
}
"""What kind of thing, in English, Korean and Japanese."""

PARTS: dict[str, tuple[str, str]] = {
    # Alarms.
    "a transmittal whose number cannot be trusted": (
        "번호를 믿을 수 없는 송부",
        "番号を信頼できない送付",
    ),
    "number {} missing although later ones arrived": (
        "뒤의 번호는 도착했으나 {}번이 없음",
        "後の番号は届いたが{}番がない",
    ),
    "other bytes under a number already used": (
        "이미 쓰인 번호로 다른 내용이 옴",
        "既に使われた番号で別の内容が届いた",
    ),
    "the partner's node answered": ("상대측 노드의 응답", "相手方のノードの応答"),
    "{} is not heeded": ("{}: 이행되지 않음", "{}: 履行されない"),
    "what was cancelled had arrived there": (
        "취소한 것이 이미 상대측에 도착해 있었음",
        "取り消したものが既に相手方に届いていた",
    ),
    "other bytes are held": ("다른 내용을 보유함", "別の内容を保有している"),
    "not from a trusted partner": (
        "신뢰하는 상대에게서 오지 않음",
        "信頼する相手からのものではない",
    ),
    "the partner reports a loss or compromise, actual or possible ({})": (
        "상대측이 실제의 또는 가능한 분실·누설을 알림 ({})",
        "相手方が実際の又は可能性のある紛失・漏えいを通報した ({})",
    ),
    "card {} of this node counts until {}": (
        "이 노드의 카드 {}은(는) {}까지 유효함",
        "このノードのカード{}は{}まで有効",
    ),
    "order a rotation": ("교체를 지시할 것", "更新を指示すること"),
    "the log signed two different trees of size {}": (
        "같은 크기 {}의 서로 다른 두 트리에 서명함",
        "同じ大きさ{}の異なる二つの木に署名した",
    ),
    # Where.
    "transmittal": ("송부", "送付"),
    "statement": ("명세", "明細"),
    "receipt": ("수령증", "受領証"),
    "key part": ("키 부분", "鍵の部分"),
    "cover": ("표지", "表紙"),
    "sealed item": ("봉인된 품목", "封印された物件"),
    "item {}": ("품목 {}", "物件{}"),
    "key of item {}": ("품목 {}의 키", "物件{}の鍵"),
    "wrapped key of item {}": ("품목 {}의 포장된 키", "物件{}の包まれた鍵"),
    "officer certificate": ("담당자 인증서", "担当者の証明書"),
    # Why a proof fails.
    "the sections are not those the header names": (
        "구성 부분이 머리말에 적힌 것과 다름",
        "構成部分が見出しに記されたものと異なる",
    ),
    "does not open": ("열리지 않음", "開かない"),
    "it succeeds another card": ("다른 카드를 잇는 것임", "別のカードを継ぐもの"),
    "it is for another registry": ("다른 등록소의 것임", "別の登録所のもの"),
    "it is not in force at this time": ("이 시각에 유효하지 않음", "この時点で有効でない"),
    "the node's own key stands for a person": (
        "노드 자신의 키가 사람을 대신함",
        "ノード自身の鍵が人に代わっている",
    ),
    "the receipt is for another transmittal": (
        "다른 송부의 수령증임",
        "別の送付の受領証である",
    ),
    "the receipt is for other bytes than were sent": (
        "보낸 것과 다른 내용의 수령증임",
        "送ったものと異なる内容の受領証である",
    ),
    "the key is not the one the statement commits to": (
        "키가 명세가 약속한 것이 아님",
        "鍵が明細の約束したものではない",
    ),
    "is not the one the statement commits to": (
        "명세가 약속한 것이 아님",
        "明細の約束したものではない",
    ),
    "the size is not the one the statement gives": (
        "크기가 명세에 적힌 것과 다름",
        "大きさが明細に記されたものと異なる",
    ),
    "the digest is not the one the statement gives": (
        "다이제스트가 명세에 적힌 것과 다름",
        "ダイジェストが明細に記されたものと異なる",
    ),
    "is not the file the statement lists": (
        "명세에 적힌 파일이 아님",
        "明細に記されたファイルではない",
    ),
    "cut short": ("도중에 끊김", "途中で切れている"),
    "longer than the statement says": ("명세보다 긺", "明細より長い"),
    "names a node card that is not trusted here": (
        "이곳에서 신뢰하지 않는 노드 카드를 가리킴",
        "ここで信頼していないノードカードを指す",
    ),
    "is sealed to a key this node does not hold (any more)": (
        "이 노드가 갖고 있지 않은 (또는 더 이상 없는) 키로 봉인됨",
        "このノードが持たない (又はもう持たない) 鍵で封印されている",
    ),
    "opens under no agreement with this sender, or was altered": (
        "이 발신자와의 어느 협정으로도 열리지 않거나 변경됨",
        "この発信者とのどの協定でも開かないか、変更されている",
    ),
    "lists another number of items than it carries": (
        "실은 품목 수가 적힌 수와 다름",
        "載せた物件の数が記された数と異なる",
    ),
}
"""By their English, in Korean and in Japanese."""


def in_words(lang: str, alarm: Mapping[str, Any]) -> dict[str, Any]:
    """An alarm's row with its kind and text in the user's words, under `alarm` and `text`."""
    what = str(alarm["what"])
    kind = ALARM_KINDS[what][LANGS.index(lang)] if what in ALARM_KINDS else what
    row = {name: value for name, value in alarm.items() if name != "what"}
    return row | {"alarm": kind, "text": told_in_parts(lang, str(alarm["text"]))}


def told_in_parts(lang: str, text: str) -> str:
    """An alarm or a failed proof, part by part; English where a part has no other."""
    if lang == "en":
        return text
    return ": ".join(_part(lang, part) for part in text.split(": "))


def _part(lang: str, part: str) -> str:
    for pattern, english in _patterns():
        if found := pattern.fullmatch(part):
            return PARTS[english][0 if lang == "ko" else 1].format(*found.groups())
    return fault_text(lang, part)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    made = (re.escape(text).replace(re.escape("{}"), "(.+)") for text in PARTS)
    return tuple((re.compile(one), text) for one, text in zip(made, PARTS, strict=True))
