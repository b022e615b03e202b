"""The command line, row by row: `scripts/*.txt`."""

from __future__ import annotations

import json
from pathlib import Path

import icalendar
import pytest

from gsomia.agreement.pack import shipped_file
from tests.agreement.builders import RENUMBERED
from tests.doors.scripts import Row, check, gsomia, rows

CASES = [
    pytest.param(row, id=f"{name}:{row.line}")
    for name in (
        "basis.txt",
        "desk.txt",
        "equivalent.txt",
        "label.txt",
        "stix.txt",
        "status.txt",
        "usage.txt",
    )
    for row in rows(name)
]


NOTE = """\
format: gsomia/instruments/v1
agreement: rok-japan-2016
instruments:
"""
PAPER = """\
  - id: exercise-notice
    kind: notice_of_termination
    channel: diplomatic
    issuers:
      - {party: KOR, role: treaty_note_authority, name: Ministry of Foreign Affairs}
    addressees:
      - {party: JPN, role: treaty_note_authority, name: Ministry of Foreign Affairs}
    form: note verbale
    title: A notice that was never given
    handed_over: "2026-06-01T10:00:00+09:00"
    source: made up for an exercise
    verified: false
"""
ENTRY = """\
format: gsomia/agreement-entry/v1
id: fictitious-1999
kind: treaty
title: A fictitious agreement
parties:
  - {code: POL, written: PL, kind: state}
  - {code: EST, written: EE, kind: state}
in_force: 1999-03
duration: {kind: open}
notice_days: 180
third_party: null
equivalence:
  article: Art. 2
  valid_from: 1999-03-01
  rows:
    - rank: 3
      marks: {POL: [WYSOKI], EST: [KESKMINE]}
source: made up
verified: {dates: true, duration: true, notice: true, equivalence: true, third_party: none}
"""
HYPOTHESIS = """\
format: gsomia/hypothesis/v1
agreement: rok-japan-2016
suppose:
"""
ROW_GONE = "  - {what: row_removed, rank: 3, since: 2030-01-01}\n"
PAPERS = {
    "rowgone": HYPOTHESIS + ROW_GONE,
    "joined": HYPOTHESIS + "  - {what: new_party, code: USA, since: 2030-01-01}\n",
    "badrank": HYPOTHESIS + ROW_GONE.replace("rank: 3", "rank: 7"),
    "badmark": HYPOTHESIS
    + "  - {what: row_changed, rank: 3, since: 2030-01-01, marks: {KOR: [대외비], JPN: [秘]}}\n",
    "badkind": HYPOTHESIS + "  - {what: visit, since: 2030-01-01}\n",
    "note": NOTE + PAPER,
    "late": NOTE + PAPER.replace("2026-06-01T10:00:00", "2026-08-25T00:00:00"),
    "public": NOTE
    + PAPER.replace("notice_of_termination", "announcement").replace("diplomatic", "public"),
    "two": NOTE + PAPER + PAPER.replace("exercise-", "other-"),
    "elsewhere": NOTE.replace("rok-japan-2016", "rok-us-1987") + PAPER,
    "used": NOTE + PAPER.replace("exercise-notice", "2019-08-23-notice"),
    "zoneless": NOTE + PAPER.replace("+09:00", ""),
    "entry": ENTRY,
    "badentry": ENTRY.replace("parties:", "colour: red\nparties:")
    .replace("equivalence:", "equivalence:\n  colour: red", 1)
    .replace("rank: 3", "rank: three"),
    "anchor": "a: &x 1\n",
    "misplaced": RENUMBERED.replace("rule: Art. 6(e)", "rule: Art. 5"),
    "pack": shipped_file("rok-japan-2016", ".yaml").decode(),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files and folders that rows name."""
    folder = tmp_path_factory.mktemp("places")
    (folder / "empty").mkdir()
    (folder / "folder").mkdir()
    (folder / "folder" / "file").write_text("somebody's")
    for name, text, mode in (
        ("junk", "neither a card nor a key\n", 0o600),
        ("open", "a passphrase that others can read\n", 0o644),
        ("short", "short\n", 0o600),
        ("pass", "a passphrase long enough\n", 0o600),
        *((name, text, 0o644) for name, text in PAPERS.items()),
    ):
        (folder / name).write_text(text)
        (folder / name).chmod(mode)
    names = ("empty", "folder", "junk", "open", "short", "pass", "new", *PAPERS)
    stored = {"vectors": str(Path(__file__).parents[1] / "vectors")}
    return {**stored, **{p: str(folder / p) for p in names}}


@pytest.mark.parametrize("row", CASES)
def test_a_row_does_what_the_script_says(row: Row, places, tmp_path: Path):
    check(row, places, tmp_path)
    assert not Path(places["new"]).exists()
    assert (Path(places["folder"]) / "file").read_text() == "somebody's"


def test_there_are_enough_rows():
    assert sum("equivalent" in r.values[0].command for r in CASES) >= 30  # type: ignore[union-attr]
    assert sum("status" in r.values[0].command for r in CASES) >= 20  # type: ignore[union-attr]
    for name in ("list", "show", "compare", "check", "deadlines", "what-if"):
        rows_ = [r for r in CASES if f"agreement {name}" in r.values[0].command]  # type: ignore[union-attr]
        assert {0, 2} <= {r.values[0].code for r in rows_}, name  # type: ignore[union-attr]


def test_a_calendar_is_written_new_and_private(tmp_path: Path):
    as_of = ("--as-of", "2026-01-01T00:00:00Z", "--ical", "days.ics")
    done = gsomia("agreement", "deadlines", "rok-japan-2016", *as_of, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    path = tmp_path / "days.ics"
    data = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.count(b"BEGIN:VEVENT") == 2
    assert b"DTSTART;VALUE=DATE:20260824" in data
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    days = sorted((e.decoded("DTSTART").isoformat(), str(e["UID"]).split(".")[1]) for e in events)
    assert days == [("2026-08-24", "last_notice_day"), ("2026-11-23", "extension")]
    again = gsomia("agreement", "deadlines", "rok-japan-2016", *as_of, cwd=tmp_path)
    assert again.returncode == 2
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("lang", "title", "article", "reading"),
    [
        ("ko", "대한민국 정부와 일본국 정부 간의", "제21조제3항", "최종 조항만이 기준임"),
        ("ja", "秘密軍事情報の保護に関する", "第21条3", "最終条項だけが基準である"),
    ],
)
def test_a_calendar_speaks_one_language(
    tmp_path: Path, lang: str, title: str, article: str, reading: str
):
    words = ("--as-of", "2021-01-01T00:00:00Z", "--ical", "days.ics", "--lang", lang)
    assert not gsomia("agreement", "deadlines", "rok-japan-2016", *words, cwd=tmp_path).returncode
    events = icalendar.Calendar.from_ical((tmp_path / "days.ics").read_bytes()).walk("VEVENT")
    assert events
    for event in events:
        assert all(text in str(event["DESCRIPTION"]) for text in (title, article, reading))
        assert "Art. " not in str(event["DESCRIPTION"])


def test_a_level_table_becomes_policies_and_comes_back(tmp_path: Path):
    oids = ("--oid", "KOR=2.25.1", "--oid", "JPN=2.25.2", "-o", "made")
    done = gsomia("label", "policies", "rok-japan-2016", *oids, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    files = ("made/jpn.spif.xml", "made/kor.spif.xml")
    back = gsomia("label", "table", *files, "--json", cwd=tmp_path)
    table = json.loads(back.stdout)
    assert table["rows"] == [
        {"JPN": ["極秘", "特定秘密"], "KOR": ["군사II급비밀"]},
        {"JPN": ["秘"], "KOR": ["군사III급비밀"]},
    ]
    assert gsomia("label", "policies", "rok-japan-2016", *oids, cwd=tmp_path).returncode == 2
    copied = gsomia("label", "policy", files[0], "-o", "copy.xml", cwd=tmp_path)
    assert copied.returncode == 0
    assert (tmp_path / "copy.xml").read_bytes() == (tmp_path / files[0]).read_bytes()


def test_a_label_is_written_read_and_checked(tmp_path: Path):
    given = (
        "--policy",
        "KOR",
        "--classification",
        "군사II급비밀",
        "--review",
        "2031-01-01T00:00:00Z",
    )
    release = ("--permissive", "Releasable To=KOR", "--permissive", "Releasable To=JPN")
    done = gsomia("label", "write", *given, *release, "-o", "label.xml", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(gsomia("label", "read", "label.xml", "--json", cwd=tmp_path).stdout)
    assert told["classification"] == "군사II급비밀"
    assert told["categories"][0]["values"] == ["KOR", "JPN"]
    assert gsomia("label", "check", "label.xml", cwd=tmp_path).returncode == 0
    text = (
        (tmp_path / "label.xml").read_text().replace(' ReviewDateTime="2031-01-01T00:00:00Z"', "")
    )
    (tmp_path / "bad.xml").write_text(text)
    broken = gsomia("--lang", "ko", "label", "check", "bad.xml", cwd=tmp_path)
    assert broken.returncode == 1
    assert "재검토 일시" in broken.stdout.decode()


def test_asking_what_if_writes_nothing(places, tmp_path: Path):
    asked = ("what-if", "rok-japan-2016", "--instrument", places["note"])
    assert gsomia("agreement", *asked, cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []
