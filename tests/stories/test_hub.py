"""Three nodes: an item goes through a hub to a third, as its originator consented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gsomia.act import Answer, Filed
from gsomia.canon import instant
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.acts import accept_case
from gsomia.exchange.commands import NodeRecords
from gsomia.exchange.entries import DeliveryRefused
from gsomia.exchange.model import Incoming
from gsomia.exchange.rules import ACCEPT_RULES
from gsomia.registry import commands as registry
from gsomia.registry.model import Item
from gsomia.release import commands as release
from gsomia.release.entries import Approved, PassingOnUndone
from gsomia.release.model import PassedOn
from tests.stories import steps
from tests.stories.town import PURPOSE, Clock, House, Wire

FIRST, SECOND = "rok-us-exercise", "us-japan-exercise"
CONDITIONS = ("no further release",)
CONTENT = b"what Korea saw"
LEVEL_2 = "군사II급비밀"


class Triangle:
    """Korea, the United States in the middle, and Japan: a treaty for each hop."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.wire = Clock(datetime(2026, 3, 2, 9, tzinfo=UTC)), Wire()

        def house(party: str, authority: str, *agreements: str) -> House:
            name = f"{party}-DIH1"
            return House(
                folder / party, party, name, authority, self.wire, self.clock, None, agreements
            )

        self.kor = house("KOR", "Ministry of National Defense", FIRST)
        self.usa = house("USA", "Department of Defense", FIRST, SECOND)
        self.jpn = house("JPN", "Ministry of Defense", SECOND)
        for one, marks in (
            (self.kor, (LEVEL_2,)),
            (self.usa, ("SECRET",)),
            (self.jpn, ("極秘", "特定秘密")),
        ):
            one.staff(marks)
        for one, other in ((self.kor, self.usa), (self.usa, self.jpn)):
            one.trust(other)
            other.trust(one)

    @property
    def houses(self) -> tuple[House, ...]:
        return self.kor, self.usa, self.jpn

    def close(self) -> None:
        for house in self.houses:
            house.node.stop()

    def moved(self, folder: Path) -> Triangle:
        """Three nodes of their own, open, from copies of these closed ones' folders."""
        copy = Triangle.__new__(Triangle)
        copy.clock, copy.wire = Clock(self.clock.at), Wire()
        copy.kor, copy.usa, copy.jpn = (
            house.moved(folder / house.party, copy.wire, copy.clock) for house in self.houses
        )
        return copy

    def settle(self) -> None:
        for _ in range(20):
            if not sum(house.tick() for house in self.houses):
                return

    def give(
        self,
        giver: House,
        taker: House,
        agreement: str,
        item: str,
        mark: str,
        conditions: tuple[str, ...] = (),
    ) -> Incoming:
        """Request, assurance, two decisions, dispatch; how it arrived."""
        request = giver.ok("P-5", release.RequestRelease(item, agreement, PURPOSE))["request"]
        self.assure(giver, taker, agreement, request, mark)
        giver.ok("P-3", release.Review(request, True))
        giver.ok("P-4", release.Decide(request, True, conditions=conditions))
        giver.ok("P-2", exchange.Dispatch((request,)))
        self.settle()
        return max(taker.incoming(), key=lambda a: a.received_at)

    def assure(self, giver: House, taker: House, agreement: str, request: str, mark: str) -> None:
        asked = notices.AssuranceAsked(request, mark, PURPOSE, "document", "missiles", 1)
        giver.ok("P-3", exchange.Notify(taker.registry, agreement, asked))
        self.settle()
        question = next(q for q in taker.open_questions() if q.about == asked)
        said = notices.AssuranceGiven(request, mark, True, True)
        taker.ok("P-3", exchange.Notify(giver.registry, agreement, said, question.id))
        self.settle()

    def accept(self, taker: House, arrival: Incoming, mark: str) -> Answer:
        lines = tuple(
            exchange.ReceivedLine(i.reference, True, mark) for i in arrival.statement.items()
        )
        answer = taker.do("P-2", exchange.Accept(arrival.peer, arrival.number, "F-1", lines))
        self.settle()
        return answer

    def to_the_hub(self, **more: Any) -> str:
        """Korea's item in the hub's register; its number there."""
        fields = {"agreement": FIRST, "releasable_to": ("JPN", "KOR", "USA"), **more}
        item = self.kor.register(LEVEL_2, CONTENT, **fields)
        arrival = self.give(self.kor, self.usa, FIRST, item, "SECRET")
        answer = self.accept(self.usa, arrival, "SECRET")
        return str(answer.told["items"][0])

    def consent(
        self,
        item: str,
        *,
        recipient: str = "JPN",
        until: str = "",
        paragraphs: tuple[str, ...] = (),
    ) -> None:
        """The hub asks, Korea grants, under one condition."""
        reference = steps.item(self.usa, item).reference
        asked = notices.ConsentAsked(reference, recipient, "government", PURPOSE, paragraphs)
        self.usa.ok("P-3", exchange.Notify("KOR-DIH1", FIRST, asked))
        self.settle()
        question = next(q for q in self.kor.open_questions() if q.about == asked)
        until = until or instant(self.clock.at + timedelta(days=30))
        said = notices.ConsentGranted(reference, recipient, PURPOSE, CONDITIONS, until)
        self.kor.ok("P-3", exchange.Notify("USA-DIH1", FIRST, said, question.id))
        self.settle()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Triangle:
    """A closed triangle, to be copied."""
    triangle = Triangle(tmp_path_factory.mktemp("triangle"))
    triangle.close()
    return triangle


