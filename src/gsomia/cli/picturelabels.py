"""Labels of pictures, in English, Korean and Japanese. No text of a treaty and no mark is here."""

from __future__ import annotations

PICTURE_LABELS: dict[str, tuple[str, str, str]] = {
    "at_once": ("at once", "즉시", "直ちに"),
    "contested": ("contested", "다툼 있음", "争いあり"),
    "contested_long": (
        "contested: the readings differ on the ground",
        "다툼 있음: 해석에 따라 근거가 다름",
        "争いあり: 解釈により根拠が異なる",
    ),
    "held_by": ("held by", "취하는 쪽:", "とる側:"),
    "held_by_none": ("held by no party", "취하는 당사자 없음", "とる締約国なし"),
    "instrument_amendment": ("amendment", "개정", "改正"),
    "instrument_announcement": ("announcement", "발표", "発表"),
    "instrument_arrangement": ("arrangement", "약정", "取決め"),
    "instrument_decision": ("decision", "결정", "決定"),
    "instrument_event": ("event", "사실", "事実"),
    "instrument_initialled_text": ("initialled text", "가서명 문안", "仮署名された文案"),
    "instrument_inter_ministry_letter": (
        "letter between ministries",
        "부처 간 공문",
        "省庁間の文書",
    ),
    "instrument_meeting": ("meeting", "회의", "会合"),
    "instrument_notice_of_termination": ("notice of termination", "종료 통보", "終了通告"),
    "instrument_notification_of_requirements": (
        "notification of requirements",
        "국내 요건 충족 통보",
        "国内要件の充足の通告",
    ),
    "instrument_signed_text": ("signed text", "서명 문안", "署名された文案"),
    "instrument_suspension_of_notice": (
        "suspension of a notice",
        "통보의 효력 정지",
        "通告の効力停止",
    ),
    "instrument_withdrawal": ("withdrawal", "철회", "撤回"),
    "moves_status": (
        "instrument that moves the status",
        "지위를 움직이는 문서",
        "地位を動かす文書",
    ),
    "moves_no_status": (
        "any other",
        "그 밖의 문서",
        "その他の文書",
    ),
    "no_instruments": (
        "No instrument in this span.",
        "이 기간에 문서가 없음.",
        "この期間に文書はない。",
    ),
    "outside_span": (
        "instruments outside the span",
        "기간 밖의 문서",
        "期間外の文書",
    ),
    "picture_reading": (
        (
            "From the record, by each reading of the final clause; no reading is law. Times are "
            "in the agreement's offset. Where an instant is known only within bounds, the more "
            "cautious answer is drawn. Days ahead: if nothing more happens."
        ),
        (
            "기록과 최종 조항의 각 해석에 따름; 어느 해석도 법이 아님. 시각은 협정의 시차에 따름. "
            "시각이 범위로만 알려진 경우 더 신중한 답을 그렸음. 앞날은 더 이상의 일이 없는 경우."
        ),
        (
            "記録と最終条項の各解釈による。いずれの解釈も法ではない。時刻は協定の時差による。"
            "時刻が範囲でしか知られていない場合は、より慎重な答えを描いた。将来については、これ以上何も起きない場合。"
        ),
    ),
    "shared_answer": (
        "shared answer of the held readings",
        "당사자들이 취하는 해석의 공통된 답",
        "締約国がとる解釈に共通の答え",
    ),
    "timeline": ("timeline", "연표", "年表"),
}
"""By name, in the order of `words.LANGS`; beside those of `labels` and `desklabels`."""
