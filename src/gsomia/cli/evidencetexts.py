"""What verified evidence proves, in Korean and Japanese. The English stands in `evidence.told`."""

from __future__ import annotations

from collections.abc import Mapping

EVIDENCE_PHRASES: dict[str, tuple[str, str]] = {
    "released": (
        "{reference}, {grounds}에 따라 {to}에 제공됨",
        "{reference}は{grounds}により{to}に提供された",
    ),
    "ordered": ("{number}로 {registry}에 송부 지시", "{number}として{registry}への送付を指示"),
    "no_receipt": ("수령증 없음", "受領証は示されていない"),
    "delivered": ("전달 {at}", "{at} に送達"),
    "accepted": ("사본 {copies}부 중 {accepted}부 수락", "写し{copies}部中{accepted}部を受諾"),
    "no_acceptance": ("수락 없음", "受諾は示されていない"),
    "facts_open": ("사실 {facts}건 중 {open}건 공개", "事実{facts}件中{open}件を開示"),
    "entry": (
        "기재 {first} ({kind}): 사실 {facts}건 중 {open}건 공개",
        "記載 {first}({kind}): 事実{facts}件中{open}件を開示",
    ),
    "entries_from": (
        "기재 {first}부터 {count}건 ({kind}): 각각 사실 {facts}건 중 {open}건 공개",
        "記載 {first} から{count}件({kind}): それぞれ事実{facts}件中{open}件を開示",
    ),
    "entries": ("기재 {count}건", "記載{count}件"),
    "checkpoints": ("체크포인트 {count}건", "チェックポイント{count}件"),
    "book": ("{registry}의 장부 {book}, 크기 {size}", "{registry}の帳簿 {book}、大きさ{size}"),
    "cosigned": ("{registry} 공동서명 {at}", "{registry}が {at} に連署"),
    "unknown_lines": (
        "신뢰하는 카드에 없는 키의 서명 {count}행",
        "信頼するカードにない鍵の署名{count}行",
    ),
    "log_alone": (
        "확인된 상대측 공동서명 없음: 이 이력은 작성한 노드의 서명만으로 뒷받침됨",
        "相手方の連署は確認されていない。この履歴を裏付けるのは記録した側の署名だけである",
    ),
    "receipt": (
        "{to}, {sender}의 {number} 수령증에 서명",
        "{to}は{sender}の{number}の受領証に署名した",
    ),
    "conflict": (
        "{to}, {sender}의 {number}와 다른 내용을 보유한다는 진술에 서명",
        "{to}は{sender}の{number}と異なる内容を保有する旨の陳述に署名した",
    ),
    "also": ("추가 문제: {problem}", "ほかの問題: {problem}"),
}


def evidence_texts(lang: str) -> Mapping[str, str]:
    """The phrases of a language."""
    from gsomia.evidence.told import ENGLISH

    if lang == "en":
        return ENGLISH
    at = ("ko", "ja").index(lang)
    return {name: texts[at] for name, texts in EVIDENCE_PHRASES.items()}
