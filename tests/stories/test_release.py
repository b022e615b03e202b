"""Stories of release: who may give what to whom, and on whose word."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gsomia.canon import encode
from gsomia.clearance import commands as clearance
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.exchange.cover import Cover
from gsomia.faults import BadInput
from gsomia.registry import commands as registry
from gsomia.registry.model import Copy, Item
from gsomia.release import commands as release
from gsomia.release.model import Request
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, Town


def ask(town: Town, number: str, person: str = "P-5", **more: Any):
    return town.kor.do(person, release.RequestRelease(number, AGREEMENT, PURPOSE, **more))


def test_level_one_is_registered_at_home_and_never_released(town: Town) -> None:
    """군사I급비밀 is a national mark, and the agreement leaves it out (Art. 4)."""
    number = town.kor.register("군사I급비밀")
    assert steps.item(town.kor, number).mark == "군사I급비밀"
    answer = ask(town, number)
    assert steps.cited(answer) == [
        ("mark_is_on_the_list", "Art. 4(1)"),
        ("recipient_has_a_corresponding_mark", "Art. 4(2)"),
    ]
    assert encode(steps.refusals(town.kor)[-1]) == encode(answer.ruling)
    assert list(town.kor.node.clerk.state.all(Request)) == []


def test_a_mark_of_the_other_side_is_no_mark_of_ours(town: Town) -> None:
    sealed = town.kor.node.stage(None, "", Cover("A title", "what was said"))
    theirs = registry.Register(AGREEMENT, "極秘", "missiles", "document", "Theirs", "F-1", sealed)
    assert town.kor.refused("P-2", theirs) == ["carries_a_national_mark"]


@pytest.mark.parametrize("named", [("KOR", "USA"), ("KOR",), ()])
def test_an_item_whose_list_does_not_name_japan_stays_here(
    town: Town, named: tuple[str, ...]
) -> None:
    """An empty list means nobody, not everybody."""
    answer = ask(town, town.kor.register(steps.LEVEL_2, releasable_to=named))
    assert steps.cited(answer) == [("releasable_list_names_recipient", "Originator control")]


def test_no_purpose_no_release(town: Town) -> None:
    number = town.kor.register(steps.LEVEL_2)
    answer = town.kor.do("P-5", release.RequestRelease(number, AGREEMENT, "  "))
    assert steps.cited(answer) == [("purpose_is_stated", "Art. 6(c)")]


@pytest.mark.parametrize("copies", [(), (1, 1), (3,)])
def test_copies_asked_for_must_exist_once_each(town: Town, copies: tuple[int, ...]) -> None:
    number = town.kor.register(steps.LEVEL_2)
    with pytest.raises(BadInput):
        ask(town, number, copies=copies)


def test_who_asked_does_not_decide(town: Town) -> None:
    number = town.kor.register(steps.LEVEL_2)
    request = ask(town, number, "P-3").told["request"]
    town.assure(request)
    two = "decided_by_another_person"
    assert town.kor.refused("P-3", release.Review(request, True)) == [two]
    town.kor.ok("P-4", release.Review(request, True))
    assert town.kor.refused("P-3", release.Decide(request, True)) == [two]
    assert town.kor.node.clerk.state.need(Request, request, "").state == "reviewed"


def test_who_reviewed_does_not_decide_a_second_time(town: Town) -> None:
    _, request = steps.requested(town)
    town.assure(request)
    town.kor.ok("P-3", release.Review(request, True))
    again = town.kor.refused("P-3", release.Review(request, True))
    assert again == ["request_awaits_this_step", "decided_by_another_person"]
    assert town.kor.refused("P-3", release.Decide(request, True)) == ["decided_by_another_person"]
    town.kor.ok("P-4", release.Decide(request, True))
    assert town.kor.node.clerk.state.need(Request, request, "").state == "approved"


def test_steps_are_taken_in_order(town: Town) -> None:
    _, request = steps.requested(town)
    town.assure(request)
    early = town.kor.refused("P-4", release.Decide(request, True))
    assert early == ["request_awaits_this_step"]
    with pytest.raises(BadInput, match="an approved request"):
        town.kor.do("P-2", exchange.Dispatch((request,)))


def test_an_analyst_and_a_registrar_cannot_decide(town: Town) -> None:
    _, request = steps.requested(town)
    town.assure(request)
    assert town.kor.refused("P-2", release.Review(request, True)) == ["actor_is_appointed"]
    assert "actor_is_appointed" in town.kor.refused("P-5", release.Review(request, True))


def test_nothing_is_released_before_the_assurance(town: Town) -> None:
    _, request = steps.requested(town)
    answer = town.kor.do("P-3", release.Review(request, True))
    assert steps.cited(answer) == [
        ("recipient_assured_clearance", "Art. 7(5)(a)"),
        ("recipient_assured_need", "Art. 7(5)(b)"),
        ("recipient_assured_protection", "Art. 7(5)(c)"),
    ]


@pytest.mark.parametrize(
    "said, refused",
    [
        (("極秘", True, True), []),
        (("特定秘密", True, True), []),
        (("秘", True, True), ["recipient_assured_clearance"]),
        (("極秘", False, True), ["recipient_assured_need"]),
        (("極秘", True, False), ["recipient_assured_protection"]),
    ],
)
def test_each_part_of_the_assurance_counts(
    town: Town, said: tuple[str, bool, bool], refused: list[str]
) -> None:
    _, request = steps.requested(town)
    steps.tell(town.jpn, "P-3", notices.AssuranceGiven(request, *said))
    town.settle()
    answer = town.kor.do("P-3", release.Review(request, True))
    assert answer.ruling is not None
    assert [o.rule for o in answer.ruling.refusals()] == refused


def test_an_assurance_refused_is_no_assurance(town: Town) -> None:
    _, request = steps.requested(town)
    asked = notices.AssuranceAsked(request, steps.LEVEL_2, PURPOSE, "document", "missiles", 1)
    steps.tell(town.kor, "P-3", asked)
    town.settle()
    question = steps.question(town.jpn, notices.AssuranceAsked)
    steps.tell(town.jpn, "P-3", notices.AssuranceRefused(request, "nobody cleared"), question.id)
    town.settle()
    assert len(town.kor.refused("P-3", release.Review(request, True))) == 3


def test_a_denial_says_why_and_ends_the_request(town: Town) -> None:
    number, request = steps.requested(town)
    with pytest.raises(BadInput, match="a reason"):
        town.kor.do("P-3", release.Review(request, False))
    town.kor.ok("P-3", release.Review(request, False, "too early"))
    town.assure(request)
    late = town.kor.refused("P-4", release.Decide(request, True))
    assert late == ["request_awaits_this_step"]
    with pytest.raises(BadInput, match="an open request"):
        town.kor.do("P-4", release.Decide(request, False, "again"))
    assert ask(town, number).granted, "the requester may ask again"


# -- dispatch asks again ----------


def test_content_destroyed_after_the_decision_is_not_sent(town: Town) -> None:
    number, request = steps.approved(town)
    steps.destroy(town.kor, number)
    assert steps.barred(town.kor, "P-2", exchange.Dispatch((request,)))
    assert town.kor.node.clerk.state.need(Request, request, "").state == "approved"


def test_a_need_no_longer_assured_stops_the_dispatch(town: Town) -> None:
    _, request = steps.approved(town)
    steps.tell(town.jpn, "P-3", notices.AssuranceGiven(request, "極秘", False, True))
    town.settle()
    answer = town.kor.do("P-2", exchange.Dispatch((request,)))
    assert steps.cited(answer) == [("recipient_assured_need", "Art. 7(5)(b)")]


def test_the_registrar_must_still_be_one_when_dispatching(town: Town) -> None:
    _, request = steps.approved(town)
    town.kor.ok("P-1", clearance.EndAppointment("P-2", "registrar"))
    assert town.kor.refused("P-2", exchange.Dispatch((request,))) == ["actor_is_appointed"]


def test_an_item_goes_out_once_for_one_decision(town: Town) -> None:
    _, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    with pytest.raises(BadInput, match="an approved request"):
        town.kor.do("P-2", exchange.Dispatch((request,)))


def test_two_items_go_in_one_transmittal(town: Town) -> None:
    requests = tuple(steps.approved(town, content=bytes(n))[1] for n in (1, 2))
    town.kor.ok("P-2", exchange.Dispatch(requests))
    town.settle()
    assert len(town.accept()) == 2
    town.settle()
    assert steps.sent(town.kor).state == "accepted"


def test_a_copy_that_was_sent_is_not_here_to_be_sent_again(town: Town) -> None:
    """Custody is of copies (Art. 9): what the partner acknowledged, we do not hold."""
    number, _ = town.exchange()
    answer = town.kor.do("P-5", release.RequestRelease(number, AGREEMENT, PURPOSE, (1,)))
    assert ("copies_are_in_custody", "Art. 9") in steps.cited(answer)


def test_a_second_copy_can_follow_the_first(town: Town) -> None:
    number, first = town.exchange()
    request = town.release(number, copies=(2,))
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    town.accept()
    state = town.jpn.node.clerk.state
    held = {c.number for c in state.all(Copy) if c.item == first}
    assert held == {1, 2}


def test_a_received_item_is_not_ours_to_release(town: Town) -> None:
    _, received = town.exchange()
    answer = town.jpn.do("P-5", release.RequestRelease(received, AGREEMENT, PURPOSE))
    assert ("originator_lets_it_go", "Art. 6(a)") in steps.cited(answer)


def test_received_content_cannot_be_registered_as_our_own(town: Town) -> None:
    """It would shed its originator, its purpose and its list (Art. 6(a))."""
    _, received = town.exchange()
    sealed = steps.item(town.jpn, received).sealed
    ours = registry.Register(
        AGREEMENT, "極秘", "missiles", "document", "Ours", "F-1", sealed, ("JPN", "USA")
    )
    assert steps.barred(town.jpn, "P-2", ours)


def test_sealed_content_belongs_to_one_item(town: Town) -> None:
    """Two items on one key slot: destroying one would destroy the other's content."""
    number = town.kor.register(steps.LEVEL_2)
    first = steps.item(town.kor, number)
    again = registry.Register(
        AGREEMENT, first.mark, "missiles", "document", "Again", "F-1", first.sealed
    )
    assert steps.barred(town.kor, "P-2", again)
    assert town.kor.node.clerk.state.count(Item) == 1


def test_content_not_staged_here_is_not_registered(town: Town) -> None:
    good = steps.item(town.kor, town.kor.register(steps.LEVEL_2)).sealed
    for change in ({"slot": "0" * 32}, {"cover": "sha256:" + "0" * 64}, {"ciphertext_size": 1}):
        with pytest.raises(BadInput):
            town.kor.do(
                "P-2",
                registry.Register(
                    AGREEMENT,
                    steps.LEVEL_2,
                    "missiles",
                    "document",
                    "Again",
                    "F-1",
                    msgspec.structs.replace(good, **change),
                ),
            )
