"""The documents about agreements say what the program does."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import msgspec

from gsomia.agreement import Kind, load_instruments, load_pack, model
from gsomia.agreement.instrumentfile import InstrumentForm
from tests.agreement.builders import MINIMAL, REAL, RENUMBERED

DOCS = Path(__file__).parents[2] / "docs"
FORMAT = (DOCS / "formats" / "agreement-pack.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", FORMAT, re.DOTALL)


def test_the_examples_are_read() -> None:
    pack, provisions, instruments = EXAMPLES
    assert load_pack(pack.encode(), "example") == MINIMAL
    before, _, rest = RENUMBERED.partition("provisions:")
    after = rest[rest.index("entry_into_force:") :]
    stated = load_pack(f"{before}{provisions}{after}".encode(), "example").provisions
    assert [p.article for p in stated] == ["Art. 6(2)(b)", None]
    assert len(load_instruments(instruments.encode(), "example", REAL)) == 1


def test_every_field_is_documented() -> None:
    structs = [s for s in vars(model).values() if isinstance(s, type)]
    fields = {
        f.encode_name
        for s in (*structs, InstrumentForm)
        if issubclass(s, msgspec.Struct)
        for f in msgspec.structs.fields(s)
    }
    assert len(fields) > 60
    assert [f for f in sorted(fields) if f"`{f}`" not in FORMAT] == []
    assert [k for k in Kind if f"`{k}`" not in FORMAT] == []


def test_the_session_in_the_lifecycle_page_is_true() -> None:
    text = (DOCS / "lifecycle.md").read_text("utf-8").replace("```", "")
    test = doctest.DocTestParser().get_doctest(text, {}, "lifecycle.md", None, 0)
    assert test.examples
    failures = doctest.DocTestRunner().run(test)
    assert failures.failed == 0
