"""Any US mark that breaks no rule, as a banner or as a portion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from gsomia.marking.us import Compartment, Control, Kind, Level, Nuclear, UsMark, check
from gsomia.marking.us.codes import rank, release_rank
from gsomia.marking.us.model import DISSEMINATION, LISTS, NON_IC, NUCLEAR, graph_rank

CODES = ("AUS", "DEU", "JPN", "KOR", "FVEY", "NATO")


def ordered(
    values: st.SearchStrategy[Any], order: Callable[[Any], Any], most: int, least: int = 0
) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few of `values`, each rank once, in order."""
    return st.lists(values, min_size=least, max_size=most, unique_by=order).map(
        lambda found: tuple(sorted(found, key=order))
    )


def codes(least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return ordered(st.sampled_from(CODES), rank, 3, least)


graphs = st.text("ABG12", min_size=1, max_size=4)
compartments = st.builds(Compartment, graphs, ordered(graphs, graph_rank, 2))
programs = st.builds(
    Control,
    st.sampled_from(("BP", "SDA", "121")),
    ordered(compartments, lambda c: graph_rank(c.name), 2),
)
systems = st.sampled_from(
    (
        Control("SI"),
        Control("SI", (Compartment("G", ("ABCD",)),)),
        Control("TK"),
        Control("TK", (Compartment("BLFH"), Compartment("KAND", ("X", "Y")))),
        Control("HCS", (Compartment("P"),)),
        Control("HCS", (Compartment("O"), Compartment("P", ("ABC",)))),
        Control("RSV", (Compartment("1AB"),)),
    )
)
nuclear = st.builds(
    Nuclear, st.sampled_from(NUCLEAR), st.booleans(), ordered(st.sampled_from((14, 18)), int, 2)
)
plain = st.sampled_from([value for value in DISSEMINATION if value not in LISTS])
releases = codes(1).map(lambda found: tuple(sorted({"USA", *found}, key=release_rank)))
owners = st.one_of(
    st.just((Kind.US, ())),
    st.just((Kind.US, ())),
    codes(1).map(lambda found: (Kind.JOINT, tuple(sorted({"USA", *found}, key=rank)))),
    codes(1).map(lambda found: (Kind.FOREIGN, found)),
    st.just((Kind.CONCEALED, ())),
)


@st.composite
def any_mark(draw: st.DrawFn) -> UsMark:
    """Any value of the right shape; most break some rule."""
    kind, held = draw(owners)
    mine = kind in (Kind.US, Kind.JOINT)
    some = st.booleans() if mine else st.just(False)

    def maybe(found: st.SearchStrategy[Any]) -> Any:
        return draw(found) if draw(some) else ()

    release = draw(st.sampled_from(("none", "rel", "display", "both")))
    return UsMark(
        level=draw(st.sampled_from(Level)),
        kind=kind,
        owners=held,
        program=draw(st.sampled_from(("", "ATOMAL"))) if held == ("NATO",) else "",
        sci=maybe(ordered(systems, lambda c: graph_rank(c.name), 2)),
        sap=maybe(ordered(programs, lambda c: graph_rank(c.name), 2)),
        nuclear=maybe(ordered(nuclear, lambda n: NUCLEAR.index(n.name), 1)),
        fgi=draw(st.none() | codes()) if mine else None,
        dissemination=draw(ordered(plain, DISSEMINATION.index, 2)),
        release_to=draw(releases) if release in ("rel", "both") else (),
        display_to=draw(codes(1)) if release in ("display", "both") else (),
        non_ic=maybe(ordered(st.sampled_from(NON_IC), NON_IC.index, 2)),
    )


def marks(*, portion: bool) -> st.SearchStrategy[UsMark]:
    """Marks that break no rule."""
    return any_mark().filter(lambda mark: not check(mark, portion=portion))
