"""Markings of threat information: those of STIX 2.1 files, and MISP tags."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli.label.labels import label
from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen, warn
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gsomia.marking.handling import Handling, Leveled, Recipient, Standing, Tlp, Unmet
    from gsomia.marking.stix import Package, Release

_NAMED = 5
"""Objects that a screen names for each rule; `--json` has all."""

ToOption = Annotated[
    str | None, typer.Option("--to", metavar="AAA", help="Ask whether this state may receive it.")
]
StandingOption = Annotated[
    str,
    typer.Option(
        "--standing",
        help="How the recipient stands to the holder under TLP: anyone, community, client, member,"
        " or named (by the source, for this information).",
    ),
]
UnmarkedOption = Annotated[
    str | None,
    typer.Option(
        "--unmarked",
        metavar="TLP",
        help="Your decision for what names no recipient: CLEAR, GREEN, AMBER, AMBER+STRICT, RED."
        " Without it, nobody.",
    ),
]
ClearedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--cleared",
        metavar="POLICY=LEVEL",
        help="A level the recipient is cleared for, like USA=S or NATO=NS; each one by itself.",
    ),
]
CaveatOption = Annotated[
    list[str] | None, typer.Option("--caveat", help="A caveat the recipient holds.")
]
OrganisationOption = Annotated[
    list[str] | None, typer.Option("--organisation", help="Its organisation, as ACS names it.")
]
CommunityOption = Annotated[
    list[str] | None, typer.Option("--community", help="Its community, as ACS: NCC, EM, LE, IC.")
]
EntityOption = Annotated[
    list[str] | None, typer.Option("--entity", help="What it is, as ACS: MIL, GOV, CTR and so on.")
]
ActionOption = Annotated[
    str, typer.Option("--action", help="What it would do, as ACS names it, like DSPLY or NETDEF.")
]


# -- who would receive --------------------------------------------------------------------


def _recipient(
    to: str | None,
    standing: str,
    cleared: list[str] | None,
    caveat: list[str] | None,
    organisation: list[str] | None,
    community: list[str] | None,
    entity: list[str] | None,
    action: str,
) -> Recipient | None:
    from gsomia.marking.handling import Recipient
    from gsomia.marking.scheme import check_party

    stands, levels = _standing(standing), frozenset(map(_level, cleared or ()))
    if to is None:
        return None
    return Recipient(
        party=check_party(to, "--to"),
        standing=stands,
        cleared=levels,
        caveats=frozenset(caveat or ()),
        organisations=frozenset(organisation or ()),
        communities=frozenset(community or ()),
        entities=frozenset(entity or ()),
        action=action,
    )


def _standing(text: str) -> Standing:
    from gsomia.marking.handling import Standing

    try:
        return Standing(text)
    except ValueError:
        listed = ", ".join(s.value for s in Standing)
        raise BadInput(f"one of {listed}", shown(text), "--standing") from None


def _level(text: str) -> Leveled:
    from gsomia.marking.handling import Leveled

    policy, equals, level = text.partition("=")
    if not (policy and equals and level):
        raise BadInput("a policy and a level, like USA=S", shown(text), "--cleared")
    return Leveled(policy, level)


def _tlp(text: str | None) -> Tlp | None:
    from gsomia.marking.handling import Tlp

    if text is None:
        return None
    try:
        return Tlp(text)
    except ValueError:
        listed = ", ".join(t.value for t in Tlp)
        raise BadInput(f"one of {listed}", shown(text), "--unmarked") from None


# -- STIX -----------------------------------------------------------------------------------


@command(label, "stix")
def stix(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A bundle of STIX 2.1, or one object.")],
    to: ToOption = None,
    standing: StandingOption = "anyone",
    unmarked: UnmarkedOption = None,
    cleared: ClearedOption = None,
    caveat: CaveatOption = None,
    organisation: OrganisationOption = None,
    community: CommunityOption = None,
    entity: EntityOption = None,
    action: ActionOption = "DSPLY",
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="A new file: what may go, with all that marks it."),
    ] = None,
) -> Out:
    """Show what the markings of a STIX file ask; with --to, whether they let it go, or exit code 1.

    Markings decide nothing alone: a yes is no ground to send.
    """
    from gsomia.cli.files import check_new, read_small
    from gsomia.marking.stix import read, releasable
    from gsomia.marking.stix.reading import MAX_SIZE

    recipient = _recipient(to, standing, cleared, caveat, organisation, community, entity, action)
    decided = _tlp(unmarked)
    if out is not None:
        if recipient is None:
            raise BadInput("--to beside -o: whoever would receive it", "none", "-o")
        check_new(out)
    where = shown(str(file))
    data = read_small(file, where, MAX_SIZE)
    package = read(data, where)
    value = _stix_value(package, file)
    if recipient is None:
        return Out(value, lambda screen: _show_all(screen, value))
    release = releasable(package, recipient, decided)
    value |= _release_value(run, release, len(package.objects) + len(package.definitions))
    if out is not None:
        value["written"] = _write_permitted(out, data, release, where)
    code = DONE if release.granted or value.get("written") else REFUSED

    def show(screen: Screen) -> None:
        _show_stix(screen, value)
        _show_release(screen, value, recipient.party)

    return Out(value, show, code)


def _stix_value(package: Package, file: Path) -> dict[str, Any]:
    from gsomia.marking.handling import join
    from gsomia.marking.stix import effective, table
    from gsomia.marking.stix.effective import handling_of
    from gsomia.marking.told import told

    asks = table(package)
    groups: dict[Handling, list[str]] = {}
    parts = []
    for marked in package.objects:
        found = effective(marked, asks)
        groups.setdefault(found.whole, []).append(marked.id)
        parts += [
            {"object": marked.id, "selector": selector, "asks": list(told(handling))}
            for selector, handling in found.parts.items()
        ]
    named = {r for m in package.objects for r in m.references}
    named |= {r for d in package.definitions for r in d.marked.references}
    definitions = [
        {
            "marking": d.id,
            "kinds": [str(kind) for kind in d.kinds],
            "asks": list(told(handling_of(d))),
            "not_read": [*d.unread, *d.others],
        }
        for d in package.definitions
    ]
    return {
        "file": str(file),
        "objects": len(package.objects),
        "definitions": definitions,
        "groups": [
            {"asks": list(told(handling)), "silent": handling.silent, "objects": ids}
            for handling, ids in groups.items()
        ],
        "parts": parts,
        "unresolved": sorted(named - asks.keys()),
        "unmarked": [i for handling, ids in groups.items() if handling.silent for i in ids],
        **_on_a_mark(join(groups)),
    }


def _on_a_mark(handling: Handling) -> dict[str, Any]:
    """What a mark of our own can take of it, and what not."""
    from gsomia.marking.told import caveats_of, handling_of, lost

    caveats = caveats_of(handling)
    held = handling_of(caveats)
    return {
        "caveats": sorted(caveats),
        "releasable_to": None if handling.states is None else sorted(handling.states),
        "not_held": [x for x in lost(handling, held) if not x.startswith("states: ")],
    }


def _refused(run: Run, found: Mapping[str, Sequence[tuple[str, str]]]) -> list[dict[str, Any]]:
    """Each rule with its source, who can decide, what it met, and the objects it stands for."""
    from gsomia.cli.label.stixtexts import rule_text, source_text, who_text
    from gsomia.marking.handlingrules import RULES

    lang = run.words.lang
    return [
        {
            "rule": name,
            "article": source_text(lang, rule.source),
            "text": rule_text(lang, name),
            "who": who_text(lang, rule.who),
            "verified": rule.verified,
            "saw": sorted({saw for _, saw in found[name] if saw}),
            "objects": list(dict.fromkeys(identifier for identifier, _ in found[name])),
        }
        for name, rule in RULES.items()
        if name in found
    ]


def _release_value(run: Run, release: Release, total: int) -> dict[str, Any]:
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in release.findings:
        found.setdefault(finding.rule, []).append((finding.object, finding.saw))
    return {
        "granted": release.granted,
        "to": release.recipient.party,
        "total": total,
        "refused_objects": len({finding.object for finding in release.findings}),
        "refused": _refused(run, found),
        "permitted": list(release.permitted),
        "given_away": [{"object": g.object, "names": g.names} for g in release.given_away],
    }


def _write_permitted(out: Path, data: bytes, release: Release, where: str) -> str | None:
    """Write what may go as a bundle of its own; None where nothing but definitions may."""
    from uuid import uuid4

    from gsomia.cli.files import write_out
    from gsomia.marking.stix import extract

    if all(name.startswith("marking-definition--") for name in release.permitted):
        return None
    made = extract(data, frozenset(release.permitted), f"bundle--{uuid4()}", where)
    write_out(out, [made])
    return str(out)


# -- MISP -----------------------------------------------------------------------------------


@command(label, "misp")
def misp(
    run: Run,
    tags: Annotated[list[str], typer.Argument(help="The tags of one event or attribute.")],
    to: ToOption = None,
    standing: StandingOption = "anyone",
    unmarked: UnmarkedOption = None,
    cleared: ClearedOption = None,
    caveat: CaveatOption = None,
    organisation: OrganisationOption = None,
    community: CommunityOption = None,
    entity: EntityOption = None,
) -> Out:
    """Show what MISP tags ask; with --to, whether they let the thing go, or exit code 1."""
    from gsomia.marking.handling import settled, unmet
    from gsomia.marking.misp import read
    from gsomia.marking.told import told

    recipient = _recipient(to, standing, cleared, caveat, organisation, community, entity, "DSPLY")
    decided = _tlp(unmarked)
    held = read(tags)
    value: dict[str, Any] = {
        "tags": [tag.text for tag in held.tags],
        "other_tags": list(held.others),
        "asks": list(told(held.handling)),
        "silent": held.handling.silent,
        "unverified": list(held.unverified),
        **_on_a_mark(held.handling),
    }
    if recipient is None:
        return Out(value, lambda screen: _show_misp(screen, value))
    found = unmet(settled(held.handling, decided), recipient)
    value |= {
        "granted": not found,
        "to": recipient.party,
        "total": 1,
        "refused_objects": int(bool(found)),
        "refused": _refused(run, _by_rule(found)),
    }

    def show(screen: Screen) -> None:
        _show_misp(screen, value)
        _show_release(screen, value, recipient.party)

    return Out(value, show, REFUSED if found else DONE)


def _by_rule(found: Iterable[Unmet]) -> dict[str, list[tuple[str, str]]]:
    rules: dict[str, list[tuple[str, str]]] = {}
    for one in found:
        rules.setdefault(one.rule, []).append(("", one.saw))
    return rules


# -- screens --------------------------------------------------------------------------------


def _asks(screen: Screen, value: Mapping[str, Any]) -> list[str]:
    from gsomia.cli.label.stixtexts import phrase, told_text

    lang = screen.words.lang
    lines = [told_text(lang, told) for told in value["asks"]]
    return [*lines, phrase(lang, "nothing")] if value.get("silent") else lines


def _some(screen: Screen, ids: Sequence[str]) -> list[str]:
    from gsomia.cli.label.stixtexts import phrase

    if len(ids) <= _NAMED:
        return list(ids)
    return [*ids[:_NAMED], phrase(screen.words.lang, "more", count=len(ids) - _NAMED)]


def _show_stix(screen: Screen, value: Mapping[str, Any]) -> None:
    screen.fields(
        {
            "stix_objects": value["objects"],
            "stix_unresolved": value["unresolved"],
            "stix_unmarked": len(value["unmarked"]),
            **_mark_fields(screen, value),
        },
        str(value["file"]),
    )


def _show_all(screen: Screen, value: Mapping[str, Any]) -> None:
    _show_stix(screen, value)
    _show_markings(screen, value)


def _show_markings(screen: Screen, value: Mapping[str, Any]) -> None:
    """Identifiers are long: they stand on lines of their own, whole."""
    label = screen.words.label
    if value["definitions"]:
        screen.line(label("stix_definitions"))
    for one in value["definitions"]:
        screen.line(f"  {one['marking']}")
        _lines(screen, _asks(screen, one))
        if one["not_read"]:
            _lines(screen, [f"{label('stix_not_read')}: {', '.join(one['not_read'])}"])
    if value["groups"]:
        screen.line(label("stix_groups"))
    for group in value["groups"]:
        screen.line(f"  {'; '.join(_asks(screen, group))}")
        _lines(screen, _some(screen, group["objects"]))
    if value["parts"]:
        screen.line(label("stix_parts"))
    for part in value["parts"]:
        screen.line(f"  {part['object']}, {part['selector']}")
        _lines(screen, _asks(screen, part))


def _lines(screen: Screen, lines: Iterable[str]) -> None:
    for line in lines:
        screen.line(f"    {line}")


def _mark_fields(screen: Screen, value: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        "stix_caveats": value["caveats"],
        "stix_not_held": _asks(screen, {"asks": value["not_held"]}),
    }
    if value["releasable_to"] is not None:
        fields["stix_releasable_to"] = value["releasable_to"]
    return fields


def _show_misp(screen: Screen, value: Mapping[str, Any]) -> None:
    screen.fields(
        {
            "stix_tags": value["tags"],
            "stix_other_tags": value["other_tags"],
            "stix_asks": _asks(screen, value),
            "stix_unverified": value["unverified"],
            **_mark_fields(screen, value),
        }
    )


def _show_release(screen: Screen, value: Mapping[str, Any], party: str) -> None:
    """Whether it may go, on the screen; what may not, and why, beside it on standard error."""
    from gsomia.cli.label.stixtexts import phrase

    words = screen.words
    if value.get("written"):
        screen.fields({"stix_written": value["written"], "stix_left_out": value["refused_objects"]})
    if value["granted"]:
        screen.line(phrase(words.lang, "granted", party=party))
        return
    told = {"count": value["refused_objects"], "total": value["total"], "party": party}
    warn(phrase(words.lang, "refused" if "permitted" in value else "refused_tags", **told))
    for rule in value["refused"]:
        line = words("rule", text=rule["text"], article=rule["article"], who=rule["who"])
        warn(f"  - {line}" + ("" if rule["verified"] else f" {words('unverified')}"))
        if rule["saw"]:
            warn(f"    {'; '.join(_some(screen, rule['saw']))}")
        for identifier in _some(screen, [i for i in rule["objects"] if i]):
            warn(f"    {identifier}")
    away = [
        phrase(words.lang, "away", object=one["object"], names=one["names"])
        for one in value.get("given_away", ())
    ]
    for line in _some(screen, away):
        warn(f"  ! {line}")
