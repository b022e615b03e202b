"""Words of bindings in English, Korean and Japanese. No mark is here."""

from __future__ import annotations

BINDING_LABELS: dict[str, tuple[str, str, str]] = {
    "binding": ("binding", "바인딩", "バインディング"),
    "label": ("label", "라벨", "ラベル"),
    "labels": ("labels", "라벨", "ラベル"),
    "bindings": ("bindings", "바인딩", "バインディング"),
    "data": ("data", "데이터", "データ"),
    "header": ("header", "헤더", "ヘッダー"),
    "profile": ("profile", "프로파일", "プロファイル"),
    "proof": ("signature", "서명", "署名"),
    "signatures": ("signatures", "서명", "署名"),
    "signer": ("signer", "서명자", "署名者"),
}
"""Labels of fields. Its own table: `Words.label` knows the tables of all commands."""

STATES: dict[str, tuple[str, str, str]] = {
    "itself": ("the file is a binding", "파일 자체가 바인딩", "ファイル自体がバインディング"),
    "inside": ("inside the file", "파일 안", "ファイルの中"),
    "beside": ("in a file beside it", "곁의 파일", "横のファイル"),
    "xmp_beside": ("in an XMP file", "XMP 파일", "XMPファイル"),
    "not_signed": (
        "label bound, not signed",
        "라벨은 바인딩되었으나 서명되지 않음",
        "ラベルは結び付けられているが署名がない",
    ),
    "not_checked": (
        "signed; not checked, since no certificate was given or none can check it here",
        "서명됨; 인증서가 주어지지 않았거나 여기서 확인할 수 없어 확인하지 않음",
        "署名あり。証明書がないか、ここでは確かめられないため未確認",
    ),
    "proved": (
        "label and data signed, unchanged",
        "라벨과 데이터가 서명되었고 변경 없음",
        "ラベルとデータは署名され、変更なし",
    ),
    "label_only": (
        "label signed, data not covered",
        "라벨만 서명되고 데이터는 포함되지 않음",
        "ラベルのみ署名され、データは含まれない",
    ),
    "data_changed": (
        "label signed, data changed or missing",
        "라벨은 서명되었으나 데이터가 변경되었거나 없음",
        "ラベルは署名されているが、データが変更されたか存在しない",
    ),
    "failed": (
        "no signature holds by these certificates",
        "이 인증서로 유효한 서명이 없음",
        "これらの証明書で有効な署名がない",
    ),
    "there": ("there", "있음", "あり"),
    "missing": ("missing", "없음", "なし"),
    "outside": ("elsewhere, not looked at", "다른 곳, 확인하지 않음", "別の場所、確認しない"),
    "self": ("the document or message around", "감싸는 문서·메시지", "囲む文書・メッセージ"),
    "intact": ("as signed", "서명 당시와 같음", "署名時のまま"),
    "changed": ("changed since signing", "서명 후 변경됨", "署名後に変更"),
    "uncovered": ("not covered by the signature", "서명에 포함되지 않음", "署名に含まれない"),
}
"""Places, proofs and states of data."""

SIGNATURES: dict[str, tuple[str, str, str]] = {
    "signature_form": (
        "the signature has a form or an algorithm that is not taken (SHA-1 among them)",
        "서명의 형식 또는 알고리즘을 받아들일 수 없음(SHA-1 포함)",
        "署名の形式またはアルゴリズムを受け付けない(SHA-1を含む)",
    ),
    "signature_signer": (
        "none of the given certificates made the signature",
        "주어진 인증서 중 이 서명을 만든 것이 없음",
        "示された証明書の中にこの署名をしたものがない",
    ),
    "signature_period": (
        "the certificate is not valid at this time",
        "해당 시각에 인증서가 유효하지 않음",
        "その時点で証明書が有効でない",
    ),
    "signature_broken": (
        "what was signed has changed",
        "서명된 내용이 변경됨",
        "署名された内容が変更されている",
    ),
    "signature_place": (
        "what was signed does not stand where bindings count",
        "서명된 내용이 바인딩의 자리에 있지 않음",
        "署名された内容がバインディングの位置にない",
    ),
    "signature_data": (
        "data that the signature covers is not there",
        "서명에 포함된 데이터가 없음",
        "署名に含まれるデータがない",
    ),
    "signature_time": (
        "the signature does not say when it was made",
        "서명 시각이 서명에 없음",
        "署名時刻が署名に含まれていない",
    ),
}
"""Why a signature proves nothing."""