@pytest.fixture
def three(prepared: Triangle, tmp_path: Path) -> Iterator[Triangle]:
    triangle = prepared.moved(tmp_path)
    yield triangle
    triangle.close()


def test_through_the_hub_with_consent(three: Triangle) -> None:
    here = three.to_the_hub()
    asked = release.RequestRelease(here, SECOND, PURPOSE)
    answer = three.usa.do("P-5", asked)
    assert steps.cited(answer) == [("originator_lets_it_go", "Art. 6(a)")]
    assert answer.ruling
    (outcome,) = answer.ruling.refusals()
    assert outcome.saw["received_under"] == FIRST
    assert outcome.saw["originator"] == "KOR"

    three.consent(here)
    arrival = three.give(three.usa, three.jpn, SECOND, here, "極秘", CONDITIONS)
    (line,) = arrival.statement.items()
    assert (line.originator, line.originator_mark) == ("KOR", LEVEL_2)
    assert line.onward is not None
    assert (line.onward.mark, line.onward.conditions) == ("SECRET", CONDITIONS)
    taken = three.accept(three.jpn, arrival, "極秘")
    assert taken.granted

    item = steps.item(three.jpn, str(taken.told["items"][0]))
    theirs = steps.item(three.usa, here)
    assert (item.originator, item.reference) == ("KOR", theirs.reference)
    assert (item.mark, item.local_mark, item.agreement) == (LEVEL_2, "極秘", SECOND)
    assert (item.conditions, theirs.conditions) == (CONDITIONS, ())
    (given,) = three.usa.node.clerk.state.all(PassedOn)
    assert (given.item, given.recipient, given.consent) == (here, "JPN", line.onward.consent)
    assert read(three.jpn, item) == CONTENT
    told = three.jpn.ok("P-5", registry.Read(item.number, 1, "F-1", PURPOSE))
    assert told["conditions"] == CONDITIONS


@pytest.mark.parametrize("taken, state", [(True, "transferred"), (False, "in_custody")])
def test_the_hub_accounts_for_the_copy_that_it_gave_on(
    three: Triangle, taken: bool, state: str
) -> None:
    """The third party answers by the originator's number; the hub's register has its own."""
    here = three.to_the_hub()
    assert "conditions" not in three.usa.ok("P-5", registry.Read(here, 1, "F-1", PURPOSE))
    three.consent(here)
    arrival = three.give(three.usa, three.jpn, SECOND, here, "極秘", CONDITIONS)
    assert steps.copy(three.usa, here).state == "in_transit"
    (line,) = arrival.statement.items()
    assert line.reference != here
    word = exchange.ReceivedLine(line.reference, taken, "極秘", "" if taken else "wrong desk")
    three.jpn.ok("P-2", exchange.Accept(arrival.peer, arrival.number, "F-1", (word,)))
    three.settle()
    assert steps.copy(three.usa, here).state == state
    assert steps.copy(three.kor, line.reference).state == "transferred"


def approved(three: Triangle, here: str) -> str:
    """A release of the hub's copy to Japan, decided by two, not dispatched."""
    usa = three.usa
    request = str(usa.ok("P-5", release.RequestRelease(here, SECOND, PURPOSE))["request"])
    three.assure(usa, three.jpn, SECOND, request, "極秘")
    usa.ok("P-3", release.Review(request, True))
    usa.ok("P-4", release.Decide(request, True, conditions=CONDITIONS))
    return request


