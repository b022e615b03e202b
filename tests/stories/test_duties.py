"""Stories of a holder's duties: new marks, return, loss, destruction."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gsomia.act import Answer
from gsomia.canon import instant
from gsomia.clearance.rules import actor_is_appointed
from gsomia.exchange import commands as exchange
from gsomia.exchange import notices, rules
from gsomia.exchange.model import Alarm, NoticeFile
from gsomia.exchange.notice_acts import references
from gsomia.faults import BadInput
from gsomia.registry import commands as registry
from gsomia.registry.model import Item
from gsomia.release import commands as release
from gsomia.release.model import PassedOn
from gsomia.ruling import RuleList
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, House, Town

LEVEL_3 = "군사III급비밀"
AT = "2026-03-02T09:00:00Z"


def reclassify(town: Town, reference: str, to: str = LEVEL_3) -> str:
    """Korea changes the level; the id of its notice."""
    about = notices.Reclassified(reference, steps.LEVEL_2, to, AT, "no longer so harmful")
    said = steps.tell(town.kor, "P-3", about)
    town.settle()
    return said


# -- changes of classification, Art. 6(g) ----------


def test_a_lowered_item_is_read_again_once_it_is_marked_again(town: Town) -> None:
    number, received = town.exchange()
    asked = reclassify(town, number)
    assert steps.item(town.kor, number).mark == LEVEL_3
    here = steps.item(town.jpn, received)
    assert (here.mark, here.local_mark, here.remark_to) == (steps.LEVEL_2, "極秘", LEVEL_3)
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [("mark_is_current", "Art. 6(g)")]

    early = notices.ReclassificationDone(number, AT)
    answer = steps.notify(town.jpn, "P-2", early, asked)
    assert steps.cited(answer) == [("register_says_the_same", "Art. 6(f)")]
    wrong = town.jpn.do("P-2", registry.Remark(received, "極秘"))
    assert steps.cited(wrong) == [("new_mark_corresponds", "Art. 4(2)")]
    town.jpn.ok("P-2", registry.Remark(received, "秘"))

    here = steps.item(town.jpn, received)
    assert (here.mark, here.local_mark, here.remark_to) == (LEVEL_3, "秘", None)
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"
    steps.tell(town.jpn, "P-2", early, asked)
    town.settle()
    (question,) = [n for n in town.kor.node.clerk.state.all(NoticeFile) if n.id == asked]
    assert question.answered_by


def test_a_change_that_is_to_come_leaves_the_old_mark_until_then(town: Town) -> None:
    number, received = town.exchange()
    later = town.clock.at + timedelta(hours=2)
    about = notices.Reclassified(number, steps.LEVEL_2, LEVEL_3, instant(later), "from then on")
    steps.tell(town.kor, "P-3", about)
    town.settle()
    for house, item, mark in ((town.kor, number, LEVEL_3), (town.jpn, received, "秘")):
        here = steps.item(house, item)
        assert (here.mark, here.remark_to, here.remark_at) == (
            steps.LEVEL_2,
            LEVEL_3,
            instant(later),
        )
        early = house.do("P-2", registry.Remark(item, mark))
        assert steps.cited(early) == [("change_is_in_effect", "Art. 6(g)")]
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"

    town.clock.at = later
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [("mark_is_current", "Art. 6(g)")]
    for house, item, mark in ((town.kor, number, LEVEL_3), (town.jpn, received, "秘")):
        house.ok("P-2", registry.Remark(item, mark))
        here = steps.item(house, item)
        assert (here.mark, here.local_mark, here.remark_to) == (LEVEL_3, mark, None)
    assert steps.read(town.jpn, "P-5", received).granted


def test_a_change_is_from_the_mark_on_record(town: Town) -> None:
    number, _ = town.exchange()
    about = notices.Reclassified(number, LEVEL_3, "", AT, "it was lower, we thought")
    with pytest.raises(BadInput, match="the register shows"):
        steps.notify(town.kor, "P-3", about)


def test_a_declassified_item_is_read_by_those_it_was_given_to(town: Town) -> None:
    """Without a level it carries no mark, and that is no reason to lock it away."""
    number, received = town.exchange()
    reclassify(town, number, "")
    town.jpn.ok("P-2", registry.Remark(received, ""))
    here = steps.item(town.jpn, received)
    assert (here.mark, here.local_mark, here.remark_to) == ("", "", None)
    answer = steps.read(town.jpn, "P-5", received)
    assert answer.granted, steps.cited(answer)


def test_a_holder_changes_no_level(town: Town) -> None:
    number, received = town.exchange()
    about = notices.Reclassified(number, steps.LEVEL_2, LEVEL_3, AT, "we think so")
    with pytest.raises(BadInput, match="lists for JPN"):
        steps.notify(town.jpn, "P-3", about)
    lowered = notices.Reclassified(number, steps.LEVEL_2, "秘", AT, "we think so")
    answer = steps.notify(town.jpn, "P-3", lowered)
    assert steps.cited(answer) == [("only_the_originator_says_this", "Art. 6(g)")]
    answer = town.jpn.do("P-2", registry.Remark(received, "秘"))
    assert ("originator_ordered_it", "Art. 6(g)") in steps.cited(answer)
    assert steps.item(town.jpn, received).local_mark == "極秘"


@pytest.mark.parametrize("mark", ["군사I급비밀", "秘", "SECRET"])
def test_a_level_is_changed_within_the_list_only(town: Town, mark: str) -> None:
    number, _ = town.exchange()
    about = notices.Reclassified(number, steps.LEVEL_2, mark, AT, "so decided")
    with pytest.raises(BadInput, match="lists for KOR"):
        steps.notify(town.kor, "P-3", about)


def test_no_partner_hears_of_an_item_it_was_never_given(town: Town) -> None:
    """Registration before release is ours alone; a notice about it would give it away."""
    number = town.kor.register(steps.LEVEL_2)
    about = notices.Reclassified(number, steps.LEVEL_2, LEVEL_3, AT, "so decided")
    answer = steps.notify(town.kor, "P-3", about)
    assert not answer.granted
    town.settle()
    assert town.jpn.incoming() == []


@pytest.mark.parametrize("arrived", [True, False])
def test_a_change_told_before_the_item_is_registered_is_not_lost(
    town: Town, *, arrived: bool
) -> None:
    """A notice goes before routine items, and a registrar takes time to mark what came."""
    number, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.wire.down = not arrived
    town.settle()
    steps.tell(town.kor, "P-3", notices.Reclassified(number, steps.LEVEL_2, LEVEL_3, AT, "lower"))
    town.kor.tick()
    town.wire.down = False
    town.clock.at += timedelta(minutes=6)
    town.settle()
    order = [a.what for a in town.jpn.incoming() if a.number in ("T-000002", "T-000003")]
    assert order == (["items", "notice"] if arrived else ["notice", "items"])
    (received,) = town.accept()
    here = steps.item(town.jpn, received)
    assert (here.mark, here.local_mark, here.remark_to) == (steps.LEVEL_2, "極秘", LEVEL_3)
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [("mark_is_current", "Art. 6(g)")]
    town.jpn.ok("P-2", registry.Remark(received, "秘"))
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"


def test_an_item_leaves_under_the_mark_that_was_decided(town: Town) -> None:
    """What is changed before sealing is told as any change, also that it is no secret any more."""
    number, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    reclassify(town, number)
    none = notices.Reclassified(number, LEVEL_3, "", AT, "it is known to all")
    steps.tell(town.kor, "P-3", none)
    town.settle()
    (arrival,) = steps.waiting(town.jpn)
    assert [line.originator_mark for line in arrival.statement.items()] == [steps.LEVEL_2]
    (received,) = town.accept()
    assert steps.item(town.jpn, received).remark_to == ""
    town.jpn.ok("P-2", registry.Remark(received, ""))
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"


def test_a_change_that_the_item_shows_already_is_not_due_again(town: Town) -> None:
    """One copy waits for the registrar; another follows under the new mark, and is accepted."""
    number, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    reclassify(town, number)
    again = town.release(number, (2,), mark=LEVEL_3, clearance="秘")
    town.kor.ok("P-2", exchange.Dispatch((again,)))
    town.settle()
    first, second = steps.waiting(town.jpn)
    for arrival, mark in ((second, "秘"), (first, "極秘")):
        lines = (exchange.ReceivedLine(number, True, mark),)
        accepted = exchange.Accept(arrival.peer, arrival.number, "F-1", lines)
        (received,) = town.jpn.ok("P-2", accepted)["items"]
        here = steps.item(town.jpn, received)
        assert (here.mark, here.local_mark, here.remark_to) == (LEVEL_3, "秘", None)


@pytest.mark.parametrize("registered", [True, False])
def test_a_change_that_a_hostile_network_held_back_undoes_no_later_one(
    town: Town, *, registered: bool
) -> None:
    """Lowered, then raised again: whoever delivers the two the other way round lowers nothing."""
    number, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    if registered:
        town.accept()
        town.settle()
    town.wire.down = True
    for from_mark, to in ((steps.LEVEL_2, LEVEL_3), (LEVEL_3, steps.LEVEL_2)):
        about = notices.Reclassified(number, from_mark, to, AT, "so decided")
        steps.tell(town.kor, "P-3", about)
    town.kor.tick()
    lowered, raised = (o.number for o in town.kor.outgoing() if o.state == "sealed")
    for told in (raised, lowered):
        steps.take(town.jpn, steps.exported(town.kor, told))
    if not registered:
        town.accept()
    (item,) = town.jpn.node.clerk.state.all(Item)
    assert item.remark_to == steps.LEVEL_2


def test_a_change_to_come_leaves_the_one_that_is_due(town: Town) -> None:
    number, received = town.exchange()
    reclassify(town, number)
    later = instant(town.clock.at + timedelta(hours=2))
    none = notices.Reclassified(number, LEVEL_3, "", later, "on the day it is published")
    steps.tell(town.kor, "P-3", none)
    town.settle()
    assert steps.item(town.jpn, received).remark_to == LEVEL_3
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [("mark_is_current", "Art. 6(g)")]
    town.jpn.ok("P-2", registry.Remark(received, "秘"))
    here = steps.item(town.jpn, received)
    assert (here.mark, here.remark_to, here.remark_at) == (LEVEL_3, "", later)
    assert steps.read(town.jpn, "P-5", received).granted


def test_a_change_that_was_taken_back_before_its_day_never_counts(town: Town) -> None:
    """Both notices come late, after the day of the first: it was never carried out."""
    number, received = town.exchange()
    town.wire.down = True
    for to, hours in (("", 1), (LEVEL_3, 3)):
        since = instant(town.clock.at + timedelta(hours=hours))
        steps.tell(town.kor, "P-3", notices.Reclassified(number, steps.LEVEL_2, to, since, "so"))
    town.kor.tick()
    town.clock.at += timedelta(hours=2)
    town.wire.down = False
    town.settle()
    here = steps.item(town.jpn, received)
    assert (here.remark_to, here.remark_at, here.remark_then) == (LEVEL_3, since, None)
    assert steps.read(town.jpn, "P-5", received).granted


def test_a_change_that_is_due_is_carried_out_before_the_next(town: Town) -> None:
    number, _ = town.exchange()
    since = instant(town.clock.at + timedelta(hours=1))
    steps.tell(town.kor, "P-3", notices.Reclassified(number, steps.LEVEL_2, LEVEL_3, since, "so"))
    town.clock.at += timedelta(hours=1)
    other = notices.Reclassified(number, steps.LEVEL_2, "", since, "so")
    with pytest.raises(BadInput, match="re-marked by the last change"):
        steps.notify(town.kor, "P-3", other)


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_change_that_takes_the_place_of_one_to_come_is_due(town: Town, minutes: int) -> None:
    number, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    for to, after in ((LEVEL_3, 60), ("", minutes)):
        since = instant(town.clock.at + timedelta(minutes=after))
        steps.tell(town.kor, "P-3", notices.Reclassified(number, steps.LEVEL_2, to, since, "so"))
    town.settle()
    (received,) = town.accept()
    assert steps.item(town.jpn, received).remark_to == ""


def test_a_loss_and_a_return_are_told_of_what_is_not_registered_yet(town: Town) -> None:
    number, request = steps.approved(town)
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.settle()
    steps.tell(town.kor, "P-3", notices.ReturnAsked(number, (1,), "sent in error"))
    lost = notices.LossSuspected((number,), "the bag was open", AT, "the airport", possible=True)
    steps.tell(town.kor, "P-2", lost)
    town.settle()
    assert steps.alarms(town.jpn) == ["loss"]
    assert references(steps.question(town.jpn, notices.ReturnAsked).about) == (number,)


def test_a_notice_that_is_not_heeded_alarms(town: Town, monkeypatch) -> None:
    """A partner's node may follow rules of its own: what it says of ours must be true here."""
    _, received = town.exchange()
    lenient: RuleList[rules.NoticeCase] = RuleList("exchange.notify", (actor_is_appointed,))
    monkeypatch.setattr(rules, "NOTIFY_RULES", lenient)
    reference = steps.item(town.jpn, received).reference
    about = notices.ReturnAsked(reference, (1,), "it is ours, we think")
    steps.tell(town.jpn, "P-3", about)
    town.settle()
    assert steps.alarms(town.kor) == ["not heeded"]
    (alarm,) = town.kor.node.clerk.state.all(Alarm)
    assert "return_asked is not heeded: Art. 6(g): Only the originator" in alarm.text


