"""Two nodes as processes, and every step of an exchange by the command line, with real keys."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.doors.nodes import AGREEMENT, Desk, two_sides

# Some sixty programs start and end here, one by one, against the same two nodes.
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("two-nodes")]

PURPOSE = "assessment of missile launches"
NOW = datetime.now(UTC).isoformat()
Q = shlex.quote(PURPOSE)
UNTIL = (datetime.now(UTC) + timedelta(days=30)).isoformat()
CONTENT = b"what the radar saw\n" * 5000


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """Korea and Japan, founded, running, staffed, trusting each other's cards."""
    folder = tmp_path_factory.mktemp("sides")
    with two_sides(folder, staff) as both:
        yield both


def staff(desk: Desk) -> None:
    """P-2 registrar, by the command line; the others by the Python verbs, which are faster.

    P-3 and P-4 disclosure officers, P-5 analyst.
    """
    marks = {"KOR": ("군사II급비밀",), "JPN": ("極秘", "特定秘密")}[desk.party]
    levels = " ".join(f"--level {m}" for m in marks)
    under = f"--agreement {AGREEMENT}"
    desk.new_key("P-2")
    key = f"{desk.key('P-2')}.pub"
    for command in (
        f"person enrol P-2 --name 'A Registrar' --facility F-1 --officer-key {key}",
        "person appoint P-2 registrar --letter L-2",
        f"facility approve F-1 --name Vault {levels} --custodian P-2",
        f"person grant P-2 {levels} --vetting V-2 --until {UNTIL}",
        f"person brief P-2 {under} --until {UNTIL}",
        f"person list P-2 --facility F-1 {under}",
        f"person need P-2 {Q} {under} --statement duty --until {UNTIL}",
    ):
        assert desk.run(command, "P-1")["granted"] is True
    authority = desk.officer("P-1")
    for person, role in (
        ("P-3", "disclosure_officer"),
        ("P-4", "disclosure_officer"),
        ("P-5", "analyst"),
    ):
        desk.new_key(person)
        statement = desk.key(person).with_suffix(".key.pub").read_text()
        assert authority.enrol(person, "A B", "F-1", statement).granted
        assert authority.appoint(person, role, "L").granted
        assert authority.grant(person, marks, "V", UNTIL).granted
        assert authority.brief(person, AGREEMENT, UNTIL).granted
    assert authority.list_person("F-1", "P-5", AGREEMENT).granted
    assert authority.approve_need("P-5", AGREEMENT, PURPOSE, "duty", UNTIL).granted


