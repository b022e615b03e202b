"""Two nodes exchange an item, from registration to the acceptance receipt."""

from __future__ import annotations

from gsomia.exchange import commands as exchange
from gsomia.exchange.cover import Cover
from gsomia.exchange.messages import Disclosed, Elsewhere, File
from gsomia.registry import commands as registry
from gsomia.registry.model import FORMS, Access, Item
from tests.stories import steps
from tests.stories.town import AGREEMENT, PURPOSE, Town


def test_an_item_goes_from_register_to_register(town: Town) -> None:
    """Registered, decided, sealed, sent, receipted, marked, read: every step on record."""
    _, received = town.exchange(content=b"the content itself")
    (out,) = [o for o in town.kor.outgoing() if o.what == "items"]
    assert out.state == "accepted"
    assert out.receipt
    assert out.lines[0].local_number == received
    here = town.jpn.node.clerk.state.need(Item, received, "item")
    assert (here.mark, here.local_mark, here.originator) == ("군사II급비밀", "極秘", "KOR")
    told = town.jpn.ok("P-5", registry.Read(received, 1, "F-1", PURPOSE))
    reader = town.jpn.node.clerk.state.need(Access, told["access"], "access").reader
    _, cover, content = town.jpn.node.open_content(told["access"], reader)
    assert cover.title == "A title that is content"
    assert b"".join(bytes(x) for x in content) == b"the content itself"


def test_every_form_of_information_goes_with_a_file_and_without_one(town: Town) -> None:
    """Art. 2(a): what is told or shown is registered; an object travels by itself (Art. 12)."""
    kor, jpn = town.kor, town.jpn
    forms = [(form, content) for form in FORMS for content in (b"a file", None)]
    items = [kor.register("군사II급비밀", content, form=form) for form, content in forms]
    kor.ok("P-2", exchange.Dispatch(tuple(town.release(item) for item in items)))
    town.settle()
    (arrival,) = [x for x in jpn.incoming() if x.what == "items"]
    received = town.accept()
    lines = arrival.statement.items()
    for (form, content), line, number in zip(forms, lines, received, strict=True):
        kind = File if content else Disclosed if form in ("oral", "visual") else Elsewhere
        assert (line.form.value, type(line.content)) == (form, kind)
        assert steps.item(jpn, number).form == form
        access = jpn.ok("P-5", registry.Read(number, 1, "F-1", PURPOSE))["access"]
        _, cover, shown = jpn.node.open_content(access, "P-5")
        assert b"".join(map(bytes, shown)) == (content or b"")
        assert cover.said == ("" if content else "what was said")


def test_another_form_is_not_registered(town: Town) -> None:
    sealed = town.kor.node.stage(None, "", Cover("A title", "what was said"))
    command = registry.Register(
        AGREEMENT, "군사II급비밀", "missiles", "rumour", "Rumour 1", "F-1", sealed, ("JPN", "KOR")
    )
    answer = town.kor.do("P-2", command)
    assert steps.cited(answer) == [("has_a_form_the_treaty_counts", "Art. 2(a)")]
