"""What a desk reads: projections of the state, in plain values, bounded and paged.

A view is a pure function of the state and of text parameters; it changes nothing
and can be asked again at any time. Titles and content are in no view: they lie
sealed. Who may ask is the door's question.

Every list takes `limit` (1 to 1000, 100 unless told) and `after`, the key at which
the page before ended, and gives `rows`, `total`, and `next`: the key to go on after,
or null. `now` is the instant from which ages are counted; without it there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gsomia.fold import State
from gsomia.views import (
    amendments,
    days,
    desk,
    exchange,
    impact,
    letters,
    people,
    register,
    requests,
    treaty,
)

View = Callable[[State, dict[str, str]], Any]

VIEWS: Mapping[str, View] = {
    "desk": desk.desk,
    "queue": desk.queue,
    "items": register.items,
    "item": register.item,
    "requests": requests.requests,
    "request": requests.request,
    "outgoing": exchange.outgoing,
    "incoming": exchange.incoming,
    "transmittal": exchange.transmittal,
    "notices": exchange.notices,
    "notice": exchange.notice,
    "alarms": exchange.alarms,
    "peers": exchange.peers,
    "people": people.people,
    "person": people.person,
    "facilities": people.facilities,
    "instruments": treaty.instruments,
    "letters": letters.letters,
    "letter": letters.letter,
    "told": letters.told,
    "normalisation": letters.normalisation,
    "agreement": treaty.agreement,
    "policy": treaty.policy,
    "agreed-text": treaty.agreed_text,
    "text": treaty.text,
    "amendments": amendments.amendments,
}
"""Every view by its name. Each raises `BadInput` for parameters it does not know."""

QUESTIONS: Mapping[str, View] = {
    "deadlines": days.days,
    "what-if": impact.what_if,
}
"""Questions whose text may be long, or that use what is kept beside the documents.

As views, but asked one at a time: see `State.follow`.
"""

__all__ = ["QUESTIONS", "VIEWS", "View"]
