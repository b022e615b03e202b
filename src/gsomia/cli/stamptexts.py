"""Labels and sentences about stamps, in English, Korean and Japanese. No mark is here."""

from __future__ import annotations

STAMP_LABELS: dict[str, tuple[str, str, str]] = {
    "stamp": ("stamp", "날인 문구", "押印の文言"),
    "resting_on_usage": ("resting on usage", "관행에 따른 사항", "慣行による事項"),
    "colour": ("colour", "색", "色"),
    "english_below": ("English word below", "영문 병기", "英語の併記"),
    "places": ("places", "위치", "位置"),
    "note": ("wording of the note", "주기 문구", "注記の文言"),
}
"""By name, in the order of `gsomia.cli.words.LANGS`."""