# -- end of need, Art. 6(h) ----------


def test_copies_asked_back_are_returned(town: Town) -> None:
    number, received = town.exchange()
    asked = steps.tell(town.kor, "P-3", notices.ReturnAsked(number, (1,), "superseded"))
    town.settle()
    with pytest.raises(BadInput, match="copies that were asked for"):
        steps.notify(town.jpn, "P-2", notices.Returned(number, (1, 2)), asked)
    steps.tell(town.jpn, "P-2", notices.Returned(number, (1,)), asked)
    town.settle()
    assert steps.copy(town.jpn, received).state == "returned"
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [("copy_is_held_there", "Art. 6(f)")]
    question = next(town.kor.open_questions(), None)
    assert question is None or question.id != asked


def test_only_a_holder_returns_and_only_the_originator_asks(town: Town) -> None:
    number, _ = town.exchange()
    answer = steps.notify(town.kor, "P-2", notices.Returned(number, (1,)))
    assert ("only_a_holder_says_this", "Art. 6") in steps.cited(answer)
    answer = steps.notify(town.jpn, "P-3", notices.ReturnAsked(number, (1,), "please"))
    assert steps.cited(answer) == [("only_the_originator_says_this", "Art. 6(g)")]


def test_a_return_is_of_copies_that_are_held(town: Town) -> None:
    """Copy 2 never left Korea: Japan cannot say that it sends it back (Art. 6(f))."""
    number, _ = town.exchange()
    told = exchange.Notify("KOR-DIH1", AGREEMENT, notices.Returned(number, (2,)))
    assert steps.barred(town.jpn, "P-2", told)


