"""The scenes: what is sent, and what must be refused or found."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gsomia.agreement.instruments import Channel, Instrument, Kind, Moment, Office
from gsomia.agreement.model import Role
from gsomia.agreement.pack import shipped
from gsomia.canon import instant, unb64
from gsomia.demo import goods
from gsomia.demo.cast import AGREEMENT, PURPOSE, Side, need, now, wait
from gsomia.demo.story import Story, articles_of, told
from gsomia.exchange import notices
from gsomia.faults import BadInput

KOREAN_STAFF = ("K-5", "K-3", "K-4", "J-3")
MARKED = ("Art. 4(2)",)
CONDITIONS = ("no further release",)
JAPANESE_STAFF = ("J-5", "J-3", "J-4", "K-3")


def send_several(story: Story, kor: Side, jpn: Side) -> dict[str, tuple[str, str]]:
    """Five samples and a FLASH go to Japan, an oral disclosure comes back; all are read."""
    numbers: dict[str, tuple[str, str]] = {}
    requests = {}
    for good in (goods.ATTACK, goods.EVENTS, goods.SLIDES, goods.PHOTO, goods.ALERT):
        item = goods.register(kor, "K-2", good)
        story.done("K-2", f"registered {good.short_title} as {item}, {good.mark}", "done")
        requests[good] = goods.release(story, kor, jpn, item, good.mark, KOREAN_STAFF)
        numbers[good.short_title] = (item, "")
    flash = requests.pop(goods.ALERT)
    _carry(story, kor, jpn, tuple(requests.values()), "R")
    _carry(story, kor, jpn, (flash,), "Z")
    for row in jpn.rows("items"):
        if row["originator"] == "KOR":
            numbers[row["short_title"]] = (row["reference"], row["number"])
    for good in (goods.EVENTS, goods.SLIDES):
        item = numbers[good.short_title][1]
        words = goods.same_as(good, goods.read(jpn, "J-5", item))
        story.done("J-5", f"signed, then read {item}", "done", words)
    _oral(story, kor, jpn)
    return numbers


def _carry(story: Story, giver: Side, taker: Side, requests: tuple[str, ...], urgency: str) -> str:
    sent = need(giver.officer("K-2").dispatch(requests, urgency))
    number = told(sent, "number")
    what = f"transmittal {number}, {len(requests)} item(s), precedence {urgency}"
    story.done("K-2", what, "sent", "", articles_of(sent))
    arrived = goods.arrival(taker, giver, number)
    taken = goods.accept(taker, "J-2", arrived, "極秘", "秘")
    goods.accepted(giver, number)
    story.done(
        "J-2", f"{number} marked and registered as {', '.join(taken)}", "received", "", MARKED
    )
    return number


def _oral(story: Story, kor: Side, jpn: Side) -> None:
    said = "Two launches were observed; no damage is known."
    item = goods.disclose(jpn, "J-2", "特定秘密", said, instant(now()))
    request = goods.release(story, jpn, kor, item, "特定秘密", JAPANESE_STAFF)
    sent = need(jpn.officer("J-2").dispatch((request,), "P"))
    number = told(sent, "number")
    story.done("J-2", f"oral disclosure {item}, no file, in {number}", "sent", "", ("Art. 2(a)",))
    (here,) = goods.accept(kor, "K-2", goods.arrival(kor, jpn, number))
    goods.accepted(jpn, number)
    story.done("K-2", f"oral disclosure registered as {here}, 군사II급비밀", "received", "", MARKED)


def refuse_release(story: Story, kor: Side) -> None:
    """What never leaves Korea: the top level, and what no list releases to Japan."""
    top = goods.register(kor, "K-2", goods.EVENTS, mark="군사I급비밀")
    asked = kor.officer("K-5").request_release(top, AGREEMENT, PURPOSE)
    story.refused(
        "K-5", f"release of {top}, level I", asked, "mark_is_on_the_list",
        "recipient_has_a_corresponding_mark",
    )  # fmt: skip
    own = goods.register(kor, "K-2", goods.PHOTO, releasable_to=("KOR", "USA"))
    asked = kor.officer("K-5").request_release(own, AGREEMENT, PURPOSE)
    rule = "releasable_list_names_recipient"
    story.refused("K-5", f"release of {own}, whose list does not name Japan", asked, rule)


def third_party(story: Story, kor: Side, jpn: Side, item: tuple[str, str]) -> None:
    """Japan passes an item on: without consent refused, with consent granted."""
    reference, here = item
    answer = jpn.officer("J-3").pass_on(here, "USA", PURPOSE)
    story.refused("J-3", f"{here} to the USA without consent", answer,
                  "originator_approved_recipient")  # fmt: skip
    consent(jpn, "J-3", kor, "K-3", AGREEMENT, reference, here, "USA")
    story.done("K-3", f"consent for {reference} to the USA, one condition", "done", "",
               ("Art. 6(a)",))  # fmt: skip
    answer = jpn.officer("J-3").pass_on(here, "USA", PURPOSE)
    what = f"{here} to the USA, the condition not stated to be met"
    story.refused("J-3", what, answer, "consent_conditions_are_met")
    passed = need(jpn.officer("J-3").pass_on(here, "USA", PURPOSE, CONDITIONS))
    story.done("J-3", f"{here} to the USA with consent", "done", "", articles_of(passed))


def consent(
    holder: Side,
    asker: str,
    originator: Side,
    granter: str,
    agreement: str,
    reference: str,
    here: str,
    recipient: str,
) -> None:
    """A holder asks the originator, who consents with one condition, for thirty days."""
    asked = notices.ConsentAsked(reference, recipient, "government", PURPOSE)
    need(holder.officer(asker).notify(originator.registry, agreement, asked))

    def question() -> dict[str, Any] | None:
        rows = originator.rows("notices", open="yes")
        return next((n for n in rows if n["kind"] == "consent_asked"), None)

    found = wait("the question for consent", question)
    until = instant(now() + timedelta(days=30))
    granted = notices.ConsentGranted(reference, recipient, PURPOSE, CONDITIONS, until)
    need(originator.officer(granter).notify(holder.registry, agreement, granted, found["id"]))

    def known() -> bool | None:
        consents = holder.view("item", number=here)["consents"]["rows"]
        return True if any(c["state"] == "granted" for c in consents) else None

    wait("the consent", known)


def refuse_reader(story: Story, jpn: Side, item: str) -> None:
    """A general with a clearance, whom the facility's register does not name."""
    answer = jpn.officer("J-9").read(item, 1, "F-1", PURPOSE).answer
    story.refused("J-9", f"a general reads {item}", answer, "more_than_rank_or_clearance",
                  "facility_register_names_reader")  # fmt: skip


