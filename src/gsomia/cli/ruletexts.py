"""The rules' texts in Korean and Japanese; the English text is the rule's own docstring.

A test holds this table against the rules: none missing, none too many.
"""

from __future__ import annotations

RULES: dict[str, tuple[str, str]] = {
    "every_party_consented": (
        "개정에 대한 모든 당사자의 서면 동의가 기록되어 있다.",
        "改正に対するすべての締約国の書面による同意が記録されている。",
    ),
    "partner_told_no_other_text": (
        "상대측이 이 노드와 다른 합의 문안을 보유한다고 알려 온 바 없다.",
        "相手方は、このノードと異なる合意文を保有していると知らせていない。",
    ),
    "policy_does_not_refuse": (
        "근거에 대한 해석이 갈리는 경우에도 이 노드의 정책이 제공을 거부하지 않는다.",
        "根拠についての解釈が分かれる場合にも、このノードの方針は提供を拒否しない。",
    ),
    "policy_asks_for_no_other_route": (
        "근거에 대한 해석이 갈리는 경우에도 이 노드의 정책이 다른 경로를 요구하지 않는다.",
        "根拠についての解釈が分かれる場合にも、このノードの方針は別の経路を求めない。",
    ),
    "contested_ground_was_confirmed": (
        "정책이 요구하는 경우, 다툼이 있는 근거를 한 사람이 더 확인하였다.",
        "方針が求める場合には、争いのある根拠をもう一人が確認した。",
    ),
    "release_is_decided": (
        "두 사람이 제공을 결정하였고 아직 발송되지 않았다.",
        "二人が提供を決定し、まだ発送されていない。",
    ),
    "policy_asks_for_confirmation": (
        "근거에 다툼이 있고, 이 노드의 정책이 한 사람의 확인을 더 요구한다.",
        "根拠に争いがあり、このノードの方針がもう一人の確認を求めている。",
    ),
    "confirmed_by_another_person": (
        "근거를 확인하는 사람은 제공을 요청하지도 결정하지도 않았다.",
        "根拠を確認する者は、提供を要請しておらず、決定もしていない。",
    ),
    "letter_awaits_this_step": (
        "문서가 이 절차를 밟을 수 있는 단계에 있다.",
        "文書が、この手続をとり得る段階にある。",
    ),
    "signed_off_by_another_person": (
        "결재하는 사람은 그 문서를 기안하지 않았고 이미 결재하지도 않았다.",
        "決裁する者は、その文書を起案しておらず、既に決裁してもいない。",
    ),
    "two_people_signed_off": (
        "기안자 이외의 두 사람이 문서를 결재하였다.",
        "起案者以外の二人が文書を決裁した。",
    ),
    "actor_is_appointed": (
        "서명한 사람이 이 시각에 이 행위에 대한 임명장을 보유하고 있다.",
        "署名者が、この時点でこの行為についての任命書を有する。",
    ),
    "carries_a_national_mark": (
        "품목에 자국 체계의 비밀등급 표시가 법령의 표기대로 붙어 있다.",
        "物件に、自国の制度の秘密区分の表示が法令の表記どおりに付されている。",
    ),
    "shows_no_other_mark": (
        "내용물에 표시가 있는 경우, 그중 가장 높은 것이 등록하는 표시와 같다.",
        "内容に表示がある場合、そのうち最も高いものが登録する表示と一致する。",
    ),
    "is_defence_related": (
        "정보가 국방 관련 정보이며 그 주제가 기재되어 있다.",
        "情報が防衛関連のものであり、その主題が記載されている。",
    ),
    "has_a_form_the_treaty_counts": (
        "형태가 정의에 열거된 것이다. 구두 및 시각 정보도 포함된다.",
        "形態が定義に掲げられたものである。口頭及び映像の情報も含まれる。",
    ),
    "content_lies_sealed_here": (
        "등재하는 내용이 등재 담당자가 서명한 그대로 이 노드에 봉인되어 있다.",
        "登録する内容が、登録担当者の署名したとおりこのノードに封印されている。",
    ),
    "more_than_rank_or_clearance": (
        "계급, 직책 또는 비밀취급인가만으로는 누구도 접근할 수 없다.",
        "階級、任命又は秘密取扱資格のみによって接触が認められる者はいない。",
    ),
    "clearance_covers_the_mark": (
        "열람자가 이 시각에 사본의 표시를 포괄하는 비밀취급인가를 보유하고 있다.",
        "閲覧者が、この時点で写しの表示に及ぶ秘密取扱資格を有する。",
    ),
    "duties_require_it": (
        "기록된 알 필요가 이 품목 또는 열람 목적을 포괄한다.",
        "記録された知る必要が、この物件又は閲覧の目的に及ぶ。",
    ),
    "facility_register_names_reader": (
        "사본을 열람하는 시설의 등록부에 열람자가 등재되어 있다.",
        "写しを閲覧する施設の登録簿に閲覧者が記載されている。",
    ),
    "purpose_is_the_one_given": (
        "접수한 품목은 제공된 목적으로만 사용한다.",
        "受領した物件は、提供された目的のためにのみ使用する。",
    ),
    "marked_on_receipt": (
        "사본에 제공 당사자의 국명과 이 당사자의 상응 표시가 붙어 있다.",
        "写しに、提供締約国の国名及び自国の対応する表示が付されている。",
    ),
    "mark_is_current": (
        "원발행자의 등급 변경 가운데 효력이 생겼으나 이행되지 않은 것이 없다.",
        "原提供者による区分変更で、効力が生じながら実施されていないものがない。",
    ),
    "duties_were_explained": (
        "열람자가 협정상 의무에 대한 교육을 받았고 그 효력이 유지되고 있다.",
        "閲覧者が協定上の義務の説明を受けており、その説明が有効である。",
    ),
    "copy_is_held_there": (
        "사본이 열람할 시설에 보관되어 있다.",
        "写しが、閲覧する施設で保管されている。",
    ),
    "content_was_not_destroyed": (
        "품목의 키가 아직 보유되고 있다. 파기된 내용은 되돌아오지 않는다.",
        "物件の鍵がまだ保持されている。破棄された内容は戻らない。",
    ),
    "protection_is_in_force": (
        "접수한 품목은 협정이 종료된 후에도 협정에 따라 계속 보호된다.",
        "受領した物件は、協定の終了後も協定に従って保護される。",
    ),
    "originator_ordered_it": (
        "원발행자가 변경을 서면으로 통보하였다. 보유자는 스스로 표시를 변경하지 않는다.",
        "原提供者が変更を書面で通知した。保有者が独自に表示を変更することはない。",
    ),
    "change_is_in_effect": (
        "원발행자가 정한 등급 변경의 효력 시각이 되었다.",
        "原提供者が定めた区分変更の効力発生時刻が到来している。",
    ),
    "new_mark_corresponds": (
        "새로운 자국 표시가 지시된 표시에 상응한다. 비밀 해제된 품목에는 표시가 없다.",
        "新たな自国の表示が、指示された表示に対応する。秘密解除された物件には表示がない。",
    ),
    "destroyer_is_cleared": (
        "파기하거나 입회하는 사람이 이 시각에 그 품목에 대한 비밀취급인가를 보유하고 있다.",
        "破棄し、又は立ち会う者が、この時点でその物件についての秘密取扱資格を有する。",
    ),
    "witness_is_another_person": (
        "증명서는 제안자와 다른 사람이 서명한다.",
        "証明書には、提案者と別の者が署名する。",
    ),
    "method_prevents_reconstruction": (
        "방법이 품목의 형태에 비추어 복원을 막는 것이다.",
        "方法が、物件の形態に照らして復元を防ぐものである。",
    ),
    "not_under_incident": (
        "조사 중인 품목은 파기하지 않는다.",
        "調査中の物件は破棄しない。",
    ),
    "not_destroyed_before": (
        "같은 것을 두 번 파기하지 않는다.",
        "同じものを二度破棄することはない。",
    ),
    "information_is_defence_related": (
        "협정은 국방 관련 정보에만 적용된다.",
        "協定は防衛関連の情報にのみ適用される。",
    ),
    "mark_is_on_the_list": (
        "표시가 협정이 그 당사자에 대하여 열거한 것이다. 최고 등급은 열거되어 있지 않다.",
        "表示が、協定がその締約国について掲げたものである。最高の区分は掲げられていない。",
    ),
    "recipient_has_a_corresponding_mark": (
        "등급표에 접수 당사자의 상응 표시가 있다. 낮은 등급으로 대응시키지 않는다.",
        "区分表に受領締約国の対応する表示がある。低い区分に読み替えることはない。",
    ),
    "releasable_list_names_recipient": (
        "품목의 제공 가능 목록에 접수 당사자가 있다. 빈 목록은 아무도 없음을 뜻한다.",
        "物件の提供可能一覧に受領締約国がある。空の一覧は誰にも提供できないことを意味する。",
    ),
    "originator_lets_it_go": (
        "당사자는 자신이 생산한 것을 제공한다. 타방의 품목은 원발행자가 동의한 대로만 제공한다.",
        "締約国は自ら作成したものを提供する。他者の物件は原提供者が同意したとおりにのみ提供する。",
    ),
    "third_party_item_names_consent": (
        "발신측이 생산하지 않은 품목에는 원발행자의 동의가 적히고, 다른 품목에는 적히지 않는다.",
        "発信側が作成していない物件には原提供者の同意が記載され、その他の物件には記載されない。",
    ),
    "agreement_permits_transfer": (
        "협정이 이 시각에 새로운 제공에 대하여 의문 없이 효력을 가진다.",
        "協定が、この時点で新たな提供について疑いなく効力を有する。",
    ),
    "purpose_is_stated": (
        "접수 당사자가 품목을 사용할 수 있는 유일한 목적이 제공에 기재되어 있다.",
        "受領締約国が物件を使用できる唯一の目的が、提供に記載されている。",
    ),
    "content_is_still_here": (
        "내용이 아직 보유 중인 키로 봉인되어 이 노드에 있다.",
        "内容が、なお保持されている鍵の下でこのノードにある。",
    ),
    "recipient_assured_clearance": (
        "제공 전에 접수 당사자가 필요한 수준의 비밀취급인가를 보증하였다.",
        "提供に先立ち、受領締約国が必要な水準の秘密取扱資格を保証した。",
    ),
    "recipient_assured_need": (
        "제공 전에 접수 당사자가 공무상 필요를 보증하였다.",
        "提供に先立ち、受領締約国が公務上の必要を保証した。",
    ),
    "recipient_assured_protection": (
        "제공 전에 접수 당사자가 자국법에 따른 실질적으로 동등한 보호를 보증하였다.",
        "提供に先立ち、受領締約国が自国法による実質的に同等の保護を保証した。",
    ),
    "request_awaits_this_step": (
        "요청이 이 행위로 완료되는 단계에 있다.",
        "請求が、この行為で完了する段階にある。",
    ),
    "decided_by_another_person": (
        "결정하는 사람이 제공을 요청하지도, 앞서 결정하지도 않았다.",
        "決定する者は、提供を請求しておらず、先に決定してもいない。",
    ),
    "item_is_the_partners": (
        "이 행위는 접수한 품목을 전달한다. 자국 품목에는 국내 규정이 적용된다.",
        "この行為は受領した物件を渡すものである。自国の物件には国内規則が適用される。",
    ),
    "originator_approved_recipient": (
        "원발행자가 이 수령자를 사전에 서면으로 승인하였고 그 승인이 유효하다.",
        "原提供者がこの受領者を事前に書面で承認し、その承認が有効である。",
    ),
    "originator_approved_purpose": (
        "원발행자가 이 목적을 승인하였다.",
        "原提供者がこの目的を承認した。",
    ),
    "copy_is_fit_to_pass_on": (
        "사본에 현재의 표시가 붙어 있고 아직 존재한다.",
        "写しに現在の表示が付されており、なお存在する。",
    ),
    "agreement_lets_it_in": (
        "품목은 제공이 허용되는 동안에만, 그 밖의 것은 의무가 존속하는 동안 들어올 수 있다.",
        "物件は提供が認められる間のみ、その他のものは義務が存続する間に受け入れられる。",
    ),
    "both_hold_the_same_text": (
        "양측이 당사자, 당국, 조문, 통보 규칙, 등급표로 된 동일한 합의 부분을 보유하고 있다.",
        "双方が、締約国、当局、条文、通告規則及び区分表からなる同一の合意部分を保有する。",
    ),
    "no_lower_number_has_a_newer_text": (
        "이것이 봉인된 합의문보다 나중의 합의문에 따라 이보다 낮은 번호가 도착한 바 없다.",
        "これが封緘された合意文より後の合意文の下で、これより小さい番号は届いていない。",
    ),
    "authority_was_notified": (
        "발신측의 권한 있는 당국이 외교 경로를 통하여 통보되었다.",
        "発信側の権限のある当局が、外交上の経路を通じて通告されている。",
    ),
    "a_person_signed_exactly_this": (
        "사람이 행하여야 하는 경우, 그 사람이 서명한 명령이 도착한 것과 정확히 일치한다.",
        "人が行うべき場合、その者の署名した命令が、届いたものと正確に一致する。",
    ),
    "received_mark_is_on_the_list": (
        "발신측의 표시가 협정에 열거된 것이다. 다른 등급은 대응시키지 않고 거부한다.",
        "発信側の表示が協定に掲げられたものである。他の区分は読み替えずに拒否する。",
    ),
    "chosen_mark_corresponds": (
        "등재 담당자가 상응하는 표시 가운데에서 자국의 표시를 선택하였다.",
        "登録担当者が、対応する表示の中から自国の表示を選択した。",
    ),
    "list_names_us": (
        "품목의 제공 가능 목록에 이 당사자가 있다.",
        "物件の提供可能一覧に自国がある。",
    ),
    "facility_may_hold_it": (
        "시설이 현재 그 표시에 대하여 승인되어 있고 임명된 보관 책임자가 있다.",
        "施設が現在その表示について承認されており、任命された保管責任者がいる。",
    ),
    "not_registered_before": (
        "품목이 아직 등록부에 없다.",
        "物件がまだ登録簿にない。",
    ),
    "only_the_originator_says_this": (
        "원발행자만이 등급을 변경하거나 제3자 또는 다른 목적에 동의한다.",
        "原提供者のみが、区分を変更し、又は第三者若しくは他の目的に同意する。",
    ),
    "only_a_holder_says_this": (
        "품목의 보유자만이 그에 대한 동의를 구하거나 반환하거나 재표시를 보고한다.",
        "物件の保有者のみが、その同意を求め、返還し、又は再表示を報告する。",
    ),
    "subject_is_known": (
        "통보가 지칭하는 품목 또는 요청이 당사자 간에 오간 것이다.",
        "通知が指す物件又は請求が、締約国間でやり取りされたものである。",
    ),
    "question_is_open": (
        "답변은 제기되었으나 아직 답변되지 않은 질의에 대한 것이다.",
        "回答は、提起され、まだ回答されていない照会に対するものである。",
    ),
    "duties_last": (
        "협정상 의무가 존속한다. 협정의 효력 기간 중에, 그리고 제공된 것에 대하여는 그 후에도.",
        "協定上の義務が存続する。協定の有効期間中、及び提供されたものについてはその後も。",
    ),
    "register_says_the_same": (
        "통보가 우리 사본에 대하여 말하는 보유, 반환, 파기가 우리 등록부와 같다.",
        "通知が自国の写しについて述べる保有、返還又は破棄が、自国の登録簿と一致する。",
    ),
    "content_belongs_to_no_other_item": (
        "내용이 다른 번호로 등록부에 있지 않다. 접수한 품목은 제공자의 것으로 남는다.",
        "内容が別の番号で登録簿にない。受領した物件は提供者のものであり続ける。",
    ),
    "copy_is_in_custody": (
        "사본이 이곳에 보관되어 있다.",
        "写しがここで保管されている。",
    ),
    "copies_are_in_custody": (
        "송부할 모든 사본이 이곳에 보관되어 있다. 송부, 분실 또는 파기된 것은 그렇지 않다.",
        "送付するすべての写しがここで保管されている。送付、紛失又は破棄されたものは含まれない。",
    ),
    # Why a mark has no counterpart (`gsomia.marking.equivalence`, `gsomia.agreement.catalogue`).
    "table_in_force": (
        "그 날짜에 효력이 있는 등급표가 없다.",
        "その日に効力を有する区分表がない。",
    ),
    "table_is_known": (
        "이 당사자들의 표시가 이 협정에서 어떻게 상응하는지는 여기에 알려져 있지 않다.",
        "この締約国の表示がこの協定でどのように対応するかは、ここでは知られていない。",
    ),
    "mark_is_listed": (
        "그 문구는 협정이 열거한 표시가 아니다.",
        "その文言は、協定が掲げる表示ではない。",
    ),
    "level_within_agreement": (
        "그 등급은 협정의 적용 범위 밖에 있다.",
        "その区分は協定の適用範囲外である。",
    ),
    "mark_has_counterpart": (
        "등급표에 이 표시에 상응하는 상대 당사자의 표시가 없다.",
        "区分表に、この表示に対応する相手締約国の表示がない。",
    ),
}

