"""Labels and sentences about stamps, in English, Korean and Japanese. No mark is here."""

from __future__ import annotations

STAMP_LABELS: dict[str, tuple[str, str, str]] = {
    "stamp": ("stamp", "날인 문구", "押印の文言"),
    "resting_on_usage": ("resting on usage", "관행에 따른 사항", "慣行による事項"),
    "usage_colour": ("colour", "색", "色"),
    "usage_english_below": ("English word below", "영문 병기", "英語の併記"),
    "usage_places": ("places", "위치", "位置"),
    "label_inside": ("label bound inside", "파일 내 라벨 결합", "ファイル内にラベルを結合"),
    "expected_mark": ("expected mark", "있어야 할 표시", "あるべき表示"),
    "error": ("what came", "내용", "内容"),
    "agrees": ("shows this mark", "이 표시가 있음", "この表示がある"),
    "differs": ("shows another mark", "다른 표시가 있음", "別の表示がある"),
    "expected_top": ("marking at the top", "상단 표시", "上部の表示"),
    "expected_bottom": ("marking at the bottom", "하단 표시", "下部の表示"),
    "marking_agrees": (
        "shown at every place",
        "모든 위치에 표시되어 있음",
        "すべての箇所に表示がある",
    ),
    "marking_differs": (
        "not shown at the places below",
        "아래 위치에 표시되어 있지 않음",
        "下記の箇所に表示がない",
    ),
    "marking_not_examined": ("not examined", "검사하지 않음", "検査していない"),
    "shows": ("shows marks", "표시가 있음", "表示がある"),
    "shows_none": ("no mark found", "표시를 찾지 못함", "表示は見つからない"),
    "not_examined": ("not examined", "검사하지 않음", "検査していない"),
    "why": ("why", "사유", "理由"),
    "why_format": ("a format not known here", "알 수 없는 형식", "未知の形式"),
    "why_picture": (
        "what a picture shows is not read",
        "그림에 보이는 글자는 읽지 않음",
        "画像に写る文字は読まない",
    ),
    "why_too_large": ("too large", "너무 큼", "大きすぎる"),
    "why_unreadable": ("cannot be read", "읽을 수 없음", "読み取れない"),
    "why_not_examined": (
        "this node has no reader of marks",
        "이 노드에 표시 판독기가 없음",
        "このノードには表示の読取り機能がない",
    ),
    "why_no_scheme": (
        "the marks of this party are not known here",
        "이 당사국의 표시 체계를 알 수 없음",
        "この締約国の表示の制度は未知",
    ),
    "why_fault": (
        "the reader failed; see the program's makers",
        "판독기 오류: 제작자에게 문의",
        "読取りの障害。製作者に連絡",
    ),
    "why_not_installed": (
        "gsomia[documents] is not installed",
        "gsomia[documents]가 설치되지 않음",
        "gsomia[documents]が導入されていない",
    ),
    "place_top": ("page {number}, top", "{number}쪽 상단", "{number}ページ上部"),
    "place_bottom": ("page {number}, bottom", "{number}쪽 하단", "{number}ページ下部"),
    "place_header": ("header {number}", "머리글 {number}", "ヘッダー{number}"),
    "place_footer": ("footer {number}", "바닥글 {number}", "フッター{number}"),
    "place_first": ("line {number}, at the beginning", "첫머리 {number}째 줄", "冒頭{number}行目"),
    "place_last": ("line {number}, at the end", "끝부분 {number}째 줄", "末尾{number}行目"),
    "place_label": (
        "label {number} in the file",
        "파일 내 라벨 {number}",
        "ファイル内ラベル{number}",
    ),
    "place_stamp": (
        "stamp noted in the picture's metadata",
        "그림 메타데이터에 적힌 날인",
        "画像のメタデータに記された押印",
    ),
    "usage_note": ("wording of the note", "주기 문구", "注記の文言"),
}
"""By name, in the order of `gsomia.cli.words.LANGS`."""
