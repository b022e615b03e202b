"""Labels of STANAG 4774 and policies (SPIF): reading, checking and making them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli import say
from gsomia.cli.run import Run, command, now
from gsomia.cli.say import BAD_INPUT, DONE, REFUSED, Out, Screen
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from gsomia.cli.words import Words
    from gsomia.marking.label import Breach, Category, Clearance, Compiled, Label
    from gsomia.marking.label.model import Originator
    from gsomia.marking.spif import Issue, Loaded, Policy

label = typer.Typer(help="Security labels, clearances and policies of other systems.")

_TOLD = 20
"""Broken rules of one file that a screen names; `--json` has all."""

LenientOption = Annotated[
    bool,
    typer.Option("--lenient", help="Forgive faults of form in the policy, and name each."),
]

PolicyOption = Annotated[
    Path | None, typer.Option("--policy", metavar="SPIF", help="The policy file.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="ISO", help="Instant with offset; now unless given."),
]
PermissiveOption = Annotated[
    list[str] | None,
    typer.Option("--permissive", metavar="TAGSET=VALUE", help="One value; may be repeated."),
]
RestrictiveOption = Annotated[
    list[str] | None,
    typer.Option("--restrictive", metavar="TAGSET=VALUE", help="One value; may be repeated."),
]
OriginatorOption = Annotated[
    str | None,
    typer.Option(
        "--originator",
        metavar="KIND=ID",
        help="Who makes the label, like rfc822Name=registry@example.mil.kr.",
    ),
]
LanguageOption = Annotated[
    str, typer.Option("--language", metavar="TAG", help="Of the marking, like ko or fr-CA.")
]


def load_policy(path: Path, lenient: bool) -> Loaded:
    """A policy file; its repairs, if any, are the caller's to tell. Raises `BadInput`."""
    from gsomia.cli.files import read_small
    from gsomia.marking.spif import read
    from gsomia.marking.spif.reading import LIMITS

    where = shown(str(path))
    return read(read_small(path, where, LIMITS.size), where, lenient=lenient)


def ready_policy(path: Path, lenient: bool, unclassified: Iterable[str] = ()) -> Compiled:
    """A policy file, compiled; each repair is told on standard error. Raises `BadInput`."""
    from gsomia.marking.label import compiled

    return compiled(told_policy(path, lenient)[0], unclassified=unclassified)


def told_policy(path: Path, lenient: bool) -> tuple[Policy, list[dict[str, Any]]]:
    """A policy file and its repairs; each is told on standard error besides. Raises `BadInput`."""
    from gsomia.marking.xmlguard import at_line

    loaded = load_policy(path, lenient)
    for repair in loaded.repairs:
        say.warn(f"{at_line(shown(str(path)), repair.line)}: {repair.text}")
    return loaded.policy, [{"line": r.line, "text": r.text} for r in loaded.repairs]


def instant_of(as_of: str | None, option: str = "--as-of") -> datetime:
    """The instant asked about by an option: now unless given. Raises `BadInput`."""
    from gsomia.agreement import counting

    return now() if as_of is None else counting.read_instant(as_of, option)


def load_marked(path: Path) -> Label | Clearance:
    """A label or a clearance, by what the file is. Raises `BadInput`."""
    from gsomia.marking.label import read, read_clearance
    from gsomia.marking.label.reading import LIMITS
    from gsomia.marking.xmlguard import parse

    where, data = shown(str(path)), label_bytes(path)
    if parse(data, where, LIMITS).local == "ConfidentialityClearance":
        return read_clearance(data, where)
    return read(data, where)


def label_bytes(path: Path) -> bytes:
    """The bytes of a label file. Raises `BadInput` for more than a label may have."""
    from gsomia.cli.files import read_small
    from gsomia.marking.label.reading import LIMITS

    return read_small(path, shown(str(path)), LIMITS.size)


def load_label(path: Path) -> Label:
    """A label file. Raises `BadInput`."""
    from gsomia.marking.label import read

    return read(label_bytes(path), shown(str(path)))


