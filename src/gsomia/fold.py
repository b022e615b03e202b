"""State as a fold: events go in, keyed frozen documents come out.

An *event* says what happened; its fields become the facts of one journal entry.
A *document* says how something stands: an item, a copy, an appointment. Folding
the events of all books, in order, gives the documents; nothing else changes
them, so they can be dropped and rebuilt to the same bytes.

Each field of an event belongs to a class, which says how long its opening
lives: *register* facts to the end of retention, *personal* data to its lawful
disposal. Item content, titles included, is in no event: it lies sealed under
the item's own key, and events hold the digest of the ciphertext. A personal
field falls back to its default once its opening is disposed of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from gsomia.canon import encode
from gsomia.faults import BadInput, shown
from gsomia.shapes import from_json


class Event(msgspec.Struct, frozen=True, tag_field="kind"):
    """Something that happened. The struct's tag is the kind of its journal entry."""

    personal: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def kind_(cls) -> str:
        """The entry's kind, like `registry.item_registered`."""
        return str(cls.__struct_config__.tag)

    @classmethod
    def class_of(cls, field: str) -> str:
        """The disclosure class of a field: `register` or `personal`."""
        return "personal" if field in cls.personal else "register"

    def facts(self) -> dict[str, bytes]:
        """Each field's canonical bytes."""
        return {name: encode(getattr(self, name)) for name in self.__struct_fields__}


E = TypeVar("E", bound=Event)


def revive(type_: type[E], values: Mapping[str, bytes]) -> E:
    """The event that `facts` took apart, from the openings that are left.

    Fields whose opening was disposed of must have a default in `type_`.
    """
    fields = ",".join(f'"{k}":{v.decode()}' for k, v in values.items())
    body = f'{{"kind":"{type_.kind_()}"{"," if fields else ""}{fields}}}'
    return from_json(body.encode(), type_)


class Doc(msgspec.Struct, frozen=True, tag_field="doc"):
    """How one thing stands. `key` tells it from others of its kind."""

    @property
    def key(self) -> str:
        """Unique among documents of this type."""
        raise NotImplementedError(type(self).__name__)  # pragma: no cover

    @property
    def settled(self) -> bool:
        """Whether nothing will be done about it any more: work lists pass it over."""
        return False

    @classmethod
    def kind_(cls) -> str:
        """The document's kind, like `registry.item`."""
        return str(cls.__struct_config__.tag)


D = TypeVar("D", bound=Doc)


class Where(msgspec.Struct, frozen=True):
    """The place of an entry: its book, its index there, and its leaf hash."""

    book: str
    index: int
    leaf: str


class Follower(Protocol):
    """What is derived from all documents and kept beside them, such as columns."""

    def __init__(self, state: State) -> None:
        """Derive it from nothing."""

    def take(self, state: State, changed: Collection[tuple[type[Doc], str]]) -> None:
        """Bring it up to date with the documents of these types and keys, as they now stand."""


F = TypeVar("F", bound=Follower)


class State:
    """All documents, by type and key.

    Changes since the last `take_changes` are remembered, so that the store can
    write them in the same transaction as the entries that caused them.
    """

    def __init__(self) -> None:
        self._docs: dict[type[Doc], dict[str, Doc]] = {}
        self._changed: dict[tuple[str, str], Doc | None] = {}
        self._open: dict[type[Doc], dict[str, Doc]] = {}
        self._closed: list[Doc] = []
        self._followers: dict[type[Any], tuple[Any, dict[tuple[type[Doc], str], None]]] = {}
        self._notes: tuple[dict[tuple[type[Doc], str], None], ...] = ()

    def follow(self, make: type[F]) -> F:
        """What `make` derives from the documents, up to date. One asker at a time.

        It is made when first asked for; until then it costs nothing, and from then on each
        change leaves one note, which the next asker works off. A change made meanwhile is
        in this answer or noted for the next.
        """
        if make not in self._followers:
            noted: dict[tuple[type[Doc], str], None] = {}
            self._notes = (*self._notes, noted)
            self._followers[make] = make(self), noted
        found, noted = self._followers[make]
        changed = []
        while noted:
            changed.append(noted.popitem()[0])
        if changed:
            found.take(self, changed)
        return found  # type: ignore[no-any-return]  # keyed by type

    def get(self, type_: type[D], key: str) -> D | None:
        """The document, or None."""
        return self._docs.get(type_, {}).get(key)  # type: ignore[return-value]  # keyed by type

    def need(self, type_: type[D], key: str, where: str) -> D:
        """The document; raises `BadInput` if there is none."""
        found = self.get(type_, key)
        if found is None:
            name = type_.kind_().split(".")[-1].replace("_", " ")
            raise BadInput(f"a known {name}", shown(key) or "nothing", where)
        return found

    def all(self, type_: type[D]) -> Iterator[D]:
        """All documents of a type, in the order they first appeared."""
        yield from tuple(self._docs.get(type_, {}).values())  # type: ignore[misc]  # keyed by type

    def open(self, type_: type[D]) -> Iterator[D]:
        """Those not settled: what this costs does not grow with all that ever was."""
        yield from tuple(self._open.get(type_, {}).values())  # type: ignore[misc]  # keyed by type

    def take_closed(self) -> list[Doc]:
        """The documents that were settled since the last call."""
        closed, self._closed = self._closed, []
        return closed

    def count(self, type_: type[D]) -> int:
        """How many documents of a type there are."""
        return len(self._docs.get(type_, {}))

    def put(self, doc: Doc) -> None:
        """Add or replace a document. Only folds may call this."""
        key = doc.key
        self._docs.setdefault(type(doc), {})[key] = doc
        self._changed[doc.kind_(), key] = doc
        for noted in self._notes:
            noted[type(doc), key] = None
        if type(doc).settled is not Doc.settled:
            self._sort(doc, key)

    def _sort(self, doc: Doc, key: str) -> None:
        open_ = self._open.setdefault(type(doc), {})
        if not doc.settled:
            open_[key] = doc
        elif open_.pop(key, None) is not None:
            self._closed.append(doc)

    def remove(self, type_: type[Doc], key: str) -> None:
        """Remove a document, if it is there. Only folds may call this."""
        self._open.get(type_, {}).pop(key, None)
        if self._docs.get(type_, {}).pop(key, None) is not None:
            self._changed[type_.kind_(), key] = None
            for noted in self._notes:
                noted[type_, key] = None

    def take_changes(self) -> list[tuple[str, str, bytes | None]]:
        """(kind, key, canonical bytes or None if removed) of each change since the last call."""
        changed, self._changed = self._changed, {}
        return [(k, n, None if d is None else encode(d)) for (k, n), d in changed.items()]


Fold = Callable[[State, Any, Where, str], None]
"""(state, event, where it stands, instant text): changes documents, nothing else."""
