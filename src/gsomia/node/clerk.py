"""The clerk: the one writer of a node's books.

It takes commands from a queue in batches, decides each against the current
state, appends the entries of all of them in one durable transaction together
with the documents they change, and only then answers. One writer makes the
decisions serialisable without locks; the batch makes durability cheap.

If a commit fails, nothing of the batch happened: the trees are cut back, the
state is read again from the store, and every command of the batch is told so.
Nobody but the clerk sees a change before it is committed.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import NamedTuple

from gsomia.act import Answer, Command, Context
from gsomia.canon import decode, instant, order_key
from gsomia.faults import BadInput, GsomiaError, Unavailable
from gsomia.fold import State
from gsomia.journal.rows import Batch
from gsomia.node.books import FORM, Books, cites_of, derive, take_in
from gsomia.node.draft import Draft
from gsomia.node.orders import SignedOrder, Spent
from gsomia.node.ports import Clock, Rand, Store
from gsomia.node.tables import DOCS, NODE_ACTS, OFFICER_ACTS, form

MAX_BATCH = 256
"""Commands decided and committed together at most."""

MakeContext = Callable[[datetime, str, bytes, State], Context]


class _Waiting(NamedTuple):
    command: Command
    order: SignedOrder | None
    answer: Future[Answer]


class Clerk:
    """Decides and files. `submit` may be called from any thread; `start` runs the writer."""

    def __init__(
        self, store: Store, books: Books, make_context: MakeContext, clock: Clock, rand: Rand
    ) -> None:
        self.store, self.books = store, books
        self._make_context, self._clock, self._rand = make_context, clock, rand
        self._queue: queue.Queue[_Waiting | None] = queue.Queue(maxsize=10_000)
        self._thread: threading.Thread | None = None
        self._halted = ""
        self._last = ""
        self._is_new = True
        self.state = State()
        self.after_commit: Callable[[], None] = lambda: None
        self.report: Callable[[str], None] = lambda _: None
        self.load()

    # -- starting -------------------------------------------------------------------

    def load(self) -> None:
        """Read trees and documents from the store.

        Raises `Unavailable` if another version of this program derived the documents.
        """
        self.books.load(self.store)
        self._is_new = not self.books.names()
        if not self._is_new and self.store.meta(FORM) != form():
            raise Unavailable(
                "this node's documents were derived from its books by another version of gsomia",
                "Derive them again: gsomia node rebuild",
            )
        state = State()
        for kind, key, body in self.store.docs():
            type_ = DOCS.get(kind)
            if type_ is None:
                raise BadInput("a known kind of document", kind, f"document {key}")
            state.put(decode(body, type_, f"{kind} {key}"))
        state.take_changes()
        self.state = state
        last = self.store.meta("clock")
        self._last = last.decode() if last else ""

    def rebuild(self) -> int:
        """Drop all documents and fold them again from the books; the number of documents.

        Only while the writer is not running.
        """
        count = derive(self.store)
        self.load()
        return count

    def start(self) -> None:
        """Begin to take commands."""
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is queued, then end."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def halt(self, why: str) -> None:
        """Refuse every further command, with this explanation."""
        self._halted = why

    @property
    def halted(self) -> str:
        """Why this node refuses to act, or the empty string."""
        return self._halted

    # -- commands -------------------------------------------------------------------

    def submit(self, command: Command, order: SignedOrder | None = None) -> Answer:
        """Have a command decided and filed; returns once its entries are durable.

        Raises `BadInput`, `ProofFailed` or `Unavailable`; then nothing changed.
        """
        return self.hand_in(command, order).result()

    def hand_in(self, command: Command, order: SignedOrder | None = None) -> Future[Answer]:
        """As `submit`, without waiting."""
        if (type(command) in OFFICER_ACTS) != (order is not None):
            raise BadInput("an officer's command with its signature", command.act(), "clerk")
        waiting = _Waiting(command, order, Future())
        try:
            self._queue.put_nowait(waiting)
        except queue.Full:
            raise Unavailable("too many commands wait", "Try again in a moment") from None
        return waiting.answer

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            batch, last = [first], False
            while len(batch) < MAX_BATCH:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    last = True
                    break
                batch.append(more)
            self._process(batch)
            if last:
                return

    def _process(self, waiting: list[_Waiting]) -> None:
        sizes = {book: self.books.size(book) for book in self.books.names()}
        batch, draft = Batch(), Draft(self.state)
        done: list[tuple[_Waiting, Answer]] = []
        try:
            for one in waiting:
                try:
                    at = self._clock()
                    answer = self._decide(one, at, draft)
                except GsomiaError as error:
                    one.answer.set_exception(error)
                    continue
                self._file(answer, one.order, at, batch, draft)
                done.append((one, answer))
            batch.docs = draft.take_changes()
            if batch.entries:
                batch.meta.append(("clock", self._last.encode()))
                if self._is_new:
                    batch.meta.append((FORM, form()))
                self.store.commit(batch)
                self.books.settle()
                draft.settle()
                self._is_new = False
        except Exception as error:  # noqa: BLE001  told to every caller; a bug halts the node
            self._give_up(error, sizes, waiting)
            return
        for one, answer in done:
            one.answer.set_result(answer)
        if batch.entries:
            self.after_commit()

    def _give_up(self, error: Exception, sizes: dict[str, int], waiting: list[_Waiting]) -> None:
        """Nothing of the batch happened. A bug halts the node; a full disk does not.

        An error of ours in filing is a bug too: what was decided must fold.
        """
        self.books.forget_after(sizes)
        if not isinstance(error, Unavailable):
            self.report("".join(traceback.format_exception(error)))
            self.halt("a fault in the program stopped this node; see its log")
        try:
            self.load()
        except GsomiaError as again:
            self.halt(f"the store cannot be read again: {again}")
        for one in waiting:
            if not one.answer.done():
                one.answer.set_exception(error)

    def _decide(self, one: _Waiting, at: datetime, draft: Draft) -> Answer:
        if self._halted:
            raise Unavailable(self._halted)
        if order_key(instant(at)) < order_key(self._last):
            raise Unavailable(
                f"the clock was set back: it says {instant(at)}, the last entry {self._last}",
                "Set the clock right",
            )
        order = one.order
        if order is not None and draft.get(Spent, order.order.nonce) is not None:
            raise BadInput("a command not carried out before", "one that was", "command")
        context = self._make_context(
            at, order.person if order else "", order.signed if order else b"", draft
        )
        table = OFFICER_ACTS if order else NODE_ACTS
        return table[type(one.command)](one.command, draft, context)

    def _file(
        self, answer: Answer, order: SignedOrder | None, at: datetime, batch: Batch, draft: Draft
    ) -> None:
        signed = order
        for filed in answer.filed:
            cites = cites_of(filed, draft)
            row, where = self.books.append(filed.book, filed.event, at, signed, cites)
            take_in(draft, row, filed.event, where)
            batch.entries.append(row)
            self._last, signed = row.at, None