# -- loss, Art. 17 ----------


def lose(house: House, *numbers: str) -> str:
    about = notices.LossSuspected(numbers, "a copy cannot be found", AT, "vault 3", possible=True)
    return steps.tell(house, "P-2", about)


def test_a_suspected_loss_is_told_and_keeps_the_item_from_destruction(town: Town) -> None:
    number, received = town.exchange()
    asked = lose(town.jpn, number)
    assert steps.item(town.jpn, received).under_incident
    town.settle()
    assert steps.alarms(town.kor) == ["loss"]
    propose = registry.ProposeDestruction(received, "key-destruction", "end of need")
    answer = town.jpn.do("P-2", propose)
    assert steps.cited(answer) == [("not_under_incident", "Art. 17")]
    steps.tell(town.kor, "P-2", notices.LossAcknowledged((number,)), asked)
    town.settle()
    assert [n for n in town.jpn.open_questions() if n.answers == asked]


def test_a_loss_found_between_two_signatures_stops_the_destruction(town: Town) -> None:
    number, received = town.exchange()
    steps.second_registrar(town.jpn, "P-8")
    propose = registry.ProposeDestruction(received, "key-destruction", "end of need")
    proposed = town.jpn.ok("P-2", propose)["destruction"]
    lose(town.jpn, number)
    answer = town.jpn.do("P-8", registry.CertifyDestruction(proposed))
    assert steps.cited(answer) == [("not_under_incident", "Art. 17")]
    town.jpn.tick()
    assert steps.item(town.jpn, received).key_held