WHO: dict[str, tuple[str, str]] = {
    "the parties, in writing": ("당사자들이 서면으로", "締約国が書面で"),
    "another person of the treaty desk": ("조약 담당의 다른 사람", "条約担当の別の者"),
    "another person of the same office": ("같은 기관의 다른 사람", "同じ機関の別の者"),
    "the office that drafts it": ("기안하는 기관", "起案する機関"),
    "two persons of the same office": ("같은 기관의 두 사람", "同じ機関の二人"),
    "another cleared officer": ("비밀취급인가를 받은 다른 담당관", "秘密取扱資格を有する別の職員"),
    "another disclosure officer": ("다른 공개 담당관", "別の開示担当官"),
    "custodian of the facility": ("시설의 보관 책임자", "施設の保管責任者"),
    "disclosure officer": ("공개 담당관", "開示担当官"),
    "holding party": ("보유 당사자", "保有締約国"),
    "national disclosure authority": ("국가 공개 당국", "国の開示当局"),
    "originating party": ("제공 당사자", "提供締約国"),
    "originating party's disclosure officer": (
        "제공 당사자의 공개 담당관",
        "提供締約国の開示担当官",
    ),
    "originating party, by prior written approval": (
        "사전 서면 승인에 의한 제공 당사자",
        "事前の書面による承認を行う提供締約国",
    ),
    "originating party, by written consent": (
        "서면 동의에 의한 제공 당사자",
        "書面による同意を行う提供締約国",
    ),
    "originating party, who may send it again": (
        "다시 송부할 수 있는 제공 당사자",
        "再送することができる提供締約国",
    ),
    "originator's classification authority": (
        "원발행자의 비밀 분류 당국",
        "原提供者の秘密指定権者",
    ),
    "recipient's competent authority": (
        "접수 당사자의 권한 있는 당국",
        "受領締約国の権限のある当局",
    ),
    "registrar": ("등재 담당자", "登録担当者"),
    "registrar or security authority": ("등재 담당자 또는 보안 당국", "登録担当者又は保全責任者"),
    "requester": ("요청자", "請求者"),
    "security authority": ("보안 당국", "保全責任者"),
    "security authority, by closing the incident": (
        "사건을 종결함으로써 보안 당국",
        "事案を終結させることによる保全責任者",
    ),
    "sending registry": ("발신 등록소", "発信側の登録所"),
    "treaty desk": ("조약 담당 부서", "条約担当部署"),
    "the originator's registry: ask it to mark the item again": (
        "원발행자의 등록소: 품목의 재표시를 요청할 것",
        "原提供者の登録所: 物件の再表示を求めること",
    ),
    "the originator's disclosure authority, after consultation between the competent authorities": (
        "권한 있는 당국 간 협의를 거친 원발행자의 공개 당국",
        "権限のある当局間の協議を経た原提供者の開示当局",
    ),
    "the competent authorities of both parties, by consultation": (
        "협의에 의한 양 당사자의 권한 있는 당국",
        "協議による両締約国の権限のある当局",
    ),
    "the treaty desk: say which table was in force on that date": (
        "조약 담당 부서: 그 날짜에 효력이 있던 등급표를 밝힐 것",
        "条約担当部署: その日に効力を有した区分表を示すこと",
    ),
}
"""Who can decide, by the English words of the rules."""

ARTICLES: dict[str, tuple[str, str]] = {
    "House policy: contested ground": (
        "자체 정책: 다툼 있는 근거",
        "自らの方針: 争いのある根拠",
    ),
    "Desk practice: letters": ("조약 담당 실무: 문서", "条約担当の実務: 文書"),
    "Desk practice: two persons": ("조약 담당 실무: 2인", "条約担当の実務: 二人"),
    "Appendix B": ("부록 B", "付録B"),
    "Originator control": ("원발행자 통제", "原提供者による管理"),
    "no article known": ("알려진 조문 없음", "知られている条文なし"),
    "Registry practice": ("등록소 실무", "登録所の実務"),
    "Registry practice: letters of appointment": ("등록소 실무: 임명장", "登録所の実務: 任命書"),
    "Registry practice: personal acts": ("등록소 실무: 본인의 행위", "登録所の実務: 本人の行為"),
    "Registry practice: two persons": ("등록소 실무: 2인", "登録所の実務: 二人"),
}
"""Grounds that are no article; articles are spelt by their numbers."""