RULES: dict[str, tuple[str, str]] = {
    "one_metadata": (
        "Metadata에는 요소가 하나만 있음: 라벨이 둘이면 Metadata도 둘임.",
        "Metadataの要素は一つのみ。ラベルが二つならMetadataも二つである。",
    ),
    "one_data": ("Data에는 요소가 하나만 있음.", "Dataの要素は一つのみである。"),
    "id_unique": ("Id는 문서에서 한 번만 쓰임.", "Idは文書中で一度のみ用いる。"),
    "target_missing": ("데이터 참조가 가리키는 것이 있어야 함.", "データ参照の対象が存在する。"),
    "target_outside": (
        "데이터 참조는 바인딩의 곁, 둘레 또는 안의 데이터를 가리킴.",
        "データ参照はバインディングの横、周囲または内部のデータを指す。",
    ),
    "content_type": (
        "XML이 아닌 데이터의 참조는 미디어 유형을 밝힘.",
        "XMLでないデータの参照はメディアタイプを示す。",
    ),
    "transform_one": (
        "참조의 변환은 XPath 하나이거나 없음.",
        "参照の変換はXPath一つ、またはなしである。",
    ),
    "originator_once": (
        "데이터에는 생산자의 라벨이 많아야 하나임.",
        "データには作成者のラベルが高々一つである。",
    ),
    "no_label": ("비밀 라벨이 바인딩되어 있어야 함.", "秘密ラベルが結び付けられている。"),
    "label_form": ("라벨을 읽을 수 있어야 함.", "ラベルを読み取ることができる。"),
    "profile_target": (
        "데이터 참조는 프로파일의 형식을 따름.",
        "データ参照はプロファイルの形式に従う。",
    ),
    "profile_data": (
        "이 프로파일에서는 데이터를 바인딩 안에 두지 않음.",
        "このプロファイルではデータをバインディングの中に置かない。",
    ),
    "other_file": (
        "파일 곁의 바인딩은 그 파일을 가리킴.",
        "ファイルの横のバインディングはそのファイルを指す。",
    ),
    "part_unbound": (
        "문서의 모든 부분이 바인딩되어 있어야 함.",
        "文書のすべての部分が結び付けられている。",
    ),
    "inside_unread": (
        "파일 안에 있는 것을 읽을 수 있어야 함.",
        "ファイルの中にあるものを読み取ることができる。",
    ),
    "labels_differ": (
        "한 파일의 바인딩은 모두 같은 내용임.",
        "一つのファイルのバインディングはすべて同じ内容である。",
    ),
    "bound_already": (
        "파일에 이미 바인딩이 있음: 라벨을 더하려면 --add, 바꾸려면 --replace.",
        "既にバインディングがある。ラベルを加えるには --add、置き換えるには --replace。",
    ),
    "originator_stays": (
        "생산자의 라벨은 다른 라벨로 덮어쓰지 않음: 대체 라벨은 --add로 더함.",
        "作成者のラベルは他のラベルで上書きしない。代替ラベルは --add で加える。",
    ),
    "no_binding": (
        "파일에 바인딩된 라벨이 없음.",
        "ファイルに結び付けられたラベルがない。",
    ),
    "signature_lost": (
        "서명된 바인딩은 새 서명으로만 변경함: --key, --certificate.",
        "署名されたバインディングは新しい署名によってのみ変更する: --key、--certificate。",
    ),
    "signature_covers": (
        "서명은 데이터를 포함함: 이 프로파일에서는 불가하므로 사이드카를 사용.",
        "署名はデータを含む。このプロファイルではできないため、サイドカーを用いる。",
    ),
}
"""By rule: Korean, Japanese. The English words are the rule's own."""

OWN = {
    "bound_already": "the file has a binding: --add for a further label, --replace for another",
    "originator_stays": "an originator's label is not overwritten by another: add alternatives",
    "signature_covers": "a signature covers the data, which it cannot in this place: use a sidecar",
    "signature_lost": "a signed binding changes only with a new signature: --key, --certificate",
    "no_binding": "no label is bound to the file",
}
"""Rules of these commands, in English."""


def _at(lang: str) -> int:
    return ("en", "ko", "ja").index(lang)


def state_text(lang: str, state: str) -> str:
    """The words of a place, a proof, a state of data, or of a signature that proves nothing."""
    return (STATES.get(state) or SIGNATURES[state])[_at(lang)]


def rule_text(lang: str, rule: str) -> str:
    """What a broken rule of a binding, a file or a label says."""
    from gsomia.cli.label.texts import breach_text
    from gsomia.documents.bound import TEXTS
    from gsomia.marking.binding.rules import RULES as BINDING
    from gsomia.marking.label.rules import STANDARD_RULES

    if rule in STANDARD_RULES:
        return breach_text(lang, rule)
    english = BINDING[rule].text if rule in BINDING else {**TEXTS, **OWN}[rule]
    return english if lang == "en" else RULES[rule][_at(lang) - 1]