def test_a_loss_of_what_nobody_knows_is_no_notice(town: Town) -> None:
    town.exchange()
    about = notices.LossSuspected(("KOR-DIH1-2026-000099",), "lost", AT, "", possible=True)
    answer = steps.notify(town.jpn, "P-2", about)
    assert steps.cited(answer) == [("subject_is_known", "Registry practice")]


# -- third parties, Art. 6(a) ----------


def pass_on(
    town: Town,
    received: str,
    recipient: str = "USA",
    purpose: str = PURPOSE,
    conditions: tuple[str, ...] = (),
    paragraphs: tuple[str, ...] = (),
) -> Answer:
    said = release.PassOn(received, recipient, purpose, conditions, paragraphs)
    return town.jpn.do("P-3", said)


def test_nothing_is_passed_on_without_consent(town: Town) -> None:
    number, received = town.exchange()
    nothing = [("originator_approved_recipient", "Art. 6(a)")]
    nothing += [("originator_approved_purpose", "Art. 6(c)")]
    assert steps.cited(pass_on(town, received)) == nothing
    asked = steps.ask_consent(town, number, "USA", PURPOSE)
    assert steps.cited(pass_on(town, received)) == nothing, "silence is no consent"
    steps.tell(town.kor, "P-3", notices.ConsentRefused(number, "not to them"), asked)
    town.settle()
    assert steps.cited(pass_on(town, received)) == nothing
    assert town.jpn.node.clerk.state.count(PassedOn) == 0