def test_what_is_cancelled_was_not_passed_on(three: Triangle) -> None:
    """The register says so, and so does the book that the originator cosigns."""
    here = three.to_the_hub()
    three.consent(here)
    request, usa = approved(three, here), three.usa
    number = usa.ok("P-2", exchange.Dispatch((request,)))["number"]
    assert [(g.recipient, g.undone) for g in usa.node.clerk.state.all(PassedOn)] == [("JPN", "")]
    answer = usa.do("P-2", exchange.Cancel("JPN-DIH1", number, "wrong copy"))
    assert answer.granted
    undone = PassingOnUndone(request, here, "cancelled")
    assert Filed(FIRST, undone) in answer.filed
    (given,) = usa.node.clerk.state.all(PassedOn)
    assert (given.undone, given.undone_at) == ("cancelled", instant(three.clock.at))

    usa.ok("P-2", exchange.Dispatch((request,)))
    three.settle()
    (given,) = usa.node.clerk.state.all(PassedOn)
    assert (given.item, given.recipient, given.undone) == (here, "JPN", "")
    arrival = max(three.jpn.incoming(), key=lambda a: a.received_at)
    (line,) = arrival.statement.items()
    assert line.onward is not None
    assert line.onward.conditions == CONDITIONS


def test_what_the_third_party_s_node_refuses_was_not_passed_on(three: Triangle) -> None:
    here = three.to_the_hub()
    three.consent(here)
    request, usa = approved(three, here), three.usa
    number = usa.ok("P-2", exchange.Dispatch((request,)))["number"]
    for why, undone in (("conflict", ""), ("refused", "refused")):
        usa.node.clerk.submit(NodeRecords(SECOND, DeliveryRefused("JPN-DIH1", number, why, "no")))
        (given,) = usa.node.clerk.state.all(PassedOn)
        assert given.undone == undone, why


@pytest.mark.parametrize("taken, undone", [(True, ""), (False, "declined")])
def test_what_the_third_party_declines_was_not_passed_on(
    three: Triangle, taken: bool, undone: str
) -> None:
    here = three.to_the_hub()
    three.consent(here)
    arrival = three.give(three.usa, three.jpn, SECOND, here, "極秘", CONDITIONS)
    (line,) = arrival.statement.items()
    word = exchange.ReceivedLine(line.reference, taken, "極秘", "" if taken else "wrong desk")
    three.jpn.ok("P-2", exchange.Accept(arrival.peer, arrival.number, "F-1", (word,)))
    three.settle()
    (given,) = three.usa.node.clerk.state.all(PassedOn)
    assert given.undone == undone


def read(house: House, item: Item) -> bytes:
    """What an analyst reads of copy 1."""
    access = house.ok("P-5", registry.Read(item.number, 1, "F-1", PURPOSE))["access"]
    _, _, content = house.node.open_content(access, "P-5")
    return b"".join(bytes(chunk) for chunk in content)


@pytest.mark.parametrize(
    "given",
    [
        {"recipient": "AUS"},
        {"until": instant(datetime(2026, 1, 1, tzinfo=UTC))},
    ],
    ids=["to another", "over"],
)
def test_a_consent_holds_for_its_recipient_and_time(three: Triangle, given: dict[str, Any]) -> None:
    here = three.to_the_hub()
    three.consent(here, **given)
    answer = three.usa.do("P-5", release.RequestRelease(here, SECOND, PURPOSE))
    assert steps.cited(answer) == [("originator_lets_it_go", "Art. 6(a)")]


def test_a_consent_holds_for_its_purpose_and_list(three: Triangle) -> None:
    here = three.to_the_hub(releasable_to=("KOR", "USA"))
    three.consent(here)
    answer = three.usa.do("P-5", release.RequestRelease(here, SECOND, "training"))
    assert [rule for rule, _ in steps.cited(answer)] == [
        "releasable_list_names_recipient",
        "originator_lets_it_go",
    ]