def category_values(held: Iterable[Category]) -> list[dict[str, Any]]:
    """Categories in plain values."""
    return [
        {"tag_set": c.tag_name, "sense": str(c.sense), "values": [v.text for v in c.values]}
        for c in held
    ]


def label_value(held: Label) -> dict[str, Any]:
    """A label in plain values, without what other makers put into it."""
    told = held.information
    return {
        "kind": str(held.root),
        "security_policy": told.policy,
        "classification": told.classification,
        "privacy_mark": told.privacy_mark,
        "categories": category_values(told.categories),
        "originator": held.base.originator.text if held.base.originator else None,
        "made_at": held.base.created,
        "review": held.review,
        "succession": held.base.succession.at if held.base.succession else None,
    }


def label_in_short(value: dict[str, Any]) -> dict[str, Any]:
    """A label's kind, policy, classification and categories, each in one line."""
    short = {name: value[name] for name in ("kind", "security_policy", "classification")}
    listed = [f"{c['tag_set']}: {', '.join(c['values'])}" for c in value["categories"]]
    return {**short, "categories": listed}


def clearance_value(held: Clearance) -> dict[str, Any]:
    """A clearance in plain values, without what other makers put into it."""
    return {
        "kind": "ConfidentialityClearance",
        "security_policy": held.policy,
        "cleared_for": list(held.classifications),
        "categories": category_values(held.categories),
    }


@command(label, "read")
def read(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A label or a clearance of STANAG 4774.")],
) -> Out:
    """Show what a label or a clearance says. Whether it is valid, `label check` tells."""
    from gsomia.marking.label import Label

    del run
    held = load_marked(file)
    value = label_value(held) if isinstance(held, Label) else clearance_value(held)
    return Out(value, lambda screen: show_label(screen, value))


def show_label(screen: Screen, value: dict[str, Any]) -> None:
    """What a label says, for people."""
    screen.fields({k: v for k, v in value.items() if k != "categories"})
    if value["categories"]:
        screen.table(value["categories"], title=screen.words.label("categories"))


@command(label, "check")
def check(
    run: Run,
    files: Annotated[list[Path], typer.Argument(help="Labels and clearances of STANAG 4774.")],
    policy_: PolicyOption = None,
    lenient: LenientOption = False,
    new: Annotated[
        bool, typer.Option("--new", help="Labels made now: no obsolete value in them.")
    ] = False,
    as_of: AsOfOption = None,
) -> Out:
    """Name every rule that a label or clearance breaks: the standard's, and the policy's if given.

    Exit code 1 if there is any, 2 if a file cannot be read.
    """
    if policy_ is None and (new or lenient or as_of is not None):
        raise BadInput("--policy, for these are questions to a policy", "none", "--policy")
    at = instant_of(as_of)
    held = None if policy_ is None else ready_policy(policy_, lenient)
    found = [_checked(run, path, held, at, new, alone=len(files) == 1) for path in files]
    value = {"valid": all(one["valid"] for one in found), "files": found}

    def show(screen: Screen) -> None:
        for one in found:
            if one["valid"]:
                screen.line(screen.words("no_fault", file=one["file"]))
            if one["error"]:
                say.warn(one["error"])
            for broken in one["broken"][:_TOLD]:
                screen.line(broken_line(screen.words, broken, before=f"{one['file']}: "))
            if more := len(one["broken"][_TOLD:]):
                screen.line(screen.words("more_faults", file=one["file"], count=more))

    code = REFUSED if any(one["broken"] for one in found) else DONE
    return Out(value, show, BAD_INPUT if any(one["error"] for one in found) else code)


def _checked(
    run: Run, path: Path, policy: Compiled | None, at: datetime, new: bool, *, alone: bool
) -> dict[str, Any]:
    """One file of several. What cannot be read is told there, and the others are read on."""
    from gsomia.marking import label as labels

    kind, error = "", ""
    found: tuple[Breach, ...] = ()
    try:
        held = load_marked(path)
    except BadInput as fault:
        if alone:
            raise
        error = str(fault)
    else:
        kind = "label" if isinstance(held, labels.Label) else "clearance"
        if isinstance(held, labels.Clearance):
            found = (
                labels.check_clearance(held)
                if policy is None
                else labels.clearance_validity(held, policy, at)
            )
        elif policy is None:
            found = labels.check(held)
        else:
            found = labels.validity(held, policy, at, new=new)
    return {
        "file": str(path),
        "kind": kind,
        "valid": not found and not error,
        "broken": broken_value(run.words, found),
        "error": error,
    }


