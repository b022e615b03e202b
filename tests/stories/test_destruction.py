"""Stories of destruction (Art. 13): two people, what is left, what may not be destroyed."""

from __future__ import annotations

import pytest

from gsomia.exchange import commands as exchange
from gsomia.exchange import notices
from gsomia.faults import BadInput, Unavailable
from gsomia.registry import commands as registry
from gsomia.registry.model import Destruction
from tests.stories import steps
from tests.stories.town import AGREEMENT, Town

AT = "2026-03-02T09:00:00Z"


@pytest.mark.parametrize("sealed", [True, False])
def test_what_is_on_its_way_is_not_destroyed(town: Town, *, sealed: bool) -> None:
    number, request = steps.approved(town)
    steps.second_registrar(town.kor, "P-8")
    propose = registry.ProposeDestruction(number, "key-destruction", "end of need")
    early = town.kor.ok("P-2", propose)["destruction"]
    waits = town.kor.do("P-2", exchange.Dispatch((request,)))
    assert steps.cited(waits) == [("copies_are_in_custody", "Art. 9")]
    town.kor.ok("P-8", registry.DeclineDestruction(early, "it is asked for"))
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    if sealed:
        town.settle()
    answer = town.kor.do("P-2", propose)
    assert steps.cited(answer) == [("no_copy_is_in_transit", "Registry practice")]
    town.settle()
    town.accept()
    town.settle()
    proposed = town.kor.ok("P-2", propose)["destruction"]
    town.kor.ok("P-8", registry.CertifyDestruction(proposed))
    town.settle()
    assert [steps.copy(town.kor, number, n).state for n in (1, 2)] == ["transferred", "destroyed"]


def test_a_proposal_is_taken_back_and_made_again(town: Town) -> None:
    _, received = town.exchange()
    steps.second_registrar(town.jpn, "P-8")
    propose = registry.ProposeDestruction(received, "key-destruction", "end of need")
    wrong = town.jpn.ok("P-2", propose)["destruction"]
    assert steps.copy(town.jpn, received).state == "destruction_pending"
    for reason in ("", " "):
        with pytest.raises(BadInput, match="a reason"):
            town.jpn.do("P-2", registry.DeclineDestruction(wrong, reason))
    declined = registry.DeclineDestruction(wrong, "another item was meant")
    assert town.jpn.refused("P-5", declined) == ["actor_is_appointed"]
    town.jpn.ok("P-2", declined)
    assert steps.copy(town.jpn, received).state == "in_custody"
    assert steps.opened(town.jpn, "P-5", received)[1] == b"content"
    late = town.jpn.do("P-8", registry.CertifyDestruction(wrong))
    assert steps.cited(late) == [("not_destroyed_before", "Registry practice")]
    with pytest.raises(BadInput, match="that is proposed"):
        town.jpn.do("P-2", declined)
    again = town.jpn.ok("P-2", propose)["destruction"]
    town.jpn.ok("P-8", registry.CertifyDestruction(again))
    town.settle()
    with pytest.raises(BadInput, match="that is proposed"):
        town.jpn.do("P-2", registry.DeclineDestruction(again, "too late"))
    assert not steps.item(town.jpn, received).key_held


def test_two_people_destroy_and_the_certificate_says_what_is_left(town: Town) -> None:
    number, received = town.exchange()
    access = str(steps.read(town.jpn, "P-5", received).told["access"])
    propose = registry.ProposeDestruction(received, "key-destruction", "end of need")
    proposed = town.jpn.ok("P-2", propose)["destruction"]
    answer = town.jpn.do("P-2", registry.CertifyDestruction(proposed))
    assert steps.cited(answer) == [("witness_is_another_person", "Registry practice")]
    answer = town.jpn.do("P-2", propose)
    assert steps.cited(answer) == [("not_destroyed_before", "Registry practice")]
    steps.second_registrar(town.jpn, "P-8")
    town.jpn.ok("P-8", registry.CertifyDestruction(proposed))
    town.settle()

    here = steps.item(town.jpn, received)
    assert not here.key_held
    assert town.jpn.node.vault.slot(here.sealed.slot) is None
    assert not town.jpn.node.custody.blobs.exists(here.sealed.blob)
    with pytest.raises((BadInput, Unavailable)):
        town.jpn.node.open_content(access, "P-5")
    answer = steps.read(town.jpn, "P-5", received)
    assert steps.cited(answer) == [
        ("copy_is_held_there", "Art. 6(f)"),
        ("content_was_not_destroyed", "Art. 13"),
    ]
    (done,) = town.jpn.node.clerk.state.all(Destruction)
    left = "epoch key kem-1, with a copy of the transmittal as it was sent"
    assert (done.state, done.residual) == ("shredded", (left,))
    assert done.certified_by == "P-8"
    assert steps.copy(town.jpn, received).state == "destroyed"
    assert steps.item(town.kor, number).key_held, "the originator's own stays"


def test_the_epoch_key_is_a_remnant_until_it_is_destroyed(town: Town) -> None:
    _, received = town.exchange()
    assert steps.destroy(town.jpn, received).residual
    town.jpn.node.vault.destroy("kem-1")
    town.jpn.tick()
    (done,) = town.jpn.node.clerk.state.all(Destruction)
    assert done.residual == ()


def test_a_backup_is_a_remnant_until_it_is_retired(town: Town) -> None:
    number = town.kor.register(steps.LEVEL_2)
    town.kor.ok("P-2", registry.DeclareBackup("tape-1"))
    later = town.kor.register(steps.LEVEL_2)
    assert steps.destroy(town.kor, number).residual == ("backup tape-1",)
    assert steps.destroy(town.kor, later).residual == ()
    town.kor.ok("P-2", registry.RetireBackup("tape-1"))
    town.kor.tick()
    assert {d.residual for d in town.kor.node.clerk.state.all(Destruction)} == {()}


def test_who_is_not_cleared_destroys_nothing(town: Town) -> None:
    number = town.kor.register(steps.LEVEL_2)
    steps.enrol(town.kor, "P-8", "registrar")
    propose = registry.ProposeDestruction(number, "key-destruction", "end of need")
    assert town.kor.refused("P-8", propose) == ["destroyer_is_cleared"]
    proposed = town.kor.ok("P-2", propose)["destruction"]
    assert town.kor.refused("P-8", registry.CertifyDestruction(proposed)) == [
        "destroyer_is_cleared"
    ]
    assert town.kor.refused("P-5", registry.CertifyDestruction(proposed)) == ["actor_is_appointed"]


def test_a_destruction_told_to_the_originator_is_one_that_took_place(town: Town) -> None:
    """Art. 13: the notice names a certificate; the register must hold it."""
    number, received = town.exchange()
    about = notices.Destroyed(number, (1,), "key-destruction", "JPN-DIH1-D-000000000000")
    told = exchange.Notify("KOR-DIH1", AGREEMENT, about)
    assert steps.barred(town.jpn, "P-2", told)
    assert steps.item(town.jpn, received).key_held
