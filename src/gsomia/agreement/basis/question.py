"""Questions as people write them: parties, consents, and what makes no question."""

from __future__ import annotations

from gsomia.agreement import counting
from gsomia.agreement.basis.grounds import Known
from gsomia.agreement.basis.model import Consent, Question
from gsomia.agreement.basis.subjects import Subjects
from gsomia.faults import BadInput, shown

MAX_CONSENTS = 64
"""More consents than a route of three hops can need."""

MAX_PURPOSE = 500
"""Characters of a purpose."""


def parties(known: Known) -> tuple[str, ...]:
    """The states and organisations that some entry names, by code."""
    return tuple(sorted({code for ground in known.grounds for code in ground.codes}))


def read_consent(text: str, where: str) -> Consent:
    """By whom, for whom, until when: `KOR:JPN` or `KOR:JPN:2015-12-31T00:00:00Z`.

    Raises `BadInput`.
    """
    by, _, rest = text.partition(":")
    recipient, mark, until = rest.partition(":")
    if not by or not recipient or (mark and not until):
        raise BadInput(
            "a consent, like KOR:JPN or KOR:JPN:2015-12-31T00:00:00Z", shown(text), where
        )
    return Consent(by, recipient, counting.read_instant(until, where) if until else None)


def checked(question: Question, known: Known, subjects: Subjects) -> Question:
    """The question with its instants in UTC. Raises `BadInput` for one that makes no sense."""
    codes = parties(known)
    for name in ("originator", "holder", "recipient"):
        _check_party(getattr(question, name), codes, name)
    if question.holder == question.recipient:
        raise BadInput("two different parties", f"{question.holder} twice", "recipient")
    if len(question.consents) > MAX_CONSENTS:
        raise BadInput(f"at most {MAX_CONSENTS} consents", str(len(question.consents)), "consent")
    for consent in question.consents:
        for code in (consent.by, consent.recipient):
            _check_party(code, codes, "consent")
        if consent.by == consent.recipient:
            raise BadInput("consent to another's having it", f"{consent.by} twice", "consent")
        if consent.until is not None:
            counting.in_range(consent.until, "consent")
    subjects.subject(question.subject)
    if not question.mark.strip():
        raise BadInput("a mark, as its originator writes it", "none", "mark")
    if not question.purpose.strip() or len(question.purpose) > MAX_PURPOSE:
        raise BadInput(f"a purpose of 1 to {MAX_PURPOSE} characters", "another", "purpose")
    counting.in_range(question.at, "as-of instant")
    return question


def _check_party(code: str, codes: tuple[str, ...], where: str) -> None:
    if code not in codes:
        expected = f"a party that the catalogue names, by its alpha-3 code: {', '.join(codes)}"
        raise BadInput(expected, shown(code), where)