def broken_value(words: Words, found: tuple[Breach, ...]) -> list[dict[str, Any]]:
    """Broken rules in plain values, told in the user's language."""
    from gsomia.cli.label.texts import breach_text

    return [
        {
            "rule": b.rule,
            "where": b.where,
            "text": breach_text(words.lang, b.rule),
            "source": b.source,
            "looks_like": b.like,
        }
        for b in found
    ]


def broken_line(words: Words, broken: Mapping[str, Any], before: str = "") -> str:
    """A broken rule in one line."""
    line = f"{before}{broken['where']}: {broken['text']} ({words.article(broken['source'])})"
    if broken["looks_like"]:
        line += f" {words('looks_like', value=broken['looks_like'])}"
    return line


def categories_of(
    restrictive: list[str] | None, permissive: list[str] | None, informative: list[str] | None
) -> tuple[Category, ...]:
    """Categories of options like `Releasable To=KOR`, one value each. Raises `BadInput`."""
    return (
        *_categories("RESTRICTIVE", restrictive),
        *_categories("PERMISSIVE", permissive),
        *_categories("INFORMATIVE", informative),
    )


def _categories(sense: str, given: list[str] | None) -> list[Category]:
    """Categories of options like `Releasable To=KOR`, one value each."""
    from gsomia.marking.label import Category, Value
    from gsomia.marking.spif import Sense

    values: dict[str, list[Value]] = {}
    for text in given or ():
        tag_set, equals, value = text.partition("=")
        if not (tag_set and equals and value):
            expected = "a tag set and a value, like 'Releasable To=KOR'"
            raise BadInput(expected, shown(text), f"--{sense.lower()}")
        values.setdefault(tag_set, []).append(Value(value))
    return [
        Category(sense=Sense(sense), tag_name=tag_set, values=tuple(held))
        for tag_set, held in values.items()
    ]


def originator_of(given: str | None) -> Originator | None:
    """Who makes a label, of an option like rfc822Name=a@example.mil.kr. Raises `BadInput`."""
    from gsomia.marking.label.model import Originator
    from gsomia.marking.label.reading import ID_TYPES

    if given is None:
        return None
    kind, equals, text = given.partition("=")
    if kind not in ID_TYPES or not equals or not text:
        expected = "a kind and an identifier, like rfc822Name=registry@example.mil.kr"
        raise BadInput(expected, shown(given), "--originator")
    return Originator(text, kind)


@command(label, "write")
def write(
    run: Run,
    out: Annotated[Path, typer.Option("-o", "--out", help="A new file.")],
    policy_: Annotated[str, typer.Option("--policy", help="The policy's name.")],
    classification: Annotated[str, typer.Option("--classification", help="The classification.")],
    review: Annotated[str, typer.Option("--review", metavar="ISO", help="When to look again.")],
    permissive: PermissiveOption = None,
    restrictive: RestrictiveOption = None,
    informative: Annotated[
        list[str] | None,
        typer.Option("--informative", metavar="TAGSET=VALUE", help="One value; may be repeated."),
    ] = None,
    originator: OriginatorOption = None,
    created: Annotated[
        str | None, typer.Option("--created", metavar="ISO", help="Now unless given.")
    ] = None,
) -> Out:
    """Write an originator's label: valid by schema and standard, or not at all."""
    from gsomia.cli.files import check_new, write_out
    from gsomia.marking import label as labels
    from gsomia.marking.label.model import Base

    del run
    check_new(out)
    told = labels.Information(
        policy=policy_,
        classification=classification,
        categories=categories_of(restrictive, permissive, informative),
    )
    at = now().strftime("%Y-%m-%dT%H:%M:%SZ") if created is None else created
    base = Base(information=told, originator=originator_of(originator), created=at)
    held = labels.Label(review=review, base=base)
    data = labels.write(held)
    write_out(out, [data])
    return Out({**label_value(labels.read(data)), "file": str(out)})


