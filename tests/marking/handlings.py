"""Handlings and recipients of every kind, for laws."""

from __future__ import annotations

from hypothesis import strategies as st

from gsomia.marking import handling

STATES = ("KOR", "JPN", "USA")
_ORGANISATIONS = ("USA.DOD", "ISAC", "FOREIGNGOV")
_KINDS = {"organisations": _ORGANISATIONS, "communities": ("LE", "IC"), "entities": ("MIL", "GOV")}


def _sets(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=3)


_levels = st.frozensets(
    st.builds(handling.Leveled, st.sampled_from(("USA", "NATO")), st.sampled_from(("S", "NS"))),
    max_size=2,
)
_effects = st.sampled_from(handling.Effect)
_scopes = st.builds(
    handling.Scope,
    states=st.none() | _sets(*STATES, "ALL"),
    organisations=st.none() | _sets(*_ORGANISATIONS, "ALL"),
    communities=st.none() | _sets("LE", "IC", "ALL"),
    entities=st.none() | _sets("MIL", "GOV", "ALL"),
)
_privileges = st.builds(
    handling.Privilege, st.sampled_from(("DSPLY", "INTEL", "ALL")), _effects, _scopes
)
_one_of = st.sampled_from(sorted(_KINDS)).flatmap(
    lambda kind: st.builds(handling.OneOf, st.just(kind), _sets(*_KINDS[kind], "ALL"))
)

handlings = st.builds(
    handling.Handling,
    silent=st.booleans(),
    tlp=st.none() | st.sampled_from(handling.Tlp),
    pap=st.none() | st.sampled_from(handling.Pap),
    states=st.none() | _sets(*STATES, "ALL"),
    levels=_levels,
    caveats=_sets("FISA", "LES"),
    one_of=st.frozensets(_one_of, max_size=1),
    sharing=st.frozensets(
        st.builds(handling.Sharing, _effects, _sets(*_ORGANISATIONS), _sets(*_ORGANISATIONS)),
        max_size=1,
    ),
    privileges=st.frozensets(
        st.builds(handling.Privileges, _effects, st.frozensets(_privileges, max_size=2)), max_size=1
    ),
    statements=_sets("one", "two"),
    closed=st.frozensets(st.builds(handling.Closed, st.just("resolved"), st.just("x")), max_size=1),
)

recipients = st.builds(
    handling.Recipient,
    party=st.sampled_from(STATES),
    standing=st.sampled_from(handling.Standing),
    organisations=_sets(*_ORGANISATIONS),
    communities=_sets("LE", "IC"),
    entities=_sets("MIL", "GOV"),
    cleared=_levels,
    caveats=_sets("FISA", "LES"),
    action=st.sampled_from(("DSPLY", "INTEL")),
)