def test_one_item_goes_from_register_to_register_and_is_proved_to_a_stranger(sides, tmp_path):
    kor, jpn = sides
    source = tmp_path / "radar.txt"
    source.write_bytes(CONTENT)

    # Registered in Korea; nobody but a registrar may.
    register = (
        f"item register {source} --agreement {AGREEMENT} --mark 군사II급비밀 --subject missiles"
        " --short-title Radar --facility F-1 --copies 2 --language ko --releasable-to KOR"
        " --releasable-to JPN --title 'A title that is content'"
    )
    assert kor.refused(register, "P-5") == ["actor_is_appointed"]
    item = kor.run(register, "P-2")["item"]
    assert [i["number"] for i in kor.rows("item list")] == [item]
    shown = kor.call(f"item show {item} --lang ko").stdout.decode()
    assert "군사II급비밀" in shown
    assert "title that is content" not in shown

    # Asked for, assured by Japan, decided by two people.
    ask = f"release request {item} --agreement {AGREEMENT} --purpose {Q}"
    request = kor.run(ask, "P-5")["request"]
    early = kor.call(f"release review {request} --favour --lang ja", "P-3")
    assert early.returncode == 1
    assert "拒否: release.review" in early.stderr.decode()
    assert "(第7条5(a))" in early.stderr.decode()
    kor.run(f"release ask-assurance {request}", "P-3")
    question = jpn.wait(lambda: jpn.rows("notice list --open"))[0]
    assert question["about"] == {
        "kind": "assurance_asked",
        "request": request,
        "mark": "군사II급비밀",
        "form": "document",
        "subject": "missiles",
        "copies": 1,
        "purpose": PURPOSE,
    }
    assure = f"notice assure {question['id']}"
    for neither_or_both in ("", "--clearance 極秘 --refuse no"):
        assert jpn.call(f"{assure} {neither_or_both}", "P-3").returncode == 2
    jpn.run(f"{assure} --clearance 極秘", "P-3")
    kor.wait(lambda: [r for r in kor.rows("release list") if r["assurance"]])
    assert kor.call(f"release review {request}", "P-3").returncode == 2
    kor.run(f"release review {request} --favour", "P-3")
    decide = f"release decide {request} --favour"
    assert kor.refused(decide, "P-3") == ["decided_by_another_person"]
    kor.run(decide, "P-4")

    # Sent, received, marked, registered, receipted.
    number = kor.run(f"transmittal dispatch {request}", "P-2")["number"]
    arrived = jpn.wait(lambda: jpn.rows("transmittal list --in --state received"))[0]
    assert (arrived["number"], arrived["items"][0]["reference"]) == (number, item)
    # Each side numbers what it sends: here Japan has sent one of the same number.
    jpn.officer("P-1").appoint("P-4", "treaty_desk", "L-4").need("subject")
    named = (
        f"notice give authority-changed --peer {kor.registry} --agreement {AGREEMENT}"
        f" role=competent_authority name='Another Ministry' valid_from={UNTIL} note=N-1"
    )
    assert jpn.run(named, "P-4")["number"] == number
    show = f"transmittal show {kor.registry} {number}"
    for way, direction in (("", "out"), (" --out", "out"), (" --in", "in")):
        assert jpn.run(f"{show}{way}")["direction"] == direction
    accept = f"transmittal accept {kor.registry} {number} --facility F-1"
    assert "chosen_mark_corresponds" in jpn.refused(f"{accept} --mark 秘", "P-2")
    (received,) = jpn.run(f"{accept} --mark {item}=極秘", "P-2")["items"]
    kor.wait(lambda: [o for o in kor.rows("transmittal list") if o["acceptance"]])
    assert jpn.run("desk")["queues"]["to_register"]["count"] == 0

    # Read there: signed first, then into a new private file, or into a pipe.
    read = f"item read {received} --facility F-1 --purpose {Q}"
    out = tmp_path / "read.txt"
    told = jpn.run(f"{read} --out {out}", "P-5")
    assert (told["cover"]["title"], told["size"]) == ("A title that is content", len(CONTENT))
    assert out.read_bytes() == CONTENT
    assert out.stat().st_mode & 0o777 == 0o600
    again = jpn.call(f"{read} --out {out}", "P-5")
    assert again.returncode == 2
    assert "nothing is overwritten" in again.stderr.decode()
    piped = jpn.call(read, "P-5")
    assert (piped.returncode, piped.stdout) == (0, CONTENT)
    uncleared = jpn.refused(f"{read} --out {tmp_path}/no", "P-1")
    assert "clearance_covers_the_mark" in uncleared
    assert not (tmp_path / "no").exists()
    accesses = jpn.run(f"item show {received}")["accesses"]
    assert [a["reader"] for a in accesses["rows"]] == ["P-5", "P-5"]

    # Proved to a stranger, who holds the cards and nothing else.
    evidence = tmp_path / "item.evidence"
    kor.wait(lambda: kor.run("node tick")["cosigned"] == {jpn.registry: ""})
    kor.run(f"evidence export {item} --out {evidence}")
    unseen = kor.call(f"evidence export {item} --out {tmp_path}/item.txt")
    assert unseen.returncode == 2
    assert "a name that ends in .evidence" in unseen.stderr.decode()
    trust = f"--trust {kor.folder}/KOR.card --trust {kor.folder}/JPN.card"
    report = kor.run(f"verify {evidence} {trust}")
    assert report["ok"] is True
    assert report["checked"] > 0
    data = bytearray(evidence.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "bent.evidence").write_bytes(data)
    bent = kor.call(f"verify {tmp_path}/bent.evidence --json {trust}")
    assert bent.returncode == 1
    assert json.loads(bent.stdout)["problem"]
    kor.run(f"book export {AGREEMENT} --out {tmp_path}/book")
    assert kor.run(f"verify {tmp_path}/book {trust}")["ok"] is True

    # Destroyed by two people; then nobody reads it any more.
    destruction = jpn.run(f"destroy propose {received} --reason done", "P-2")["destruction"]
    certify = f"destroy certify {destruction}"
    assert jpn.refused(certify, "P-2") == ["witness_is_another_person"]
    jpn.officer("P-1").appoint("P-3", "registrar", "L-3").need("subject")
    jpn.run(certify, "P-3")
    jpn.wait(lambda: not jpn.run(f"item show {received}")["key_held"])
    assert "content_was_not_destroyed" in jpn.refused(f"{read} --out {tmp_path}/gone", "P-5")


