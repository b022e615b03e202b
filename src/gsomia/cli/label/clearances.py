"""Clearances of STANAG 4774: what a person, node or channel may receive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gsomia.cli.label.labels import (
    PermissiveOption,
    RestrictiveOption,
    categories_of,
    clearance_value,
    label,
    show_label,
)
from gsomia.cli.run import Run, command
from gsomia.cli.say import Out


@command(label, "clearance")
def clearance(
    run: Run,
    out: Annotated[Path, typer.Option("-o", "--out", help="A new file.")],
    policy: Annotated[str, typer.Option("--policy", help="The policy's name.")],
    classification: Annotated[
        list[str],
        typer.Option(
            "--classification",
            help="One that it is for; repeated for each, since none stands for another.",
        ),
    ],
    permissive: PermissiveOption = None,
    restrictive: RestrictiveOption = None,
) -> Out:
    """Write a clearance: valid by schema and standard, or not at all."""
    from gsomia.cli.files import check_new, write_out
    from gsomia.marking import label as labels

    del run
    check_new(out)
    held = labels.Clearance(
        policy=policy,
        classifications=tuple(classification),
        categories=categories_of(restrictive, permissive, None),
    )
    data = labels.write_clearance(held)
    write_out(out, [data])
    value = {**clearance_value(labels.read_clearance(data)), "file": str(out)}
    return Out(value, lambda screen: show_label(screen, value))
