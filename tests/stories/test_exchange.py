"""Two nodes exchange an item, from registration to the acceptance receipt."""

from __future__ import annotations

from gsomia.registry import commands as registry
from gsomia.registry.model import Access, Item
from tests.stories.town import PURPOSE, Town


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
