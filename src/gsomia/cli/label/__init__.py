"""The group `label`: labels, policies and marks of other systems, and of documents."""

from __future__ import annotations

import typer


def attach(app: typer.Typer) -> None:
    """Add the group with all its commands."""
    # In the order of the help. Importing a module adds its commands to the group.
    from gsomia.cli.label import labels  # isort: skip
    from gsomia.cli.label import clearances, access, mapping, binding, bound, stamp, us, stix  # isort: skip

    del clearances, access, mapping, binding, bound, stamp, us, stix
    app.add_typer(labels.label, name="label", no_args_is_help=True)