@command(label, "policy")
def policy(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A policy file (SPIF 1.0 to 2.1).")],
    lenient: LenientOption = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="A new file: the policy in our own order.")
    ] = None,
) -> Out:
    """Read a policy: what it holds, and what had to be repaired to read it."""
    from gsomia.canon import builtins
    from gsomia.cli.files import check_new, write_out
    from gsomia.marking.spif import write

    del run
    if out is not None:
        check_new(out)
    loaded = load_policy(file, lenient)
    held = loaded.policy
    value: dict[str, Any] = {
        "security_policy": held.policy.name,
        "identifier": held.policy.id,
        "schema_version": held.schema_version,
        "classifications": [
            {"classification": c.name, "hierarchy": c.hierarchy, "obsolete": c.obsolete}
            for c in sorted(held.classifications.members, key=lambda c: c.hierarchy)
        ],
        "tag_sets": [
            {
                "tag_set": s.name,
                "sense": str(t.sense or "none"),
                "values": [c.name for c in t.categories],
            }
            for s in held.sets
            for t in s.tags
        ],
        "equivalent_policies": [p.name for p in held.partners],
        "repairs": builtins(loaded.repairs),
    }
    if out is not None:
        write_out(out, [write(held)])
        value["file"] = str(out)
    return Out(value, lambda screen: _show_policy(screen, value))


def _show_policy(screen: Screen, value: dict[str, Any]) -> None:
    words = screen.words
    lists = ("classifications", "tag_sets", "repairs")
    screen.fields({k: v for k, v in value.items() if k not in lists})
    for name in lists:
        if value[name]:
            screen.table(value[name], title=words.label(name))


@command(label, "policies")
def policies(
    run: Run,
    agreement: Annotated[str, typer.Argument(help="An agreement with a pack.")],
    oid: Annotated[
        list[str],
        typer.Option(
            "--oid",
            metavar="AAA=OID",
            help="A party and the object identifier below which it names.",
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new folder.")],
    as_of: AsOfOption = None,
) -> Out:
    """Write the level table of an agreement as the policies of both parties."""
    from gsomia.agreement.correspondence import equivalence_of
    from gsomia.agreement.pack import shipped
    from gsomia.cli.files import check_new, write_folder
    from gsomia.marking import spif

    del run
    check_new(out)
    at = instant_of(as_of)
    tables = [
        t
        for t in equivalence_of(shipped(agreement)).tables
        if t.valid_from <= at and (t.valid_until is None or at < t.valid_until)
    ]
    if len(tables) != 1:
        raise BadInput("one level table in force then", f"{len(tables)}", "--as-of")
    found = spif.policies(tables[0], dict(_issue(text) for text in oid))
    files = {f"{party.lower()}.spif.xml": spif.write(held) for party, held in found.items()}
    count = write_folder(out, files.items())
    return Out({"agreement": agreement, "folder": str(out), "files": count})


def _issue(text: str) -> tuple[str, Issue]:
    from gsomia.marking.spif import Issue
    from gsomia.marking.spif.syntax import OID

    party, _, base = text.partition("=")
    if len(party) != 3 or not OID.form.fullmatch(base):
        raise BadInput("a party and an identifier, like KOR=2.25.1", shown(text), "--oid")
    return party, Issue(base=base, originator=f"CN=Level table,O={party}", created=now())


@command(label, "table")
def table(
    run: Run,
    one: Annotated[Path, typer.Argument(help="The policy of one party.")],
    two: Annotated[Path, typer.Argument(help="The policy of the other.")],
) -> Out:
    """The level table that two policies say together."""
    from gsomia.canon import builtins
    from gsomia.marking.spif import has_terms, level_table

    del run
    policies = [load_policy(path, False).policy for path in (one, two)]
    for path, held in zip((one, two), policies, strict=True):
        if not has_terms(held):
            expected = "a policy that `gsomia label policies` wrote"
            raise BadInput(expected, "one without the terms of a level table", shown(str(path)))
    return Out(builtins(level_table(*policies)))
