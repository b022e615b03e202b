"""Verifying whatever an inspector was handed: one file, one book, or a folder of both.

The answer is a report in plain words, never an exception: the first problem, what
was checked, and what each evidence file proves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from gsomia.evidence.book import READ_ME, verify_book
from gsomia.evidence.bookfolder import CARD, NEWEST
from gsomia.evidence.claim import Claim
from gsomia.evidence.file import MAX_EVIDENCE, SUFFIX, Checked, verify_evidence
from gsomia.evidence.files import Files, Limits, Listed, Under
from gsomia.evidence.opened import Opened
from gsomia.evidence.told import Detail, Phrase, of_book, of_evidence, say
from gsomia.evidence.trust import HOW, Trust, by_any
from gsomia.exchange.receipt import (
    DELIVERY_CONFLICT,
    DELIVERY_RECEIPT,
    DeliveryConflict,
    DeliveryReceipt,
)
from gsomia.faults import BadInput, ProofFailed, Unavailable, shown
from gsomia.journal.statement import open_statement, read_unverified

RECEIPT = ".receipt"
MAX_RECEIPT = 1 << 16
MAX_TOLD = 100
"""Further problems told at most."""

_NUMBERED = re.compile(r"([A-Z0-9-]+-[0-9]{4}-[0-9]{6})(-[0-9]+)?" + re.escape(SUFFIX))
"""A name that a node gives: a control number, and a count where an item was released twice."""


class Report(msgspec.Struct, frozen=True):
    """The outcome. `problem` is the first, in plain words, and None only if `ok`.

    `checked` counts entries and signed statements that hold; `details` say what
    each file proves, and every further problem; `claims` are those that hold. `told` are
    the details in phrases, to be said in another language (`told.say`).
    """

    ok: bool
    checked: int
    problem: str | None
    details: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    opened: tuple[Opened, ...] = ()
    told: tuple[Detail, ...] = ()


class _Found(msgspec.Struct):
    """What one file or book came to."""

    count: int
    detail: Detail
    claim: Claim | None = None
    opened: tuple[Opened, ...] = ()


def verify_path(files: Files, cards: Sequence[bytes], limits: Limits | None = None) -> Report:
    """Verify everything that `files` hold against the signed node cards in `cards`.

    A folder with `book.json` is a book (`book.verify_book`); `*.evidence` is an
    evidence file (`file.verify_evidence`), of the item that its name says, if it says
    one; `*.receipt` a delivery receipt or conflict, whose signature is checked.
    `README` and `README.md` are passed over; any other file is a problem, and so is a
    folder with nothing to verify. Goes on after a problem, to say what else is wrong.
    Raises nothing but bugs.
    """
    try:
        trust = _trusted(cards)
        listed = _bounded(files, limits or Limits())
    except (BadInput, ProofFailed, Unavailable) as error:
        return Report(ok=False, checked=0, problem=str(error), details=())
    tasks, problems = _tasks(files, listed, trust)
    if not tasks and not problems:
        problems.append("there is nothing to verify here")
    held: list[_Found] = []
    for task in tasks:
        try:
            held.append(task())
        except (BadInput, ProofFailed, Unavailable) as error:
            problems.append(str(error))
    more = (Phrase("also", {"problem": problem}) for problem in problems[1 : MAX_TOLD + 1])
    told = (*(one.detail for one in held), *(Detail("", ((phrase,),)) for phrase in more))
    return Report(
        ok=not problems,
        checked=sum(one.count for one in held),
        problem=problems[0] if problems else None,
        details=tuple(map(say, told)),
        claims=tuple(one.claim for one in held if one.claim is not None),
        opened=tuple(line for one in held for line in one.opened),
        told=told,
    )


def _trusted(cards: Sequence[bytes]) -> Trust:
    """The trusted cards. Raises `ProofFailed` if there are none or one is not whole."""
    trust = Trust.of(cards)
    if not trust.cards:
        raise ProofFailed(f"no node card is trusted, so nothing can be verified. {HOW}")
    return trust


def _bounded(files: Files, limits: Limits) -> list[Listed]:
    """The listing, if it stays within the bounds. Raises `BadInput`."""
    listed: list[Listed] = []
    total = 0
    for one in files.listing():
        listed.append(one)
        total += one.size
        if len(listed) > limits.files:
            raise BadInput(f"at most {limits.files} files", "more", "folder")
        if total > limits.total:
            raise BadInput(f"at most {limits.total} bytes", "more", "folder")
        if one.path.count("/") > limits.depth:
            raise BadInput(f"at most {limits.depth} levels", "deeper", shown(one.path))
    return listed


def _tasks(
    files: Files, listed: Sequence[Listed], trust: Trust
) -> tuple[list[Callable[[], _Found]], list[str]]:
    """What is to be verified, and the files that nothing can be made of."""
    books = _book_folders(listed)
    parts: dict[str, list[Listed]] = {folder: [] for folder in books}
    tasks: list[Callable[[], _Found]] = []
    problems: list[str] = []
    for one in listed:
        name = one.path.rpartition("/")[2]
        folder = _folder_of(one.path, parts)
        if folder is not None:
            parts[folder].append(one)
        elif not one.regular:
            problems.append(f"{shown(one.path)}: is a link or no regular file: it was not read")
        elif name.endswith(SUFFIX):
            tasks.append(_evidence(files, one.path, trust))
        elif name.endswith(RECEIPT):
            tasks.append(_receipt(files, one.path, trust))
        elif name == NEWEST:
            problems.append(f"{shown(one.path)}: is of a book, and its {CARD} is missing")
        elif name not in READ_ME:
            problems.append(f"{shown(one.path)}: is no {SUFFIX} and no {RECEIPT}, and of no book")
    for folder, inside in parts.items():
        tasks.append(_book(files, folder, inside, trust))
    return tasks, problems


def _book_folders(listed: Sequence[Listed]) -> list[str]:
    """The folders that hold a `book.json`, the outermost of nested ones."""
    found: list[str] = []
    for path in sorted(one.path for one in listed):
        folder, _, name = path.rpartition("/")
        if name == CARD and _folder_of(path, dict.fromkeys(found)) is None:
            found.append(folder)
    return found


def _folder_of(path: str, books: dict[str, object] | dict[str, list[Listed]]) -> str | None:
    """The book's folder that a path lies in, or None."""
    if "" in books:
        return ""
    at = path.find("/")
    while at >= 0:
        if path[:at] in books:
            return path[:at]
        at = path.find("/", at + 1)
    return None


