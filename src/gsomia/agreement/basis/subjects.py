"""The vocabulary of subjects, and which of them fall within an agreement's scope."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from gsomia.agreement import yamldoc
from gsomia.agreement.model import Fact
from gsomia.faults import BadInput, shown


class Subject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What information is about. `defence`: whether it is defence-related."""

    id: str
    defence: bool
    names: dict[str, str]


class Scope(Fact, frozen=True, kw_only=True):
    """The subjects within an agreement's scope; `text` is the scope, as the catalogue has it."""

    agreement: str
    text: str
    subjects: tuple[str, ...]


class Subjects(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole vocabulary."""

    format: Literal["gsomia/subjects/v1"]
    subjects: tuple[Subject, ...]
    scopes: tuple[Scope, ...]

    def subject(self, name: str) -> Subject:
        """The subject with this id. Raises `BadInput` naming them all."""
        for one in self.subjects:
            if one.id == name:
                return one
        expected = f"a subject: {', '.join(s.id for s in self.subjects)}"
        raise BadInput(expected, shown(name), "subject")

    def scope(self, agreement: str) -> Scope | None:
        """The subjects within this agreement's scope; None if none are known."""
        return next((s for s in self.scopes if s.agreement == agreement), None)


@cache
def subjects() -> Subjects:
    """The vocabulary that ships with the package."""
    data = resources.files(__package__).joinpath("subjects.yaml").read_bytes()
    return yamldoc.read(data, "subjects.yaml").convert(Subjects, "a vocabulary of subjects")
