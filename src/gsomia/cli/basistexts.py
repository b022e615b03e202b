"""The conditions of a legal basis in Korean and Japanese, and labels of its screen.

The English text is the rule's own (`gsomia.agreement.basis.rules`); a test holds the two
against each other. Blanks are filled with what the condition saw. No mark is here.
"""

from __future__ import annotations

CONDITIONS: dict[str, dict[str, str]] = {
    "some_agreement_is_known": {
        "ko": "{sender}와(과) {receiver}이(가) 함께 당사자인 협정은 여기에 알려져 있지 않다.",
        "ja": "{sender}と{receiver}がともに締約国である協定は、ここでは知られていない。",
    },
    "instrument_binds_in_law": {
        "ko": "{agreement}은(는) 조약이 아니다. {sender}에서 {receiver}(으)로 직접 제공할 "
        "근거가 되지 않는다.",
        "ja": "{agreement}は条約ではない。{sender}から{receiver}への直接の提供の根拠とはならない。",
    },
    "text_was_signed": {
        "ko": "{agreement}은(는) 서명된 적이 없으므로 발효된 적이 없다.",
        "ja": "{agreement}は署名されたことがなく、発効したことがない。",
    },
    "entry_into_force_is_known": {
        "ko": "{agreement}이(가) 언제 발효하였는지는 여기에 알려져 있지 않다.",
        "ja": "{agreement}がいつ発効したかは、ここでは知られていない。",
    },
    "treaty_has_begun": {
        "ko": "{agreement}은(는) {since}부터 비로소 효력을 가진다.",
        "ja": "{agreement}は{since}から初めて効力を有する。",
    },
    "instant_is_certain": {
        "ko": "{agreement}이(가) 이 시각에 효력을 가지는지 확실하지 않다. 이를 결정하는 시각은 "
        "{earliest}에서 {latest} 사이이다.",
        "ja": "{agreement}がこの時点で効力を有するかは確かでない。これを決める時点は{earliest}から"
        "{latest}の間にある。",
    },
    "treaty_has_not_ended": {
        "ko": "{agreement}은(는) 종료되었다. 접수한 것은 계속 보호되며 새로운 것은 보내지 않는다.",
        "ja": "{agreement}は終了した。受領したものは引き続き保護され、新たなものは送付されない。",
    },
    "end_is_known": {
        "ko": "{agreement}은(는) 종료되었으나 그 날은 여기에 알려져 있지 않다.",
        "ja": "{agreement}は終了したが、その日はここでは知られていない。",
    },
    "treaty_was_not_replaced": {
        "ko": "{agreement}은(는) {successor}(으)로 대체되었다.",
        "ja": "{agreement}は{successor}に代わられた。",
    },
    "subject_is_within_scope": {
        "ko": "주제 {subject}은(는) {agreement}의 적용 범위에 들지 않는다: {scope}.",
        "ja": "主題 {subject} は{agreement}の適用範囲に入らない: {scope}。",
    },
    "information_is_defence_related": {
        "ko": "협정은 국방 관련 정보에만 적용된다.",
        "ja": "協定は防衛関連の情報にのみ適用される。",
    },
    "route_passes_the_hub": {
        "ko": "{agreement}에 따라 {hub}을(를) 경유하며 각 구간에 별도의 조약이 있다.",
        "ja": "{agreement}に従い{hub}を経由し、各区間に別の条約がある。",
    },
    "holding_is_accounted_for": {
        "ko": "{originator}이(가) 생산한 것을 {holder}이(가) 어떻게 보유하게 되었는지 여기에 "
        "알려져 있지 않다. 그 표시와 의무를 정한 양자 간 조약이 없다.",
        "ja": "{originator}が作成したものを{holder}がどのように保有するに至ったかは、ここでは"
        "知られていない。その表示と義務を定める両者間の条約がない。",
    },
    "originator_consents": {
        "ko": "{sender}이(가) 이 목적으로 {recipient}에 주는 것에 {by}이(가) 사전에 서면으로 "
        "동의한다.",
        "ja": "{sender}がこの目的で{recipient}に渡すことに、{by}が事前に書面で同意する。",
    },
    "provider_consents": {
        "ko": "{sender}에 제공한 {by}이(가) {recipient}이(가) 이 목적으로 갖는 것에 사전에 "
        "서면으로 동의한다.",
        "ja": "{sender}に提供した{by}が、{recipient}がこの目的で有することに、事前に書面で"
        "同意する。",
    },
    "third_party_rule_is_known": {
        "ko": "{agreement}이(가) 제3자에 대하여 정한 바는 여기에 알려져 있지 않다. 알려질 때까지 "
        "{sender}은(는) 그에 따라 접수한 것을 전달하지 않는다.",
        "ja": "{agreement}が第三者について定めるところは、ここでは知られていない。知られるまで"
        "{sender}はこれに基づき受領したものを渡さない。",
    },
    "level_was_not_left_out": {
        "ko": "{agreement}은(는) {originator}와(과) {recipient} 사이에서 이 등급을 제외한다. 다른 "
        "경로로 주려면 이에 대한 원발행자의 의사가 필요하다.",
        "ja": "{agreement}は{originator}と{recipient}の間でこの区分を除外する。別の経路で渡すには"
        "これについての原提供者の意思を要する。",
    },
    "chosen_mark_has_counterpart": {
        "ko": "{sender}을(를) 떠날 때 다음 표시 중 하나가 붙어 있다: {marks}. 다른 가능한 표시는 "
        "{agreement}에 상응하는 것이 없다.",
        "ja": "{sender}を離れる際、次の表示のいずれかが付されている: {marks}。その他のあり得る"
        "表示には{agreement}に対応するものがない。",
    },
    "purpose_is_limited": {
        "ko": "{receiver}은(는) 기재된 목적으로만 사용한다.",
        "ja": "{receiver}は記載された目的のためにのみ使用する。",
    },
}
"""By rule and language."""

