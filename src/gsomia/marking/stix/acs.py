"""The ACS 3.0 marking of STIX: its values, read strictly, and what they ask of a recipient.

The Access Control Specification of the US Information Sharing Architecture, as the OASIS
extension definition 3a65884d carries it. Read here: the extension's JSON schema and its
five examples. Not read: the specification itself, so what its values *do* is unverified
(`known.ACS_VALUES`) and taken in the sense that closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gsomia.faults import BadInput, shown
from gsomia.marking.handling import (
    ALL,
    Closed,
    Effect,
    Handling,
    Leveled,
    OneOf,
    Privilege,
    Privileges,
    Scope,
    Sharing,
)
from gsomia.marking.stix import known

MAX_VALUES = 1000
MAX_CHARACTERS = 4096

_Text = Annotated[str, Meta(min_length=1, max_length=MAX_CHARACTERS)]
_Texts = Annotated[tuple[_Text, ...], Meta(min_length=1, max_length=MAX_VALUES)]
_Rule = Literal["permit", "deny"]

_POLICY = re.compile(
    r"urn:isa:policy:acs:ns:v3\.0\?privdefault=(permit|deny)&sharedefault=(permit|deny)"
)


class ControlSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a decision looks at. `None`: not said."""

    classification: Literal["U", "C", "S", "TS"]
    sci_controls: _Texts | None = None
    logical_authority_category: _Texts | None = None
    formal_determination: _Texts | None = None
    caveat: _Texts | None = None
    sensitivity: _Texts | None = None
    shareability: _Texts | None = None
    entity: _Texts | None = None
    permitted_nationalities: _Texts | None = None
    permitted_organizations: _Texts | None = None


class PrivilegeScope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom a privilege is about. At least one is said."""

    permitted_nationalities: _Texts | None = None
    permitted_organizations: _Texts | None = None
    shareability: _Texts | None = None
    entity: _Texts | None = None


class AccessPrivilege(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may do what."""

    privilege_action: _Text
    privilege_scope: PrivilegeScope
    rule_effect: _Rule


class FurtherSharing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom it may be given on."""

    sharing_scope: _Texts
    rule_effect: _Rule


class Acs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One ACS marking. Blocks that no decision looks at are kept as values."""

    extension_type: Literal["property-extension"]
    identifier: _Text
    create_date_time: _Text
    responsible_entity_custodian: _Text
    policy_reference: _Text
    control_set: ControlSet
    name: _Text | None = None
    responsible_entity_originator: _Text | None = None
    authority_reference: _Texts | None = None
    access_privilege: (
        Annotated[tuple[AccessPrivilege, ...], Meta(min_length=1, max_length=MAX_VALUES)] | None
    ) = None
    further_sharing: (
        Annotated[tuple[FurtherSharing, ...], Meta(min_length=1, max_length=MAX_VALUES)] | None
    ) = None
    original_classification: dict[str, _Text] | None = None
    derivative_classification: dict[str, _Text] | None = None
    declassification: dict[str, _Text | int] | None = None
    resource_disposition: dict[str, _Text] | None = None
    public_release: dict[str, _Text] | None = None

    @property
    def defaults(self) -> tuple[Effect, Effect]:
        """What holds for privileges and for sharing that no rule names; several: the stricter."""
        found = [_POLICY.fullmatch(part) for part in self.policy_reference.split()]
        priv = {match[1] for match in found if match}
        share = {match[2] for match in found if match}
        return _stricter(priv), _stricter(share)


def _stricter(words: set[str]) -> Effect:
    return Effect.PERMIT if words == {"permit"} else Effect.DENY


def check(acs: Acs, where: str) -> Acs:
    """`acs` itself, if what its schema's patterns say holds; else `BadInput`."""
    parts = acs.policy_reference.split()
    if not parts or not all(_POLICY.fullmatch(part) for part in parts):
        expected = "policy_reference with privdefault and sharedefault, permit or deny"
        raise BadInput(expected, shown(acs.policy_reference), where)
    for privilege in acs.access_privilege or ():
        if privilege.privilege_scope == PrivilegeScope():
            raise BadInput("a privilege_scope that says something", "an empty one", where)
    return acs


def handling(acs: Acs) -> Handling:
    """What one ACS marking asks of a recipient."""
    control = acs.control_set
    privilege, share = acs.defaults
    states = _set(control.permitted_nationalities)
    noforn = "NF" in (control.formal_determination or ())
    return Handling(
        silent=False,
        states=frozenset({"USA"}) if noforn else states,
        levels=_levels(control),
        caveats=frozenset(_caveats(control)),
        one_of=frozenset(_one_of(control)),
        sharing=frozenset({_sharing(acs, share)}),
        privileges=frozenset({_privileges(acs, privilege)}),
        closed=frozenset(_conflicts(acs)),
    )


def _set(values: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)


def _levels(control: ControlSet) -> frozenset[Leveled]:
    if control.classification == "U":
        return frozenset()
    return frozenset({Leveled(known.ACS_POLICY, control.classification)})


def _caveats(control: ControlSet) -> Iterator[str]:
    for name in known.CAVEATS:
        for value in getattr(control, name) or ():
            if (name, value) not in known.ACS_VALUES:
                yield f"ACS {name}: {value}"


_KINDS = (
    ("organisations", "permitted_organizations"),
    ("communities", "shareability"),
    ("entities", "entity"),
)


def _one_of(control: ControlSet) -> Iterator[OneOf]:
    for kind, name in _KINDS:
        values = getattr(control, name)
        if values is not None:
            yield OneOf(kind, frozenset(values))


def _sharing(acs: Acs, default: Effect) -> Sharing:
    named: dict[str, set[str]] = {"permit": set(), "deny": set()}
    for rule in acs.further_sharing or ():
        named[rule.rule_effect].update(rule.sharing_scope)
    return Sharing(default, frozenset(named["permit"]), frozenset(named["deny"]))


def _privileges(acs: Acs, default: Effect) -> Privileges:
    return Privileges(
        default,
        frozenset(
            Privilege(rule.privilege_action, Effect(rule.rule_effect), _scope(rule.privilege_scope))
            for rule in acs.access_privilege or ()
        ),
    )


def _scope(scope: PrivilegeScope) -> Scope:
    return Scope(
        states=_set(scope.permitted_nationalities),
        organisations=_set(scope.permitted_organizations),
        communities=_set(scope.shareability),
        entities=_set(scope.entity),
    )


def _conflicts(acs: Acs) -> Iterator[Closed]:
    """What one marking says against itself. Nobody passes until its maker has decided."""
    control = acs.control_set
    determined = control.formal_determination or ()
    named = set(control.permitted_nationalities or ())
    if "NF" in determined and named - {"USA"}:
        yield Closed("consistent", f"{acs.identifier}: NF beside permitted_nationalities")
    if "PUBREL" in determined and control.classification != "U":
        yield Closed("consistent", f"{acs.identifier}: PUBREL beside {control.classification}")
    if "PUBREL" in determined and "NF" in determined:
        yield Closed("consistent", f"{acs.identifier}: PUBREL beside NF")
    if ALL in named and len(named) > 1:
        yield Closed("consistent", f"{acs.identifier}: ALL beside named nationalities")
