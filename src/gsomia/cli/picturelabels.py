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
    "web": ("web of agreements", "협정의 관계도", "協定の関係図"),
    "web_in_force": (
        "treaty whose day of force is known and reached",
        "발효일이 알려지고 도래한 조약",
        "発効日が知られ到来した条約",
    ),
    "web_later": ("later than this day", "이 날보다 나중", "この日より後"),
    "web_many": (
        "more than two parties; heavy: through its hub; (+n): parties named only here",
        "당사자 셋 이상; 굵은 선: 경유 기관; (+n): 여기에만 있는 당사자",
        "三者以上; 太線: 経由機関; (+n): ここだけの締約国",
    ),
    "web_no_force": (
        "treaty without such a day",
        "발효일이 알려지지 않았거나 도래하지 않은 조약",
        "発効日が知られていない、または未到来の条約",
    ),
    "web_no_treaty": (
        "no treaty: arrangement, policy, rules",
        "조약 아님: 약정, 방침, 규칙",
        "条約ではない: 取決め、方針、規則",
    ),
    "web_note": (
        "From the catalogue, as far as it knows: to read, never a ground for a transfer.",
        "목록에 알려진 만큼: 열람을 위한 것이며 제공의 근거가 되지 않음.",
        "目録で知られる限り。閲覧のためのもので、提供の根拠にはならない。",
    ),
    "web_only_here": ("only here", "여기에만", "ここだけ"),
    "web_over": ("never signed, or ended", "서명되지 않음 또는 종료됨", "署名なし、または終了"),
    "web_since": ("entry into force", "발효일", "発効日"),
}
"""By name, in the order of `words.LANGS`; beside those of `labels` and `desklabels`."""