BASIS_WHO: dict[str, tuple[str, str]] = {
    "both governments, by a treaty between them": (
        "양국 간 조약에 의한 두 정부",
        "両国間の条約による両政府",
    ),
    "providing party, by prior written approval": (
        "사전 서면 승인에 의한 제공 당사자",
        "事前の書面による承認を行う提供締約国",
    ),
}
"""Who can meet a condition, beside those of `ruletexts.WHO`."""

BASIS_LABELS: dict[str, tuple[str, str, str]] = {
    "already_done": ("made earlier", "이미 이루어짐", "既に行われた"),
    "condition_met": ("met", "충족", "充足"),
    "condition_missing": ("MISSING", "미충족", "未充足"),
    "holder": ("holder", "보유자", "保有者"),
    "not_permitted": ("not permitted", "허용되지 않음", "認められない"),
    "not_this_way": ("not this way", "이 경로는 불가", "この経路は不可"),
    "permitted": ("permitted", "허용됨", "認められる"),
    "permitted_if": (
        "permitted only if what is missing is met",
        "미충족 조건이 충족되어야 허용됨",
        "未充足の条件が満たされた場合に限り認められる",
    ),
    "rests_unread": (
        "rests on facts nobody has fully read",
        "원문을 다 확인하지 못한 사실에 근거함",
        "原文を確認し終えていない事実による",
    ),
    "route_direct": ("direct", "직접", "直接"),
    "route_hub": ("through the hub", "경유 기관을 통하여", "経由機関を通じて"),
    "route_onward": ("onward by consent", "동의에 의한 전달", "同意による転送"),
}
"""By name, in the order of `words.LANGS`."""

BASIS_NOTES: dict[str, tuple[str, str]] = {
    "How long it lasts, and that it has not ended since, is not known here.": (
        "유효 기간과 그 후 종료되지 않았다는 사실은 여기에 알려져 있지 않다.",
        "有効期間と、その後終了していないことは、ここでは知られていない。",
    ),
    "Whether anybody has given notice since is not recorded here.": (
        "그 후 종료 통보가 있었는지는 여기에 기록되어 있지 않다.",
        "その後終了通告があったかは、ここには記録されていない。",
    ),
}
"""Notes on a leg that the catalogue alone tells of, by their English text."""