def courier(story: Story, kor: Side, jpn: Side, folder: Path) -> None:
    """By courier: a byte changed, the true file, the same again, one held back."""
    folder.mkdir(mode=0o700, exist_ok=True)
    number, data = _by_courier(story, kor, jpn, folder)
    altered = bytearray(data)
    altered[len(altered) // 2] ^= 1
    said = jpn.door.take(io.BytesIO(bytes(altered)))
    _expect(said, "rejected")
    story.rejected(
        "J-2",
        f"{number} with one byte changed on the way",
        "transmittal_is_what_was_sealed",
        "sending registry, which sends it again",
        unb64(said["body"], "answer").decode(),
    )
    first = jpn.door.take(io.BytesIO(data))
    _expect(first, "received")
    story.done("J-2", f"{number} from the courier's medium", "received", "unaltered")
    second = jpn.door.take(io.BytesIO(data))
    _expect(second, "repeated")
    same = "the stored receipt, the same bytes" if second["body"] == first["body"] else "differs"
    story.done("J-2", f"{number} a second time", "found", f"answered with {same}")
    kor.door.receipt(jpn.registry, number, unb64(first["body"], "receipt"))
    goods.accept(jpn, "J-2", goods.arrival(jpn, kor, number))
    goods.accepted(kor, number)
    story.done("K-2", f"receipt of {number} brought back by the courier", "received")
    _held_back(story, kor, jpn, folder)


def _by_courier(story: Story, kor: Side, jpn: Side, folder: Path) -> tuple[str, bytes]:
    item = goods.register(kor, "K-2", goods.PHOTO)
    request = goods.release(story, kor, jpn, item, goods.PHOTO.mark, KOREAN_STAFF)
    number = told(need(kor.officer("K-2").dispatch((request,), "R", "courier")), "number")

    def sealed() -> bool | None:
        rows = kor.rows("outgoing")
        return next((True for r in rows if r["number"] == number and r["state"] == "sealed"), None)

    wait(f"the sealing of {number}", sealed)
    data = b"".join(kor.door.export(jpn.registry, number))
    (folder / f"{number}.gsomia").write_bytes(data)
    story.done("K-2", f"{number} handed to a courier", "sent", f"{len(data)} bytes")
    return number, data


def _held_back(story: Story, kor: Side, jpn: Side, folder: Path) -> None:
    held, data = _by_courier(story, kor, jpn, folder)
    item = goods.register(kor, "K-2", goods.PHOTO)
    request = goods.release(story, kor, jpn, item, goods.PHOTO.mark, KOREAN_STAFF)
    _carry(story, kor, jpn, (request,), "R")

    def gap() -> str | None:
        rows = jpn.rows("alarms", what="gap")
        return rows[-1]["text"] if rows else None

    story.done("JPN-DIH1", f"{held}, held back by the courier", "found", wait("the gap", gap))
    _expect(jpn.door.take(io.BytesIO(data)), "received")
    goods.accept(jpn, "J-2", goods.arrival(jpn, kor, held))
    story.done("J-2", f"{held}, late", "received", "", MARKED)


def _expect(said: dict[str, Any], outcome: str) -> None:
    if said["outcome"] != outcome:
        raise BadInput(outcome, said["outcome"], "demonstration")


def reclassify(story: Story, kor: Side, jpn: Side, item: tuple[str, str]) -> None:
    """Korea lowers a level; Japan re-marks, and until then nobody reads."""
    reference, here = item
    about = notices.Reclassified(
        reference, "군사II급비밀", "군사III급비밀", instant(now()), "harm is less than was thought"
    )
    need(kor.officer("K-3").notify(jpn.registry, AGREEMENT, about))

    def due() -> bool | None:
        return True if jpn.view("item", number=here)["remark_to"] else None

    wait("the change of level", due)
    answer = jpn.officer("J-5").read(here, 1, "F-1", PURPOSE).answer
    story.refused("J-5", f"reading {here} before it is re-marked", answer, "mark_is_current")
    need(jpn.officer("J-2").remark(here, "秘"))
    story.done("J-2", f"{here} re-marked 極秘 → 秘 by order of Korea", "done", "", ("Art. 6(g)",))


def destroy(story: Story, jpn: Side, item: str) -> None:
    """Two people destroy; the content cannot be read on this node any more."""
    proposed = need(jpn.officer("J-2").propose_destruction(item, "the purpose is served"))
    destruction = told(proposed, "destruction")
    same = jpn.officer("J-2").certify_destruction(destruction)
    story.refused("J-2", f"witnessing one's own destruction of {item}", same,
                  "witness_is_another_person")  # fmt: skip
    certified = need(jpn.officer("J-1").certify_destruction(destruction))

    def gone() -> list[str] | None:
        found = jpn.view("item", number=item)["destructions"]["rows"][-1]
        return found["residual"] if found["state"] == "shredded" else None

    left = "; ".join(wait("the destruction", gone)) or "nothing known"
    certificate = told(certified, "certificate")
    words = f"certificate {certificate}; could still open it: {left}"
    story.done("J-1", f"{item} destroyed, two people signed", "done", words, ("Art. 13",))
    answer = jpn.officer("J-5").read(item, 1, "F-1", PURPOSE).answer
    story.refused("J-5", f"reading {item} after its destruction", answer,
                  "content_was_not_destroyed")  # fmt: skip


def last_boundary(at: datetime) -> datetime:
    """The last turn of the agreement's year before an instant: 00:00 of a 23 November in Seoul."""
    zone = shipped(AGREEMENT).zone
    local = at.astimezone(zone)
    turn = local.replace(month=11, day=23, hour=0, minute=0, second=0, microsecond=0)
    return turn if turn <= local else turn.replace(year=turn.year - 1)


def terminate(story: Story, kor: Side, jpn: Side, old: str) -> None:
    """A hypothetical end: nothing new is sent, and what was given stays protected."""
    end = last_boundary(now())
    given = (end - timedelta(days=100)).astimezone(UTC)
    notice = Instrument(
        id="exercise-notice",
        kind=Kind.NOTICE_OF_TERMINATION,
        channel=Channel.DIPLOMATIC,
        issuers=(Office("KOR", Role.TREATY_NOTE_AUTHORITY, "Ministry of Foreign Affairs"),),
        addressees=(Office("JPN", Role.TREATY_NOTE_AUTHORITY, "Ministry of Foreign Affairs"),),
        form="note verbale",
        title="Exercise: notice of termination that was never given",
        handed_over=Moment.exact(given),
        source="made up for this demonstration",
        verified=False,
    )
    ready = goods.register(kor, "K-2", goods.PHOTO)
    for side, desk in ((kor, "K-6"), (jpn, "J-6")):
        need(side.officer(desk).record_instrument(AGREEMENT, notice, hypothetical=True))
    words = f"as if it had ended on {end.date()}"
    story.done("K-6", "exercise: a notice of termination, recorded by both", "done", words)
    answer = kor.officer("K-5").request_release(ready, AGREEMENT, PURPOSE)
    story.refused("K-5", f"release of {ready} after the end", answer, "agreement_permits_transfer")
    goods.read(jpn, "J-5", old)
    story.done("J-5", f"read {old}, received before the end", "done", "protected and readable",
               ("Art. 21(4)",))  # fmt: skip