def test_no_release_on_conditions_that_nobody_states_to_be_met(three: Triangle) -> None:
    """The second decider signs each condition, word for word; the dispatch asks again."""
    here = three.to_the_hub()
    three.consent(here)
    usa = three.usa
    request = usa.ok("P-5", release.RequestRelease(here, SECOND, PURPOSE))["request"]
    three.assure(usa, three.jpn, SECOND, request, "極秘")
    usa.ok("P-3", release.Review(request, True))
    for said in ((), ("no other release",), (*CONDITIONS, "by hand")):
        refused = usa.refused("P-4", release.Decide(request, True, conditions=said))
        assert refused == ["consent_conditions_are_met"]
    decided = usa.do("P-4", release.Decide(request, True, conditions=CONDITIONS))
    assert decided.granted
    (approved,) = [f.event for f in decided.filed]
    assert isinstance(approved, Approved)
    assert approved.conditions == CONDITIONS
    assert usa.do("P-2", exchange.Dispatch((request,))).granted
    (given,) = usa.node.clerk.state.all(PassedOn)
    assert given.conditions == CONDITIONS


def test_our_own_item_has_no_conditions(three: Triangle) -> None:
    item = three.kor.register(LEVEL_2, CONTENT, agreement=FIRST, releasable_to=("KOR", "USA"))
    request = three.kor.ok("P-5", release.RequestRelease(item, FIRST, PURPOSE))["request"]
    three.assure(three.kor, three.usa, FIRST, request, "SECRET")
    three.kor.ok("P-3", release.Review(request, True))
    said = release.Decide(request, True, conditions=CONDITIONS)
    assert three.kor.refused("P-4", said) == ["consent_conditions_are_met"]
    three.kor.ok("P-4", release.Decide(request, True))


def test_a_consent_for_parts_lets_no_whole_item_go(three: Triangle) -> None:
    here = three.to_the_hub()
    three.consent(here, paragraphs=("2",))
    answer = three.usa.do("P-5", release.RequestRelease(here, SECOND, PURPOSE))
    assert steps.cited(answer) == [("originator_lets_it_go", "Art. 6(a)")]


def test_consent_is_asked_again_when_it_goes(three: Triangle) -> None:
    """A consent that is over between the decision and the dispatch lets nothing go."""
    here = three.to_the_hub()
    three.consent(here, until=instant(three.clock.at + timedelta(minutes=5)))
    usa = three.usa
    request = usa.ok("P-5", release.RequestRelease(here, SECOND, PURPOSE))["request"]
    three.assure(usa, three.jpn, SECOND, request, "極秘")
    usa.ok("P-3", release.Review(request, True))
    usa.ok("P-4", release.Decide(request, True, conditions=CONDITIONS))
    three.clock.at += timedelta(minutes=10)
    assert usa.refused("P-2", exchange.Dispatch((request,))) == ["originator_lets_it_go"]
    assert not list(usa.node.clerk.state.all(PassedOn))


def test_what_came_by_the_hub_is_told_of_to_the_hub(three: Triangle) -> None:
    """A possible loss is told to the sender under their own agreement; level stays Korea's."""
    here = three.to_the_hub()
    three.consent(here)
    arrival = three.give(three.usa, three.jpn, SECOND, here, "極秘", CONDITIONS)
    three.accept(three.jpn, arrival, "極秘")
    reference = steps.item(three.usa, here).reference
    lost = notices.LossSuspected(
        (reference,), instant(three.clock.at), instant(three.clock.at), "missing at a count", True
    )
    three.jpn.ok("P-1", exchange.Notify("USA-DIH1", SECOND, lost))
    three.settle()
    assert any(q.about == lost for q in three.usa.open_questions())
    changed = notices.Reclassified(
        reference, "SECRET", "CONFIDENTIAL", instant(three.clock.at), "a reason"
    )
    answer = three.usa.do("P-3", exchange.Notify("JPN-DIH1", SECOND, changed))
    assert [rule for rule, _ in steps.cited(answer)] == ["only_the_originator_says_this"]


def test_a_line_without_its_consent_is_not_registered(three: Triangle) -> None:
    """A hub that leaves the consent out, or sends Japan its own item as another's, is refused."""
    here = three.to_the_hub()
    three.consent(here)
    arrival = three.give(three.usa, three.jpn, SECOND, here, "極秘", CONDITIONS)
    (line,) = arrival.statement.items()
    node = three.jpn.node
    for bent in (
        msgspec.structs.replace(line, onward=None),
        msgspec.structs.replace(line, originator="JPN"),
        msgspec.structs.replace(line, originator="USA"),
    ):
        case = accept_case(
            bent,
            exchange.ReceivedLine(line.reference, True, "極秘"),
            "F-1",
            node.clerk.state,
            node.context(three.clock(), "P-2", b"", node.clerk.state),
            arrival,
        )
        failed = {o.rule for o in ACCEPT_RULES.decide(case).refusals()}
        assert "third_party_item_names_consent" in failed
