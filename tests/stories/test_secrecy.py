"""What is classified appears nowhere in the clear: not on disk, not on the wire, not in words."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest

from gsomia.clearance import commands as clearance
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.cover import Cover
from gsomia.exchange.model import Alarm
from gsomia.faults import GsomiaError
from gsomia.registry import commands as registry
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town

TITLE = "Launch window of the Hwasong battery"
CONTENT = "coordinates three nine two one north, one two five four east"
SAID = "the attaché said that fuelling began at dawn"
SECRETS = (TITLE, CONTENT, SAID)
MARKS = ("군사II급비밀", "군사III급비밀", "極秘", "特定秘密")


def forms(text: str) -> list[bytes]:
    """The ways in which a text could lie in a file: plain, wide, hexadecimal, base64."""
    plain = text.encode()
    found = [plain, text.encode("utf-16-le"), plain.hex().encode()]
    for skip in range(3):
        # Whole groups of three bytes from each of the three places a group can begin.
        part = plain[skip : skip + (len(plain) - skip) // 3 * 3]
        found.append(base64.b64encode(part))
    return found


def test_the_search_finds_what_is_there() -> None:
    for shift in range(3):
        data = base64.b64encode(b"x" * shift + TITLE.encode() + b"yz")
        assert any(form in data for form in forms(TITLE))


def in_clear(data: bytes, texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if any(form in data for form in forms(text))]


def register(house: House, *, oral: bool = False) -> str:
    source = None if oral else io.BytesIO(CONTENT.encode() * 40)
    sealed = house.node.stage(source, "text/plain", Cover(TITLE, SAID if oral else ""))
    command = registry.Register(
        AGREEMENT,
        steps.LEVEL_2,
        "missiles",
        "oral" if oral else "document",
        "Assessment",
        "F-1",
        sealed,
        ("JPN", "KOR"),
    )
    return str(house.ok("P-2", command)["item"])


def exchanged(town: Town) -> list[str]:
    """A document and a conversation in Japan's register, both read there."""
    numbers = [register(town.kor), register(town.kor, oral=True)]
    requests = tuple(town.release(n) for n in numbers)
    town.kor.ok("P-2", exchange.Dispatch(requests))
    town.settle()
    received = town.accept()
    town.settle()
    titles = [steps.opened(town.jpn, "P-5", n)[0] for n in received]
    assert titles == [TITLE, TITLE]
    return received


def on_disk(house: House) -> list[tuple[str, list[str]]]:
    """Files of a node that hold something secret in the clear."""
    files = [f for f in house.folder.rglob("*") if f.is_file()]
    assert {"journal.db", "card"} <= {f.name for f in files}
    found = [(str(f.relative_to(house.folder)), in_clear(f.read_bytes(), SECRETS)) for f in files]
    return [(name, secrets) for name, secrets in found if secrets]


def test_nothing_secret_lies_on_either_disk(town: Town) -> None:
    received = exchanged(town)
    for house in (town.kor, town.jpn):
        assert on_disk(house) == []
    steps.destroy(town.jpn, received[0])
    town.kor.node.cosign()
    for house in (town.kor, town.jpn):
        house.restart()
        assert on_disk(house) == []


def test_no_key_lies_on_disk_as_it_is(town: Town) -> None:
    received = exchanged(town)
    slot = steps.item(town.jpn, received[0]).sealed.slot
    key = town.jpn.node.vault.slot(slot)
    assert key is not None
    for file in town.jpn.folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            for form in (key, key.hex().encode(), base64.b64encode(key)[:42]):
                assert form not in data, file.name


def test_the_outside_of_a_transmittal_says_nothing_about_what_is_in_it(town: Town) -> None:
    """Two registries, a number and a digest (Art. 12); no level, no title, no agreement."""
    exchanged(town)
    inside = (*SECRETS, *MARKS, PURPOSE, "missiles", "Assessment", AGREEMENT, "Ministry")
    parcels = [data for _, path, data in town.wire.sent if path == "/transmittal"]
    assert len(parcels) >= 5
    assert [in_clear(data, inside) for data in parcels] == [[]] * len(parcels)


def test_a_checkpoint_tells_the_partner_nothing_but_sizes(town: Town) -> None:
    exchanged(town)
    town.kor.node.cosign()
    requests = [data for _, path, data in town.wire.sent if path.startswith("/checkpoint/")]
    assert requests
    assert all(in_clear(x, (*SECRETS, *MARKS, PURPOSE, "missiles")) == [] for x in requests)
    assert {p for _, p, _ in town.wire.sent if p.startswith("/checkpoint/")} == {
        f"/checkpoint/{AGREEMENT}"
    }, "the house book is nobody else's"


def said_by(attempt) -> str:
    with pytest.raises(GsomiaError) as error:
        attempt()
    return f"{error.value} {error.value!r} {error.value.args}"


def test_errors_speak_of_no_title_content_or_mark(town: Town, tmp_path: Path) -> None:
    received = exchanged(town)
    kor, jpn = town.kor, town.jpn
    here = steps.item(jpn, received[0])
    access = str(steps.read(jpn, "P-5", received[0]).told["access"])
    custody = jpn.node.custody
    whole = custody.read(here.sealed.blob, here.sealed.ciphertext_size)
    until = steps.in_days(kor, 9)
    lowered = notices.Reclassified(
        here.reference, steps.LEVEL_2, "極秘", "2026-03-02T09:00:00Z", TITLE
    )

    def open_bent() -> None:
        custody.put(here.sealed.blob, whole[:-1] + bytes([whole[-1] ^ 1]))
        _, _, content = jpn.node.open_content(access, "P-5")
        list(content)

    attempts = [
        open_bent,
        lambda: jpn.node.open_content(access, "P-2"),
        lambda: kor.node.stage(None, "", Cover(TITLE, "")),
        lambda: kor.node.stage(io.BytesIO(CONTENT.encode()), "", Cover("", SAID)),
        lambda: steps.notify(kor, "P-3", lowered),
        lambda: kor.do("P-1", clearance.Grant("P-5", ("極秘",), "V-1", until)),
        lambda: kor.do("P-1", clearance.ApproveFacility("F-9", "Annex", ("特定秘密",), "P-2")),
        lambda: jpn.node.custody.read(here.sealed.blob, 4),
        lambda: kor.node.handle(CONTENT.encode()),
        lambda: kor.node.handle(kor.sign("P-1", clearance.Withdraw("P-5", SAID))[:-40]),
    ]
    for number, attempt in enumerate(attempts):
        words = said_by(attempt)
        assert [x for x in (*SECRETS, *MARKS) if x in words] == [], number


def test_alarms_refusals_and_standing_speak_of_no_title_or_content(town: Town) -> None:
    received = exchanged(town)
    number = steps.dispatch_when_down(town)
    data = steps.exported(town.kor, number)
    steps.take(town.jpn, data[:-1])
    steps.read(town.jpn, "P-3", received[0])
    for house in (town.kor, town.jpn):
        words = repr(list(house.node.clerk.state.all(Alarm)))
        words += repr(steps.refusals(house)) + repr(house.node.standing())
        words += repr(house.node) + repr(house.node.identity) + repr(house.node.custody)
        assert [x for x in SECRETS if x in words] == []


def test_what_a_worker_could_not_do_is_told_without_content(
    town: Town, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    exchanged(town)
    steps.dispatch_when_down(town)
    steps.tick_or_not(town.kor)
    out = capsys.readouterr()
    words = out.out + out.err + caplog.text + repr(town.kor.node.standing())
    assert [x for x in (*SECRETS, *MARKS) if x in words] == []
