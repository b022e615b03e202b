"""The real input of the demonstration, and the steps that every item goes through."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from gsomia.demo.cast import AGREEMENT, PURPOSE, Side, need, wait
from gsomia.demo.story import Story, articles_of, told
from gsomia.exchange import notices
from gsomia.exchange.commands import ReceivedLine
from gsomia.exchange.cover import Cover
from gsomia.faults import BadInput, Unavailable


class Good(msgspec.Struct, frozen=True):
    """One thing to send: where it lies among the samples, and how it is registered."""

    path: str
    media_type: str
    title: str
    short_title: str
    subject: str
    mark: str
    form: str = "electronic"
    language: str = "en"
    copies: int = 2


ATTACK = Good(
    "threat/attack-dprk-groups.json",
    "application/stix+json;version=2.1".partition(";")[0],
    "DPRK-linked intrusion sets: groups, software, techniques",
    "STIX bundle 1",
    "cyber threat",
    "군사III급비밀",
)
EVENTS = Good(
    "events/provocations-1958-2023.csv",
    "text/csv",
    "Dated list of provocations 1958-2023, with missile launches",
    "Event list 1",
    "missiles",
    "군사II급비밀",
)
ALERT = Good(
    "alerts/wcatwc-tsunami-warning.cap",
    "application/cap+xml",
    "Alert in the Common Alerting Protocol",
    "Alert 1",
    "warning",
    "군사II급비밀",
)
SLIDES = Good(
    "documents/nasa-grace-hopper-osd-public.pdf",
    "application/pdf",
    "Briefing slides",
    "Briefing 1",
    "training",
    "군사III급비밀",
    form="document",
)
PHOTO = Good(
    "photographs/dscovr-launch.jpg",
    "image/jpeg",
    "Photograph of a launch",
    "Photograph 1",
    "missiles",
    "군사II급비밀",
    form="visual",
)


def samples() -> Path:
    """The folder of the sample files: in the installed package, or in the checkout."""
    packaged = Path(str(files("gsomia"))) / "examples"
    for folder in (packaged, Path(__file__).parents[3] / "examples"):
        if (folder / EVENTS.path).is_file():
            return folder
    raise Unavailable("the sample files are not installed")


def register(side: Side, registrar: str, good: Good, **changes: Any) -> str:
    """Seal and register a sample; its control number."""
    with (samples() / good.path).open("rb") as file:
        return told(
            need(
                side.officer(registrar).register(
                    Cover(good.title),
                    file,
                    media_type=good.media_type,
                    **{**_fields(good), **changes},
                )
            ),
            "item",
        )


def _fields(good: Good) -> dict[str, Any]:
    return {
        "agreement": AGREEMENT,
        "mark": good.mark,
        "subject": good.subject,
        "form": good.form,
        "short_title": good.short_title,
        "facility": "F-1",
        "releasable_to": ("JPN", "KOR"),
        "language": good.language,
        "copies": good.copies,
    }


def disclose(side: Side, registrar: str, mark: str, said: str, at: str) -> str:
    """Register what was said: an oral disclosure has no file, and is an item all the same."""
    fields = {**_fields(EVENTS), "mark": mark, "form": "oral", "short_title": "Oral 1"}
    fields |= {"language": "ja", "copies": 1}
    cover = Cover("Oral statement at a working meeting", said, at, "Ichigaya")
    return told(need(side.officer(registrar).register(cover, None, **fields)), "item")


def release(
    story: Story,
    giver: Side,
    taker: Side,
    item: str,
    mark: str,
    staff: tuple[str, str, str, str],
    agreement: str = AGREEMENT,
    conditions: tuple[str, ...] = (),
) -> str:
    """Request, assurance of the recipient, two people decide; the request's id.

    For another's item the second states that the `conditions` of its consent are met; if
    nobody does, the release is refused first.
    """
    analyst, first, second, assurer = staff
    asked = need(giver.officer(analyst).request_release(item, agreement, PURPOSE))
    request = told(asked, "request")
    about = notices.AssuranceAsked(request, mark, PURPOSE, "document", "missiles", 1)
    need(giver.officer(first).notify(taker.registry, agreement, about))

    def question() -> dict[str, Any] | None:
        rows = taker.rows("notices", open="yes")
        return next((n for n in rows if n["about"].get("request") == request), None)

    found = wait("the question for an assurance", question)
    given = notices.AssuranceGiven(request, taker.counterpart(mark, agreement), True, True)
    need(taker.officer(assurer).notify(giver.registry, agreement, given, found["id"]))

    def assured() -> bool | None:
        rows = giver.rows("requests")
        return next((True for r in rows if r["id"] == request and r["assurance"]), None)

    wait("the assurance", assured)
    need(giver.officer(first).review(request, favour=True))
    if conditions:
        early = giver.officer(second).decide(request, favour=True)
        what = f"release of {item}, the condition of its consent not stated to be met"
        story.refused(second, what, early, "consent_conditions_are_met")
    decided = need(giver.officer(second).decide(request, favour=True, conditions=conditions))
    story.done(second, f"release of {item} decided by two people", "done", "", articles_of(decided))
    return request


def arrival(taker: Side, giver: Side, number: str) -> dict[str, Any]:
    """Wait until a transmittal arrived; how it stands."""

    def there() -> dict[str, Any] | None:
        rows = taker.rows("incoming", peer=giver.registry)
        return next((r for r in rows if r["number"] == number), None)

    return wait(f"the arrival of {number}", there)


def accept(taker: Side, registrar: str, arrived: dict[str, Any], *prefer: str) -> list[str]:
    """Mark and register everything in a transmittal; the new control numbers."""
    lines = []
    for item in arrived["items"]:
        onward = item["onward"]
        given = onward["mark"] if onward else item["originator_mark"]
        marks = taker.counterparts(given, arrived["agreement"])
        mark = next((m for m in prefer if m in marks), marks[0])
        lines.append(ReceivedLine(item["reference"], True, mark))
    answer = need(taker.officer(registrar).accept(arrived["peer"], arrived["number"], "F-1", lines))
    return list(answer.need("items"))


def accepted(giver: Side, number: str) -> dict[str, Any]:
    """Wait until the other side's registrar answered for a transmittal."""

    def there() -> dict[str, Any] | None:
        rows = giver.rows("outgoing")
        return next((r for r in rows if r["number"] == number and r["acceptance"]), None)

    return wait(f"the acceptance receipt of {number}", there)


def read(side: Side, reader: str, item: str) -> bytes:
    """Sign for a copy and read it whole; the SHA-256 of what was read."""
    opened = side.officer(reader).read(item, 1, "F-1", PURPOSE)
    need(opened.answer)
    digest = hashlib.sha256()
    for chunk in opened.chunks:
        digest.update(chunk)
    return digest.digest()


def same_as(good: Good, digest: bytes) -> str:
    """Words that say the content read is the sample, or `BadInput`."""
    expected = hashlib.sha256((samples() / good.path).read_bytes()).digest()
    if expected != digest:
        raise BadInput("the content that was sent", "other bytes", good.path)
    return f"SHA-256 {digest.hex()[:16]}…, as sent"
