"""Letters by the command line, between two real nodes, each officer with their own key."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from tests.doors.nodes import AGREEMENT, Desk, two_sides
from tests.processes import client

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("letters")]

WHAT = f"{AGREEMENT} --notice 2019-08-23-notice --suspension 2019-11-22-suspension"
PEOPLE = {
    "KOR": dict.fromkeys(("P-6", "P-7", "P-8"), "treaty-desk")
    | dict.fromkeys(("P-10", "P-11", "P-12"), "treaty-note-officer"),
    "JPN": {"P-10": "treaty-note-officer"},
}
STEPS = [
    # who runs the same command, with what is on paper, and the step that it takes
    ("P-6", "--language ko", "request_drafted"),
    ("P-7", "", "request_signed_off_first"),
    ("P-8", "", "request_signed_off_second"),
    ("P-6", "--dated 2023-03-17+09:00", "request_issued"),
    ("P-10", "--language ko", "note_drafted"),
    ("P-11", "", "note_signed_off_first"),
    ("P-12", "", "note_signed_off_second"),
    ("P-10", "--dated 2023-03-21+09:00", "note_issued"),
    ("P-12", "--at 2023-03-21T10:00:00+09:00 --place Seoul --to Embassy", "handed_over"),
]


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """Two nodes whose records begin on 16 March 2023, with the officers who write letters."""
    folder = tmp_path_factory.mktemp("letters")

    def staff(desk: Desk) -> None:
        for person, role in PEOPLE[desk.party].items():
            desk.appoint(person, role)

    with two_sides(folder, staff, "--record-until 2023-03-16T23:59:59+09:00") as both:
        yield both


def status(desk: Desk) -> str:
    return str(desk.run(f"agreement status {AGREEMENT} --recorded")["status"])


def test_each_officer_in_turn_normalises_by_the_same_command(
    sides: tuple[Desk, Desk], tmp_path: Path
) -> None:
    kor, jpn = sides
    assert (status(kor), status(jpn)) == ("notice_suspended", "notice_suspended")
    before = kor.run(f"agreement normalise {WHAT}")
    assert before["next"]["step"] == "request_drafted"
    assert not any(step["done"] for step in before["steps"])

    # Whose turn it is not is refused, and takes no step.
    assert kor.refused(f"agreement normalise {WHAT}", "P-10") == ["actor_is_appointed"]
    for person, options, step in STEPS:
        if step.endswith("second"):
            earlier = STEPS[STEPS.index((person, options, step)) - 1][0]
            rules = kor.refused(f"agreement normalise {WHAT}", earlier)
            assert rules == ["signed_off_by_another_person"]
        taken = kor.run(f"agreement normalise {WHAT} {options}", person)
        assert (taken["taken"], taken["warnings"]) == (step, [])
    assert status(kor) == "in_force"
    assert status(jpn) == "notice_suspended"

    # On the other side: told, received, told back; then both are through.
    def heard() -> bool:
        stand = jpn.run(f"agreement normalise {WHAT}")
        return bool(stand["next"]) and stand["next"]["step"] == "received"

    jpn.wait(heard)
    found = jpn.run(f"agreement status {AGREEMENT} --recorded")
    assert found["records"] == {"ours": "notice_suspended", "theirs": "in_force"}
    received = jpn.run(f"agreement normalise {WHAT} --at 2023-03-21T12:00:00+09:00", "P-10")
    assert (received["taken"], received["next"]) == ("received", None)
    assert status(jpn) == "in_force"
    kor.wait(lambda: kor.run(f"agreement normalise {WHAT}")["next"] is None)
    for desk in (kor, jpn):
        # The instruments are entries of the shared book, which the partner cosigned.
        assert desk.run("node tick")["cosigned"]
    again = kor.call(f"agreement normalise {WHAT} --lang ja", "P-10").stdout.decode()
    assert "すべての段階を終えた" in again

    # What is on paper.
    letters = kor.rows("letter list")
    assert [(x["kind"], x["state"]) for x in letters] == [
        ("inter_ministry_letter", "issued"),
        ("withdrawal", "handed_over"),
    ]
    for row in letters:
        out = tmp_path / f"{row['letter']}.pdf"
        printed = kor.run(f"letter print {row['letter']} --out {out}")
        data = out.read_bytes()
        assert data.startswith(b"%PDF-")
        assert len(data) == printed["bytes"]
        other = tmp_path / f"again-{row['letter']}.pdf"
        assert kor.run(f"letter print {row['letter']} --out {other}")["digest"] == printed["digest"]
        assert kor.call(f"letter print {row['letter']} --out {out}").returncode == 2


def test_wrong_input_names_what_is_wrong(sides: tuple[Desk, Desk], tmp_path: Path) -> None:
    kor, _ = sides
    for command, person, words in [
        ("letter show L-99", "", "a known letter"),
        ("letter issue L-99", "P-10", "a known letter"),
        (f"letter draft poem --agreement {AGREEMENT}", "P-10", "a kind of letter"),
        (f"letter draft withdrawal --agreement {AGREEMENT}", "P-10", "what the withdrawal"),
        (f"letter receive {AGREEMENT} no-such", "P-10", "partner's node told"),
        (f"letter receive {AGREEMENT} x --at 2023-03-21", "P-10", "--at"),
        (f"letter receive {AGREEMENT} x --at 2023-02-30+09:00", "P-10", "--at"),
        (f"letter numbering kor-mofa x --agreement {AGREEMENT}", "P-10", "serial"),
        (
            f"agreement normalise {AGREEMENT} --notice no-such --suspension no-such",
            "P-10",
            "a notice_of_termination on record",
        ),
        (
            WHAT.replace("2019-11-22-suspension", "2019-08-23-notice").join(
                ("agreement normalise ", "")
            ),
            "",
            "a suspension_of_notice on record",
        ),
        (f"letter print L-99 --out {tmp_path}/x.pdf", "", "a known letter"),
        ("letter issue L-1 --dated 2026-03-02", "", "or a day with offset, like 2023-03-21"),
        ("letter issue L-1 --dated 2026-02-30+09:00", "", "a day, like 2016-11-23, got 2026-02-30"),
    ]:
        done = kor.call(command, person)
        assert done.returncode == 2, (command, done.stdout, done.stderr)
        assert re.search(words, done.stderr.decode()), (command, done.stderr)
        assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def printed_words(file: Path) -> str:
    with closing(pypdfium2.PdfDocument(file)) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_letter_of_ones_own_words(sides: tuple[Desk, Desk], tmp_path: Path) -> None:
    kor, _ = sides
    text = tmp_path / "words.txt"
    text.write_text("#set page(width: 1pt)\n*plain* _text_ $ and \\ no mark-up 군사II급비밀\n")
    drafted = kor.run(
        f"letter draft notice-of-termination --agreement {AGREEMENT} --text {text}"
        " --language en --hypothetical",
        "P-10",
    )
    assert drafted["warnings"] == ["no_request"]
    again = f"letter draft notice-of-termination --agreement {AGREEMENT} --hypothetical --lang ko"
    said = kor.call(again, "P-10").stdout.decode()
    assert "권한 있는 당국의 요청 공문이 없음" in said
    assert "no_request" not in said
    out = tmp_path / "own.pdf"
    kor.run(f"letter print {drafted['letter']} --out {out}")
    words = printed_words(out)
    assert "EXERCISE · DRAFT" in words
    assert "#set page(width: 1pt)" in words
    assert "*plain* _text_ $ and \\ no mark-up 군사II급비밀" in words


def test_a_node_is_waited_for_and_stopped(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "KOR", "Ministry of National Defense")
    assert desk.run(f"node stop {desk.node}") == {"stopped": False}
    began = time.monotonic()
    assert desk.call("node status --wait 0.5").returncode == 3
    assert time.monotonic() - began >= 0.5
    command = ["node", "run", str(desk.node), "--secret-file", str(desk.secret)]
    process = client.start(*command)
    try:
        assert desk.run("node status --wait 30")["registry"] == "KOR-DIH1"
        assert desk.run("node stop") == {"stopped": True}
        assert process.wait(5) == 0
    finally:
        process.kill()
    assert desk.call("node status").returncode == 3
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert desk.call(f"node stop {folder}").returncode == 2