def test_a_consent_carries_its_conditions_and_reaches_no_further(town: Town) -> None:
    number, received = town.exchange()
    met = ("no copies", "by hand")
    steps.consent(town, number, "USA", PURPOSE, met)
    unmet = [("consent_conditions_are_met", "Art. 6(a)")]
    for said in ((), met[:1], ("no copies", "by Hand")):
        assert steps.cited(pass_on(town, received, conditions=said)) == unmet
    answer = pass_on(town, received, conditions=met)
    assert answer.granted
    assert answer.told["conditions"] == met
    (done,) = town.jpn.node.clerk.state.all(PassedOn)
    assert (done.recipient, done.conditions) == ("USA", met)
    assert answer.ruling is not None
    saw = next(o.saw for o in answer.ruling.outcomes if o.rule == "consent_conditions_are_met")
    assert (saw["consent_conditions"], saw["conditions_confirmed"]) == (met, met)
    other = steps.cited(pass_on(town, received, recipient="AUS", conditions=met))
    assert other == [("originator_approved_recipient", "Art. 6(a)")]
    other = steps.cited(pass_on(town, received, purpose="training", conditions=met))
    assert other == [("originator_approved_purpose", "Art. 6(c)")]


def test_of_two_consents_the_one_whose_conditions_are_met_counts(town: Town) -> None:
    number, received = town.exchange()
    for condition in ("by hand", "no copies"):
        steps.consent(town, number, "USA", PURPOSE, (condition,))
    assert steps.cited(pass_on(town, received, conditions=("no copies", "by hand")))
    answer = pass_on(town, received, conditions=("no copies",))
    assert answer.granted
    assert answer.told["conditions"] == ("no copies",)


def test_a_consent_for_parts_is_none_for_the_whole(town: Town) -> None:
    number, received = town.exchange()
    asked = notices.ConsentAsked(number, "USA", "state", PURPOSE, ("2", "5"))
    question = steps.tell(town.jpn, "P-3", asked)
    town.settle()
    steps.tell(town.kor, "P-3", notices.ConsentGranted(number, "USA", PURPOSE), question)
    town.settle()
    parts = [("originator_approved_these_parts", "Art. 6(a)")]
    assert steps.cited(pass_on(town, received)) == parts
    assert steps.cited(pass_on(town, received, paragraphs=("2", "3"))) == parts
    assert pass_on(town, received, paragraphs=("5",)).granted
    (done,) = town.jpn.node.clerk.state.all(PassedOn)
    assert done.paragraphs == ("5",)


def test_an_expired_consent_is_none(town: Town) -> None:
    number, received = town.exchange()
    steps.consent(town, number, "USA", PURPOSE, until=steps.in_days(town.jpn, 1))
    assert pass_on(town, received).granted
    town.clock.at += timedelta(days=1)
    refused = steps.cited(pass_on(town, received))
    assert refused == [("originator_approved_recipient", "Art. 6(a)")]


def test_every_consent_counts_not_only_the_last(town: Town) -> None:
    """A second consent, for another purpose, does not take the first one away."""
    number, received = town.exchange()
    for purpose in ("first purpose", "second purpose"):
        steps.consent(town, number, "USA", purpose)
    for purpose in ("first purpose", "second purpose"):
        answer = pass_on(town, received, purpose=purpose)
        assert answer.granted, purpose


def test_only_the_originator_consents(town: Town) -> None:
    number, _ = town.exchange()
    asked = steps.ask_consent(town, number, "USA", PURPOSE)
    said = notices.ConsentGranted(number, "USA", PURPOSE)
    answer = steps.notify(town.jpn, "P-3", said, asked)
    assert ("only_the_originator_says_this", "Art. 6(g)") in steps.cited(answer)
    assert ("question_is_open", "Registry practice") in steps.cited(answer)
    wider = notices.ConsentGranted(number, "AUS", PURPOSE)
    with pytest.raises(BadInput, match="the recipient of the question"):
        steps.notify(town.kor, "P-3", wider, asked)


def test_our_own_item_is_not_passed_on_but_released(town: Town) -> None:
    number = town.kor.register(steps.LEVEL_2)
    answer = town.kor.do("P-3", release.PassOn(number, "USA", PURPOSE))
    assert ("item_is_the_partners", "Art. 6(a)") in steps.cited(answer)


def test_what_must_be_marked_again_is_not_passed_on(town: Town) -> None:
    number, received = town.exchange()
    steps.consent(town, number, "USA", PURPOSE)
    reclassify(town, number)
    assert steps.cited(pass_on(town, received)) == [("copy_is_fit_to_pass_on", "Art. 6(g)")]
