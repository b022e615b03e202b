"""What a past decision shows of the ground it relied on."""

from __future__ import annotations

from typing import Any

from gsomia.cli.past import _ground


def outcome(**saw: Any) -> dict[str, Any]:
    return {"rule": "x", "held": True, "saw": saw}


def test_the_ground_of_a_decision_names_the_reading_relied_on() -> None:
    found = _ground(
        [
            outcome(agreement_status="notice_suspended", contestable=True, reading="K"),
            outcome(contestable=True, policy="second_pair", policy_version=2, reading="K"),
            outcome(actor="P-2"),
        ]
    )
    assert found == {
        "agreement_status": "notice_suspended",
        "contestable": True,
        "reading": "K",
        "policy": "second_pair",
        "policy_version": 2,
    }
    assert _ground([outcome(actor="P-2")]) == {}
