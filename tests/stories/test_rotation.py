"""Keys rotate by signed succession: partners follow, old messages still open, then old keys go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gsomia.clearance import commands as clearance
from gsomia.exchange import commands as exchange
from gsomia.exchange.card import fingerprint_of, open_card
from gsomia.exchange.model import OwnCard, Peer
from gsomia.faults import BadInput
from gsomia.registry import commands as registry
from gsomia.registry.model import Destruction
from tests.stories import steps
from tests.stories.town import Town


def test_partners_follow_a_signed_succession(town: Town) -> None:
    """After the rotation both directions work under the new card, and only the serial moved on."""
    before = open_card(town.jpn.node.card_note)
    town.jpn.ok("P-1", exchange.Rotate("yearly"))
    town.settle()
    after = open_card(town.jpn.node.card_note)
    assert (before.serial, after.serial) == (1, 2)
    assert after.root == before.root
    assert after.kem.public != before.kem.public
    assert after.statement != before.statement
    known = town.kor.node.clerk.state.need(Peer, "JPN-DIH1", "peer")
    assert open_card(known.card.encode()) == after
    town.exchange()


def test_what_was_sealed_under_the_old_card_is_still_taken_in(town: Town) -> None:
    """A transmittal on its way while the sender rotates arrives all the same."""
    item = town.kor.register("군사II급비밀")
    request = town.release(item)
    town.wire.down = True
    town.kor.ok("P-2", exchange.Dispatch((request,)))
    town.kor.tick()
    town.kor.ok("P-1", exchange.Rotate("suspected"))
    town.kor.tick()
    town.kor.tick()
    assert open_card(town.kor.node.card_note).serial == 2
    town.wire.down = False
    town.clock.at += timedelta(minutes=10)
    town.settle()
    assert town.accept()


def test_a_rotation_survives_a_restart(town: Town) -> None:
    """The card in force is on record: a node started again signs with it."""
    town.kor.ok("P-1", exchange.Rotate("yearly"))
    town.settle()
    town.kor.restart()
    assert open_card(town.kor.node.card_note).serial == 2
    town.exchange()


def test_one_rotation_at_a_time(town: Town) -> None:
    """A second order before the first is through is bad input."""
    town.kor.ok("P-1", exchange.Rotate("one"))
    with pytest.raises(BadInput, match="no rotation under way"):
        town.kor.do("P-1", exchange.Rotate("two"))


def test_only_the_security_authority_orders_it(town: Town) -> None:
    """A registrar may not."""
    assert town.kor.refused("P-2", exchange.Rotate("why not")) == ["actor_is_appointed"]


def test_destroyed_content_is_gone_for_good_once_the_epoch_key_is(town: Town) -> None:
    """Until the epoch's key is destroyed the record says that a copy could still be opened."""
    _, received = town.exchange()
    jpn = town.jpn
    jpn.ok("P-1", exchange.Rotate("new epoch"))
    town.settle()
    jpn.ok("P-1", registry.DeclareBackup("tape 7"))
    told = jpn.ok("P-2", registry.ProposeDestruction(received, "key-destruction", "served"))
    jpn.ok("P-1", clearance.Appoint("P-5", "custodian", "letter"))
    jpn.ok("P-5", registry.CertifyDestruction(told["destruction"]))
    town.settle()
    found = jpn.node.clerk.state.need(Destruction, told["destruction"], "destruction")
    assert found.state == "shredded"
    assert any("epoch key kem-1" in r for r in found.residual)
    town.clock.at += timedelta(days=31)
    town.settle()
    found = jpn.node.clerk.state.need(Destruction, told["destruction"], "destruction")
    assert not any("epoch key" in r for r in found.residual)
    cards = {c.serial: c.state for c in jpn.node.clerk.state.all(OwnCard)}
    assert cards == {2: "current"}
    assert jpn.node.identity.kem_serials() == [2]


def test_a_card_that_ends_soon_raises_the_alarm_once(town: Town) -> None:
    """Ten days before, and not before; a rotation order answers it."""
    town.clock.at += timedelta(days=19)
    town.settle()
    assert not [a for a in steps.alarms(town.jpn) if a == "card ends"]
    town.clock.at += timedelta(days=2)
    town.settle()
    town.settle()
    assert [a for a in steps.alarms(town.jpn) if a == "card ends"] == ["card ends"]
    town.jpn.ok("P-1", exchange.Rotate("the epoch ends"))
    town.settle()
    assert open_card(town.jpn.node.card_note).serial == 2
    town.settle()
    assert len([a for a in steps.alarms(town.jpn) if a == "card ends"]) == 1


def test_two_nodes_whose_cards_both_lapsed_come_together_again(town: Town) -> None:
    """Items wait, but a succession goes out all the same; after it they follow."""
    town.clock.at += timedelta(days=31)
    for house in (town.kor, town.jpn):
        house.ok("P-1", exchange.Rotate("late"))
    town.settle()
    for house in (town.kor, town.jpn):
        assert open_card(house.node.card_note).serial == 2
        peer = next(iter(house.node.clerk.state.all(Peer)))
        assert peer.serial == 2
    town.exchange()


def test_a_newer_card_may_be_compared_by_hand(town: Town) -> None:
    """Where no succession can come, two people compare the newer card's fingerprint."""
    town.wire.down = True
    town.jpn.ok("P-1", exchange.Rotate("cut off"))
    town.settle()
    newer = town.jpn.node.card_note
    old = town.jpn.card.decode()
    with pytest.raises(BadInput, match="a card after serial 1"):
        town.kor.do("P-1", exchange.Trust(old, fingerprint_of(open_card(town.jpn.card))))
    town.kor.ok("P-1", exchange.Trust(newer.decode(), fingerprint_of(open_card(newer))))
    peer = town.kor.node.clerk.state.need(Peer, "JPN-DIH1", "peer")
    assert (peer.serial, peer.previous) == (2, old)