def test_what_is_told_has_no_file_and_a_courier_may_carry_a_transmittal(sides, tmp_path):
    kor, jpn = sides
    item = kor.run(
        f"item register --agreement {AGREEMENT} --mark 군사II급비밀 --subject missiles"
        " --short-title Oral --facility F-1 --said 'what was said' --title Told",
        "P-2",
    )["item"]
    read = f"item read {item} --facility F-1 --purpose {Q}"
    cover = kor.run(read, "P-5")
    assert (cover["cover"]["said"], cover["size"], cover["file"]) == ("what was said", 0, None)
    assert "what was said" in kor.call(read, "P-5").stdout.decode()
    assert kor.run("person list")["total"] == 5
    # A file that nobody here can look into is registered, and its registrar is told so.
    (tmp_path / "radar.bin").write_bytes(b"\x00\x01")
    unread = kor.call(
        f"item register {tmp_path}/radar.bin --agreement {AGREEMENT} --mark 군사II급비밀"
        " --subject missiles --short-title Radar --facility F-1 --title Plots --lang ko",
        "P-2",
    )
    assert unread.returncode == 0
    assert "내용물의 표시를 검사하지 않음: 알 수 없는 형식" in unread.stderr.decode()
    assert "not_examined" not in unread.stdout.decode()
    # Japan is away: what Korea sends is kept, and goes by courier.
    assert jpn.stop() == 0
    kor.officer("P-1").appoint("P-4", "treaty_desk", "L-4").need("subject")
    named = (
        f"notice give authority-changed --peer {jpn.registry} --agreement {AGREEMENT}"
        f" role=competent_authority name='Another Ministry' valid_from={UNTIL} note=N-1"
    )
    number = kor.run(named, "P-4")["number"]
    sealed = f"transmittal export {jpn.registry} {number} --out {tmp_path}/sealed"
    kor.wait(lambda: kor.call(sealed).returncode == 0)
    jpn.start()
    taken = jpn.call(f"transmittal import {tmp_path}/sealed --out {tmp_path}/receipt --json")
    said = json.loads(taken.stdout)
    assert said["number"] == number
    assert (taken.returncode, said["outcome"]) in {(0, "received"), (0, "repeated"), (1, "refused")}
    if taken.returncode == 0:
        kor.run(f"transmittal receipt {jpn.registry} {number} {tmp_path}/receipt")
        found = kor.run(f"transmittal show {jpn.registry} {number}")
        assert found["delivered_at"]
        # People see what the receipt is and who signed it; pages of signatures are for programs.
        seen = kor.call(f"transmittal show {jpn.registry} {number}").stdout.decode()
        assert "gsomia/delivery-receipt/v1" in seen
        assert "/statement" in seen
        assert len(seen) < len(found["receipt"]) / 2
    loss = f"notice give loss-suspected --peer {jpn.registry} --agreement {AGREEMENT}"
    for given, place, expected in (
        ("possible=disclosure", "possible", "yes or no"),
        ("what=a-copy possible=yes", "loss_suspected", "NAME=VALUE for references, discovered_at"),
    ):
        wrong = kor.call(f"{loss} {given} --json", "P-1")
        assert wrong.returncode == 2
        said = json.loads(wrong.stdout)
        assert said["where"] == place
        assert said["expected"].startswith(expected)
    (tmp_path / "junk").write_bytes(b"no transmittal at all")
    junk = jpn.call(f"transmittal import {tmp_path}/junk --json")
    assert junk.returncode in (1, 2)
    assert jpn.call(f"transmittal show {kor.registry} nothing").returncode == 2


