"""What stands on a printed letter, in the letter's own language, whatever the screen's is."""

from __future__ import annotations

from datetime import date
from typing import Any

from gsomia.agreement import Pack, counting
from gsomia.canon import parse_instant
from gsomia.desk.letters import day_text, name_of, office_of_state, treaty_text

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "note": "NOTE VERBALE",
        "letter": "OFFICIAL LETTER",
        "number": "No.",
        "to": "To",
        "subject": "Subject",
        "date": "Date",
        "draft": "DRAFT",
        "exercise": "EXERCISE",
        "drafted": "Drafted by",
        "signed": "Signed off by",
        "issued": "Issued by",
        "handed_over": "Handed over",
    },
    "ko": {
        "note": "구상서",
        "letter": "공문",
        "number": "문서번호",
        "to": "수신",
        "subject": "제목",
        "date": "시행일",
        "draft": "안",
        "exercise": "연습",
        "drafted": "기안자",
        "signed": "검토·결재",
        "issued": "발송",
        "handed_over": "전달",
    },
    "ja": {
        "note": "口上書",
        "letter": "公文書",
        "number": "文書番号",
        "to": "宛先",
        "subject": "件名",
        "date": "日付",
        "draft": "案",
        "exercise": "演習",
        "drafted": "起案者",
        "signed": "審査・決裁",
        "issued": "発出",
        "handed_over": "手交",
    },
}


def sheet(letter: dict[str, Any], pack: Pack) -> dict[str, Any]:
    """The data of the layout `letter`, from what the desk keeps of it.

    A note goes to another government: who drafted and signed it off stays off it.
    """
    language = letter["language"]
    words = _WORDS[language]
    note = letter["kind"] != "inter_ministry_letter"
    sender = _office(letter["issuer"], pack, language, of_state=note)
    dated = _day(letter["dated"], pack)
    head = [
        (words["number"], letter["number"] or "–"),
        (words["to"], _office(letter["addressee"], pack, language, of_state=note)),
        (words["subject"], letter["title"]),
    ]
    if not note:
        head.append((words["date"], day_text(dated, language) if dated else "–"))
    return {
        "language": language,
        "note": note,
        "title": letter["title"],
        "treaty": treaty_text(pack, language),
        "from": sender,
        "form": words["note" if note else "letter"],
        "head": head,
        "paragraphs": letter["paragraphs"],
        "place_and_day": day_text(dated, language) if note and dated else "",
        "signed": sender,
        "trail": [] if note else _trail(letter, words),
        "stamp": _stamp(letter, words),
        "foot": f"{treaty_text(pack, language)} · {letter['number'] or letter['id']}",
        "words": words,
    }


def _stamp(letter: dict[str, Any], words: dict[str, str]) -> str:
    """What lies across the page of a paper that is not, or not really, a letter."""
    facts = {"exercise": letter["hypothetical"], "draft": not letter["dated"]}
    return " · ".join(words[name] for name, holds in facts.items() if holds)


def _trail(letter: dict[str, Any], words: dict[str, str]) -> list[tuple[str, str]]:
    """Who drafted, signed off and issued it, as a letter inside a government shows."""
    rows = [
        (words["drafted"], letter["drafted_by"]),
        (words["signed"], ", ".join(letter["signed_off_by"])),
        (words["issued"], letter["issued_by"]),
    ]
    return [(name, value) for name, value in rows if value]


def _office(office: dict[str, Any], pack: Pack, language: str, *, of_state: bool) -> str:
    """An office's name in the letter's language, with its state's on a note."""
    named = next(
        (
            a
            for a in pack.authorities
            if (a.party, a.role.value) == (office["party"], office["role"])
            and a.names.get("en") == office["name"]
        ),
        None,
    )
    name = name_of(named.names, language) if named else office["name"]
    return office_of_state(name, office["party"], pack, language) if of_state else str(name)


def _day(moment: dict[str, str] | None, pack: Pack) -> date | None:
    if moment is None:
        return None
    return counting.local_day(parse_instant(moment["earliest"], "letter"), pack.zone)
