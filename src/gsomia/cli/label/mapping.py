"""Labels of STANAG 4774: their marking, and what they equal in another policy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsomia.cli import say
from gsomia.cli.label.labels import (
    AsOfOption,
    LanguageOption,
    LenientOption,
    broken_value,
    instant_of,
    label,
    label_bytes,
    load_label,
    told_policy,
)
from gsomia.cli.label.mappingtexts import obstacle_text
from gsomia.cli.run import Run, command
from gsomia.cli.say import DONE, REFUSED, Out, Screen
from gsomia.faults import BadInput, shown

if TYPE_CHECKING:
    from gsomia.marking.label import (
        Choice,
        Information,
        Marker,
        Obstacle,
        Place,
        Unmapped,
    )


def _places(given: list[str] | None) -> list[Place]:
    from gsomia.marking.label.phrases import Place

    places = []
    for name in given or [Place.PAGE_BOTTOM]:
        if name not in set(Place):
            raise BadInput("one of " + ", ".join(Place), shown(name), "--place")
        places.append(Place(name))
    return list(dict.fromkeys(places))


@command(label, "marking")
def marking(
    run: Run,
    file: Annotated[Path, typer.Argument(help="A label of STANAG 4774.")],
    policy: Annotated[Path, typer.Option("--policy", help="The label's policy (SPIF).")],
    language: LanguageOption = "",
    place: Annotated[
        list[str] | None,
        typer.Option("--place", help="pageBottom unless given; may be repeated."),
    ] = None,
    lenient: LenientOption = False,
    as_of: AsOfOption = None,
) -> Out:
    """Show what a label looks like. Exit code 1 if it is not valid under the policy."""
    from gsomia.marking.label import compiled, validity
    from gsomia.marking.label.phrases import markings

    places, at = _places(place), instant_of(as_of)
    read, repairs = told_policy(policy, lenient)
    held = compiled(read)
    told = load_label(file)
    made = markings(told, held, language=language, places=places)
    broken = broken_value(run.words, validity(told, held, at))
    shown_at = [{"place": str(p), "marking": text} for p, text in made.items()]
    value = {
        "file": str(file),
        "security_policy": held.policy.policy.name,
        "language": language or None,
        "markings": shown_at,
        "valid": not broken,
        "broken": broken,
        "repairs": repairs,
    }

    def show(screen: Screen) -> None:
        if len(places) == 1:
            screen.line(made[places[0]])
        else:
            screen.table(shown_at)
        for one in broken:
            say.warn(f"{one['where']}: {one['text']}")

    return Out(value, show, REFUSED if broken else DONE)


FromOption = Annotated[Path, typer.Option("--from", help="The label's policy (SPIF).")]
ToOption = Annotated[Path, typer.Option("--to", help="The policy to map to (SPIF).")]


@command(label, "map")
def map_(
    run: Run,
    file: Annotated[Path, typer.Argument(help="An originator's label of STANAG 4774.")],
    from_: FromOption,
    to: ToOption,
    mapper: Annotated[str, typer.Option("--mapper", help="Who maps: named in the new label.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A new file: the alternative label.")],
    mapper_type: Annotated[
        str, typer.Option("--mapper-type", metavar="TYPE", help="The kind of that name.")
    ] = "rfc822Name",
    arriving: Annotated[
        bool, typer.Option("--arriving", help="The recipient maps; else the originator, leaving.")
    ] = False,
    choose: Annotated[
        int | None, typer.Option("--choose", metavar="N", help="The option that a person chose.")
    ] = None,
    language: LanguageOption = "",
    lenient: LenientOption = False,
    as_of: AsOfOption = None,
) -> Out:
    """Write what a label equals in another policy, as an alternative label beside it.

    The label itself stays as it is. Exit code 1, and no file, if its policy gives it no
    equivalent, or several: then a person chooses.
    """
    from hashlib import sha256

    from gsomia.cli.files import check_new, write_out
    from gsomia.marking import label as labels
    from gsomia.marking.label.model import Originator
    from gsomia.marking.label.reading import ID_TYPES
    from gsomia.marking.spif import Direction

    check_new(out)
    if mapper_type not in ID_TYPES:
        raise BadInput("one of " + ", ".join(sorted(ID_TYPES)), shown(mapper_type), "--mapper-type")
    if not mapper.strip():
        raise BadInput("who maps", "nothing", "--mapper")
    source, repairs = told_policy(from_, lenient)
    target, more = told_policy(to, lenient)
    data = label_bytes(file)
    answer = labels.map_label(
        told := labels.read(data, shown(str(file))),
        ours := labels.compiled(source),
        theirs := labels.compiled(target),
        instant_of(as_of),
        mapper=Originator(mapper, mapper_type),
        direction=Direction.ARRIVING if arriving else Direction.LEAVING,
        chosen=choose,
        original=sha256(data).hexdigest(),
    )
    value: dict[str, Any] = {"mapped": isinstance(answer, labels.Mapped)}
    if not isinstance(answer, labels.Mapped):
        value |= _not_mapped(run, answer, labels.Marker(theirs, language=language))
        value["repairs"] = repairs + more
        return Out(value, lambda screen: _show_not_mapped(screen, value), REFUSED)
    write_out(out, [labels.write(answer.label)])
    value |= {
        "file": str(out),
        **_said(answer.label.information),
        "marking": labels.marking(answer.label, theirs, language=language),
        "original_policy": ours.policy.policy.name,
        "original_marking": labels.marking(told, ours, language=language),
        "discarded": [
            {"tag_set": d.tag_set, "sense": str(d.sense), "values": [d.value]}
            for d in answer.discarded
        ],
        "left": list(answer.left),
        "repairs": repairs + more,
    }
    return Out(value, lambda screen: _show_mapped(screen, value))


def _said(told: Information) -> dict[str, Any]:
    return {
        "security_policy": told.policy,
        "classification": told.classification,
        "categories": [
            {"tag_set": c.tag_name, "sense": str(c.sense), "values": [v.text for v in c.values]}
            for c in told.categories
        ],
    }


def _obstacles(run: Run, found: Iterable[Obstacle]) -> list[dict[str, Any]]:
    return [
        {
            "rule": o.rule,
            "source": o.source,
            "text": obstacle_text(run.words.lang, o),
            "who": run.words.who(o.who),
        }
        for o in found
    ]


def _not_mapped(run: Run, answer: Choice | Unmapped, marker: Marker) -> dict[str, Any]:
    """Why nothing was mapped, and between what a person may choose."""
    from gsomia.marking.label import Unmapped

    if isinstance(answer, Unmapped):
        return {"obstacles": _obstacles(run, answer.obstacles), "options": []}
    return {
        "obstacles": _obstacles(run, [answer.obstacle]),
        "options": [
            {
                "number": option.number,
                **_said(option.information),
                "marking": None if option.obstacles else marker.words(option.information),
                "obstacles": _obstacles(run, option.obstacles),
            }
            for option in answer.options
        ],
    }


def _show_not_mapped(screen: Screen, value: dict[str, Any]) -> None:
    for one in value["obstacles"]:
        article = screen.words.article(one["source"])
        screen.line(screen.words("rule", text=one["text"], article=article, who=one["who"]))
    for option in value["options"]:
        told = [option["marking"], *(one["text"] for one in option["obstacles"])]
        screen.line(f"--choose {option['number']}: {' '.join(text for text in told if text)}")


def _show_mapped(screen: Screen, value: dict[str, Any]) -> None:
    lists = ("categories", "discarded", "repairs", "mapped")
    screen.fields({k: v for k, v in value.items() if k not in lists and v != []})
    for name in ("categories", "discarded"):
        if value[name]:
            screen.table(value[name], title=screen.words.label(name))


@command(label, "use")
def use(
    run: Run,
    files: Annotated[list[Path], typer.Argument(help="All labels of one item.")],
    policy: Annotated[Path, typer.Option("--policy", help="Your own policy (SPIF).")],
    lenient: LenientOption = False,
) -> Out:
    """Say which of an item's labels you use: the originator's, else the first in your policy.

    Whether it is valid, and whether its maker is to be believed, is not asked here.
    """
    from gsomia.marking import label as labels

    held, repairs = told_policy(policy, lenient)
    found = {str(file): load_label(file) for file in files}
    chosen = labels.label_for(found.values(), held)
    if isinstance(chosen, labels.Unmapped):
        value = {"file": None, "obstacles": _obstacles(run, chosen.obstacles), "options": []}
        return Out(value, lambda screen: _show_not_mapped(screen, value), REFUSED)
    originator = chosen.base.originator
    told = {
        "file": next(name for name, one in found.items() if one is chosen),
        "kind": str(chosen.root),
        "security_policy": chosen.information.policy,
        "classification": chosen.information.classification,
        "originator": originator.text if originator else None,
    }
    return Out({**told, "repairs": repairs}, lambda screen: screen.fields(told))