@pytest.mark.parametrize(
    ("lang", "command"),
    [
        ("en", "desk"),
        ("ko", "desk --queue alarms"),
        ("ja", "person list"),
        ("en", "person show P-2"),
        ("ko", "facility list"),
        ("ja", "peer list"),
        ("ko", "item list"),
        ("en", "release list"),
        ("ja", "transmittal list"),
        ("en", "transmittal list --in"),
        ("ko", "notice list"),
        ("ja", "alarms"),
        ("ko", "node status"),
        ("en", "node card"),
    ],
)
def test_people_read_tables_and_panels(sides, lang, command):
    kor, _ = sides
    done = kor.call(f"--lang {lang} {command}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_a_node_that_does_not_run_is_unavailable(sides):
    kor, _ = sides
    kor.run(f"node backup --out {kor.folder}/backup.db")
    assert kor.stop() == 0
    stopped = kor.call("node status --json")
    assert stopped.returncode == 3
    assert "is not running" in json.loads(stopped.stdout)["error"]
    before = kor.run(f"node rebuild {kor.node}")["documents"]
    assert before > 20
    assert kor.run(f"node rebuild {kor.node}")["documents"] == before
    kor.start()
    assert kor.run("node status")["halted"] == ""
    assert kor.call(f"node rebuild {kor.node}").returncode == 3


def test_another_passphrase_or_another_key_does_not_act(sides, tmp_path):
    kor, _ = sides
    wrong = tmp_path / "wrong"
    wrong.write_text("a wrong passphrase")
    wrong.chmod(0o600)
    key = f"--key {kor.key('P-1')} --passphrase-file {wrong}"
    refused = kor.call(f"person end P-5 analyst {key} --json")
    assert refused.returncode == 2
    assert "passphrase" in json.loads(refused.stdout)["error"]
    kor.new_key("P-99")
    stranger = kor.call("person end P-5 analyst --json", "P-99")
    assert stranger.returncode == 2
    assert "no person enrolled here" in json.loads(stranger.stdout)["error"]
    assert kor.run("person show P-5")["roles"][0]["current"] is True


NOTICE = f"""\
format: gsomia/instruments/v1
agreement: {AGREEMENT}
instruments:
  - id: exercise-notice
    kind: notice_of_termination
    channel: diplomatic
    issuers:
      - {{party: KOR, role: treaty_note_authority, name: Ministry of Foreign Affairs}}
    addressees:
      - {{party: JPN, role: treaty_note_authority, name: Ministry of Foreign Affairs}}
    form: note verbale
    title: Notice of termination, for an exercise
    handed_over: {{day: {NOW[:10]}, offset: "+09:00"}}
    refers_to: [2016-11-23-signature]
    source: made up for this test
    verified: false
"""


def test_the_treaty_desk_records_an_instrument_and_the_status_follows(sides, tmp_path):
    kor, _ = sides
    kor.officer("P-1").appoint("P-4", "treaty_desk", "L-4").need("subject")
    path = tmp_path / "exercise.yaml"
    path.write_text(NOTICE)
    record = f"instrument record {path} --hypothetical"
    assert kor.refused(record, "P-2") == ["actor_is_appointed"]
    before = datetime.now(UTC).isoformat()
    assert kor.run(record, "P-4")["recorded"] == ["exercise-notice"]
    assert kor.call(f"{record} --json", "P-4").returncode == 2  # the id is used
    listed = kor.rows("instrument list")
    assert [(r["instrument"]["id"], r["hypothetical"]) for r in listed] == [
        ("exercise-notice", True)
    ]
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    asked = f"agreement status {AGREEMENT} --as-of {later}"
    assert kor.run(asked)["status"] == "in_force"
    recorded = kor.run(f"{asked} --recorded")
    assert (recorded["status"], recorded["hypothetical"]) == ("notice_pending", True)
    # What was answered before it was recorded is answered still, whatever day the note bears.
    then = kor.run(f"{asked} --recorded --known-at {before}")
    assert (then["status"], then["known_at"] is None) == ("in_force", False)
    path.write_text(NOTICE.replace("diplomatic", "public").replace("exercise-", "other-"))
    public = kor.call(f"{record} --json", "P-4")
    assert "the diplomatic channel" in json.loads(public.stdout)["error"]
    path.write_text(NOTICE.replace("form:", "colour:"))
    assert kor.call(f"{record} --json", "P-4").returncode == 2


REGISTER = (
    f"item register --agreement {AGREEMENT} --mark 군사II급비밀 --subject missiles --form oral"
    " --said 'heard' --short-title Past --facility F-1 --language ko --releasable-to JPN"
    " --releasable-to KOR --title 'Told by word of mouth'"
)


def test_the_past_is_asked_again(sides):
    kor, _ = sides
    before = datetime.now(UTC).isoformat()
    item = kor.run(REGISTER, "P-2")["item"]
    past = f"book past agreement agreement={AGREEMENT} --at {before} --lang ko"
    said = kor.call(past).stdout.decode()
    assert "발효 중" in said
    assert "in_force" not in said
    assert "Art. 21" not in said
    numbers = [i["number"] for i in kor.rows(f"book past items --at {before}")]
    assert item not in numbers
    assert item in [i["number"] for i in kor.rows("item list")]
    (line,) = kor.rows(f"book decisions --subject {item} --act registry.register --granted")
    found = kor.run(f"book decision '{line['key']}'")
    assert found["again"]["same"] is True
    assert found["again"]["rules"] == found["rules"] == line["rules"]
    shown = kor.call(f"book decision '{line['key']}' --lang ja").stdout.decode()
    assert "同じ回答" in shown
    for command in (
        "book decision nonsense",
        "book past no-such --at 2026-01-01T00:00:00Z",
        "book past items --at 2026-01-01T00:00:00",
        "book past items",
        "book past items --at 2999-01-01T00:00:00Z",
        "book past items number --at 2026-01-01T00:00:00Z",
        "book decisions --until yesterday",
    ):
        assert kor.call(command).returncode == 2, command


def test_the_desk_asks_what_a_hypothesis_would_do_to_the_register(sides, tmp_path):
    kor, _ = sides
    item = kor.run(REGISTER, "P-2")["item"]
    for desk, key in zip(sides, ("given", "received"), strict=True):
        ended = f"agreement what-if {AGREEMENT} --terminated-at {UNTIL}"
        value = desk.run(ended)
        assert value["items"]["registered"] == desk.run("item list")["total"]
        assert value["impact"][key]["articles"] == ["Art. 21(4)"]
        page = desk.run(f"{ended} --group {key} --limit 1")
        assert page["rows"] == value["impact"][key]["rows"][:1]
    path = tmp_path / "row.yaml"
    path.write_text(
        "format: gsomia/hypothesis/v1\nagreement: rok-japan-2016\n"
        "suppose:\n  - {what: row_removed, rank: 3, since: 2030-01-01}\n"
    )
    asked = f"agreement what-if {AGREEMENT} --suppose {path}"
    assert item in [r["id"] for r in kor.rows(f"{asked} --group marks_unmapped --limit 100")]
    said = kor.call(f"{asked} --lang ja")
    assert said.returncode == 0
    assert "対応する表示を失う物件" in said.stdout.decode()
    wrong = kor.call(f"{asked} --group visits --json")
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["got"] == "visits"


def test_the_days_of_a_register_go_into_a_calendar_and_onto_the_desk(sides, tmp_path):
    kor, _ = sides
    path = tmp_path / "days.ics"
    value = kor.run(f"agreement deadlines {AGREEMENT} --years 2 --ical {path}")
    found = {d["what"]: d for d in value["register_days"]}
    assert {"clearance_ends", "briefing_ends", "card_ends", "partner_card_ends"} <= set(found)
    assert found["partner_card_ends"]["subject"] == "JPN-DIH1"
    data = path.read_bytes()
    dated = {(d["what"], d["date"]) for d in value["deadlines"]}
    lapses = [d for d in value["register_days"] if d["date"]]
    assert data.count(b"BEGIN:VEVENT") == len(dated) + len(lapses)
    assert b"SUMMARY:partner's card ends: JPN-DIH1" in data
    said = kor.call(f"agreement deadlines {AGREEMENT} --lang ko").stdout.decode()
    assert "상대측 카드 만료" in said
    # Clearances here end within the month, and the desk says so.
    assert "clearance_ends" in {r["what"] for r in kor.rows("desk --queue days_ahead")}
    assert "秘密取扱資格の満了" in kor.call("desk --queue days_ahead --lang ja").stdout.decode()
