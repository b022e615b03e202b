"""What a field may hold from a closed list - a state, a kind, a role - in Korean and Japanese.

In English such a value is shown as it is: these are the words that the commands take.
"""

from __future__ import annotations

FIELDS = frozenset(
    {
        *("state", "kind", "what", "role", "form", "channel", "recipient_kind", "roles"),
        "may_be_answered_by",
    }
)
"""The fields whose values are told in the user's language."""

VALUES: dict[str, tuple[str, str]] = {
    # Roles.
    "security_authority": ("보안 당국", "保全責任者"),
    "registrar": ("등재 담당자", "登録担当者"),
    "disclosure_officer": ("공개 담당관", "開示担当官"),
    "analyst": ("분석관", "分析官"),
    "treaty_desk": ("조약 담당", "条約担当"),
    "treaty_note_officer": ("공한 담당관", "公文担当官"),
    "custodian": ("보관 책임자", "保管責任者"),
    "inspector": ("검사관", "検査官"),
    "competent_authority": ("권한 있는 당국", "権限のある当局"),
    "treaty_note_authority": ("각서 교환 당국", "公文交換当局"),
    "government": ("정부", "政府"),
    # Transmittals, and what they carry.
    "delivered": ("전달됨", "送達済み"),
    "partly": ("일부 수락", "一部受諾"),
    "conflict": ("내용 불일치", "内容の不一致"),
    "refused": ("거부됨", "拒否"),
    "handled": ("처리됨", "処理済み"),
    "items": ("품목", "物件"),
    "notice": ("통보", "通知"),
    "acceptance": ("수령 확인", "受領確認"),
    "void": ("결번", "欠番"),
    "heartbeat": ("생존 신호", "生存通知"),
    "succession": ("승계", "承継"),
    "checkpoint": ("체크포인트", "チェックポイント"),
    "cosignature": ("공동서명", "連署"),
    # Requests, copies, destructions, letters.
    "requested": ("신청됨", "請求済み"),
    "reviewed": ("검토됨", "審査済み"),
    "denied": ("거부됨", "却下"),
    "dispatched": ("송부됨", "送付済み"),
    "asked": ("질의됨", "照会済み"),
    "in_custody": ("보관 중", "保管中"),
    "in_transit": ("송부 중", "送付中"),
    "transferred": ("이전됨", "移転済み"),
    "destruction_pending": ("파기 절차 중", "破棄手続中"),
    "destroyed": ("파기됨", "破棄済み"),
    "returned": ("반환됨", "返却済み"),
    "missing": ("소재 불명", "所在不明"),
    "certified": ("확인됨", "証明済み"),
    "shredded": ("키 파기됨", "鍵破棄済み"),
    "past": ("종전", "以前のもの"),
    "amended": ("개정됨", "改正済み"),
    "to_propose": ("제안 대기", "提案待ち"),
    "consent_missing": ("동의 대기", "同意待ち"),
    # Notices.
    "assurance_asked": ("보증 요청", "保証の照会"),
    "assurance_given": ("보증 제공", "保証の付与"),
    "assurance_refused": ("보증 거부", "保証の拒否"),
    "consent_asked": ("동의 요청", "同意の照会"),
    "consent_granted": ("동의", "同意"),
    "consent_refused": ("동의 거부", "同意の拒否"),
    "reclassified": ("등급 변경", "区分の変更"),
    "reclassification_done": ("등급 변경 조치 완료", "区分変更の措置済み"),
    "return_asked": ("반환 요청", "返却の要請"),
    "loss_suspected": ("분실 의심", "亡失の疑い"),
    "loss_acknowledged": ("분실 통보 확인", "亡失通知の確認"),
    "authority_changed": ("권한 있는 당국의 변경", "権限のある当局の変更"),
    "instrument_told": ("문서의 통지", "文書の通知"),
    "agreed_text_told": ("합의 문안의 통지", "合意文の通知"),
    # Instruments and their channels.
    "initialled_text": ("가서명 문안", "仮署名文"),
    "signed_text": ("서명 문안", "署名文"),
    "amendment": ("개정", "改正"),
    "announcement": ("발표", "発表"),
    "meeting": ("회담", "会談"),
    "event": ("사건", "出来事"),
    "diplomatic": ("외교 경로", "外交経路"),
    "internal": ("내부", "内部"),
    "public": ("공개", "公開"),
    # Forms of information.
    "oral": ("구두", "口頭"),
    "visual": ("시각", "視覚"),
    "electronic": ("전자", "電子"),
    "magnetic": ("자기", "磁気"),
    "document": ("문서", "文書"),
    "equipment": ("장비", "装備"),
    "technology": ("기술", "技術"),
}
"""Values that no label tells; those of the tables of labels are told as there."""
