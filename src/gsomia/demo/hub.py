"""The scene with three nodes: after the end of the treaty between two, the way round by a third.

Korea gives to the United States, and the United States to Japan: each hop under an agreement
of its own, and the second only with Korea's written consent. Both are exercises.
"""

from __future__ import annotations

from gsomia.demo import goods, scenes
from gsomia.demo.cast import HUB_IN, HUB_ON, PURPOSE, Side, need
from gsomia.demo.story import Story, articles_of, told
from gsomia.faults import BadInput

KOREAN_STAFF = ("K-5", "K-3", "K-4", "U-3")
AMERICAN_STAFF = ("U-5", "U-3", "U-4", "J-3")


def through_the_hub(story: Story, kor: Side, jpn: Side, usa: Side) -> None:
    """Korea's photograph to the United States, and with Korea's consent on to Japan."""
    given = ("JPN", "KOR", "USA")
    item = goods.register(kor, "K-2", goods.PHOTO, agreement=HUB_IN, releasable_to=given)
    request = goods.release(story, kor, usa, item, goods.PHOTO.mark, KOREAN_STAFF, HUB_IN)
    here = _carry(story, kor, usa, request, ("K-2", "U-2"), HUB_IN, "SECRET")
    asked = usa.officer("U-5").request_release(here, HUB_ON, PURPOSE)
    what = f"{here}, Korea's by {HUB_IN}, on to Japan without consent"
    story.refused("U-5", what, asked, "originator_lets_it_go")
    scenes.consent(usa, "U-3", kor, "K-3", HUB_IN, item, here, "JPN")
    words = f"consent that the USA gives {item} to Japan, one condition"
    story.done("K-3", words, "done", "", ("Art. 6(a)",))
    request = goods.release(
        story, usa, jpn, here, "SECRET", AMERICAN_STAFF, HUB_ON, scenes.CONDITIONS
    )
    there = _carry(story, usa, jpn, request, ("U-2", "J-2"), HUB_ON, "極秘")
    row = jpn.view("item", number=there)
    if (row["originator"], row["reference"], row["mark"]) != ("KOR", item, goods.PHOTO.mark):
        raise BadInput("Korea's item under its own number and mark", there, "demonstration")
    words = f"originator {row['originator']}, {row['mark']}; ours {row['local_mark']}; "
    words += f"bound to: {', '.join(row['conditions'])}"
    story.done("J-2", f"Japan's register of {there}", "found", words)
    goods.same_as(goods.PHOTO, goods.read(jpn, "J-5", there))
    story.done("J-5", f"signed, then read {there}, which came by the hub", "done", "as Korea sent")


def _carry(
    story: Story,
    giver: Side,
    taker: Side,
    request: str,
    registrars: tuple[str, str],
    agreement: str,
    mark: str,
) -> str:
    """Dispatch one item, and register it at the other end under the mark wished for."""
    sender, receiver = registrars
    sent = need(giver.officer(sender).dispatch((request,), "R"))
    number = told(sent, "number")
    to = taker.government.party
    what = f"{number} to {to} under {agreement}: an exercise, no treaty"
    story.done(sender, what, "sent", "", articles_of(sent))
    (here,) = goods.accept(taker, receiver, goods.arrival(taker, giver, number), mark)
    goods.accepted(giver, number)
    what = f"{number} of {giver.registry} registered as {here}, {mark}"
    story.done(receiver, what, "received", "", scenes.MARKED)
    return here