def _evidence(files: Files, path: str, trust: Trust) -> Callable[[], _Found]:
    def run() -> _Found:
        data = files.read(path, MAX_EVIDENCE)
        checked = verify_evidence(data, trust, shown(path))
        _check_name(path, checked)
        said = of_evidence(shown(path), checked)
        return _Found(checked.count, said, checked.claim, checked.opened)

    return run


def _check_name(path: str, checked: Checked) -> None:
    """A file that is named by a control number is of that item: two changed round are found."""
    named = _NUMBERED.fullmatch(path.rpartition("/")[2])
    if named and named[1] not in (checked.item, checked.claim.reference):
        said = f"is evidence of {shown(checked.claim.reference)}, and not of that"
        raise ProofFailed(said, shown(path))


def _book(
    files: Files, folder: str, inside: Sequence[Listed], trust: Trust
) -> Callable[[], _Found]:
    def run() -> _Found:
        where = shown(folder) if folder else "book"
        checked = verify_book(Under(files, folder, inside), trust, where)
        count = checked.entries + checked.checkpoints
        return _Found(count, of_book(where, checked), opened=checked.opened)

    return run


def _receipt(files: Files, path: str, trust: Trust) -> Callable[[], _Found]:
    """A receipt by itself proves only that its node signed it."""

    def run() -> _Found:
        where = shown(path)
        data = files.read(path, MAX_RECEIPT)
        conflict = data.startswith(f"gsomia/{DELIVERY_CONFLICT}/".encode())
        kind = DELIVERY_CONFLICT if conflict else DELIVERY_RECEIPT
        type_: type[DeliveryReceipt | DeliveryConflict] = (
            DeliveryConflict if conflict else DeliveryReceipt
        )
        whose = read_unverified(data, kind, type_, where).to
        try:
            said = by_any(
                trust.of_registry(whose),
                "the receipt",
                shown(whose),
                lambda card: open_statement(data, kind, type_, card.statement_keys, "receipt"),
            )
        except (BadInput, ProofFailed) as error:
            raise ProofFailed(str(error), where) from None
        named = {"to": said.to, "number": said.number, "sender": said.from_}
        phrase = Phrase("conflict" if conflict else "receipt", named)
        return _Found(1, Detail(where, ((phrase,),)))

    return run
