"""What a batch of commands changes, before it is durable.

The clerk decides each command on top of those before it, and everybody else must see
only what is committed: a worker that shreds, seals or sends because of an entry must
find that entry on the disk after any crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from gsomia.fold import Doc, State

D = TypeVar("D", bound=Doc)


class Draft(State):
    """Changes over a state, which stays as it is until `settle`. For the clerk's thread only."""

    def __init__(self, base: State) -> None:
        super().__init__()
        self._base = base
        self._gone: set[tuple[type[Doc], str]] = set()
        self._log: list[tuple[type[Doc], str, Doc | None]] = []

    def get(self, type_: type[D], key: str) -> D | None:
        """The document as it would be, or None."""
        found = super().get(type_, key)
        if found is not None or (type_, key) in self._gone:
            return found
        return self._base.get(type_, key)

    def all(self, type_: type[D]) -> Iterator[D]:
        """All documents of a type as they would be, in the order they first appeared."""
        mine = {d.key: d for d in super().all(type_)}
        for doc in self._base.all(type_):
            if not mine and not self._gone:
                yield doc
            elif (type_, doc.key) not in self._gone:
                yield mine.pop(doc.key, doc)
        yield from mine.values()

    def open(self, type_: type[D]) -> Iterator[D]:
        """Those that would not be settled; costs as much as `all`."""
        return (doc for doc in self.all(type_) if not doc.settled)

    def count(self, type_: type[D]) -> int:
        """How many documents of a type there would be."""
        return sum(1 for _ in self.all(type_))

    def put(self, doc: Doc) -> None:
        """Add or replace a document. Only folds may call this."""
        super().put(doc)
        self._log.append((type(doc), doc.key, doc))

    def remove(self, type_: type[Doc], key: str) -> None:
        """Remove a document, if it is there. Only folds may call this."""
        if self.get(type_, key) is None:
            return
        self._docs.get(type_, {}).pop(key, None)
        name = type_.kind_()
        self._changed[name, key] = None
        self._gone.add((type_, key))
        self._log.append((type_, key, None))

    def settle(self) -> None:
        """Carry the changes over, now that they are durable."""
        for type_, key, doc in self._log:
            if doc is None:
                self._base.remove(type_, key)
            else:
                self._base.put(doc)
        self._base.take_changes()
        self._log.clear()
