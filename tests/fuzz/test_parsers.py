"""Hostile bytes for every parser: refused in the program's own words, or taken as they are.

`pytest tests/fuzz` is the short run; `make fuzz` the long one, in which an input that takes
more than a second of the processor's time is a failure too.
"""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import (
    of_agreement,
    of_bindings,
    of_documents,
    of_evidence,
    of_exchange,
    of_journal,
    of_labels,
    of_marks,
    of_stix,
)
from tests.fuzz.harness import Harness
from tests.fuzz.hostile import inputs

HARNESSES: dict[str, Harness] = {
    **of_journal.HARNESSES,
    **of_exchange.HARNESSES,
    **of_evidence.HARNESSES,
    **of_agreement.HARNESSES,
    **of_labels.HARNESSES,
    **of_bindings.HARNESSES,
    **of_marks.HARNESSES,
    **of_stix.HARNESSES,
    **of_documents.HARNESSES,
}
SECONDS = 1.0
TIMED = ("fuzz",)


@pytest.mark.parametrize("name", HARNESSES)
def test_the_examples_are_accepted(name: str) -> None:
    """Without this, a harness that refuses everything would find nothing."""
    for example in HARNESSES[name].examples:
        HARNESSES[name].parse(example)


@pytest.mark.parametrize("name", HARNESSES)
@given(data=st.data())
def test_hostile_input(name: str, data: st.DataObject) -> None:
    harness = HARNESSES[name]
    spoiled = data.draw(inputs(harness.examples, *harness.ways), label=name)
    start = process_time()
    harness.accepts(spoiled.data)
    if settings.get_current_profile_name() in TIMED:
        assert process_time() - start < SECONDS, f"{len(spoiled.data)} bytes took too long"
