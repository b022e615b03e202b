"""The schemas: what ships fits them, and what they refuse the strict reader refuses too."""

from __future__ import annotations

import copy
import subprocess
import sys
from importlib import resources
from typing import Any

import jsonschema
import pytest
import yaml

from gsomia.agreement import load_pack
from gsomia.agreement.schemas import FORMS, schema
from gsomia.faults import BadInput
from tests.agreement.builders import RENUMBERED

PACKS = resources.files("gsomia.agreement") / "packs"


def plain(name: str) -> Any:
    """A shipped file, with numbers and flags as such."""
    return load_plain((PACKS / name).read_text("utf-8"))


def load_plain(text: str) -> Any:
    """What a file says, with numbers and flags as such."""

    class Loader(yaml.SafeLoader):
        """Reads no days: JSON has none."""

    Loader.yaml_implicit_resolvers = {
        k: [(tag, rule) for tag, rule in v if tag != "tag:yaml.org,2002:timestamp"]
        for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader=Loader)  # noqa: S506  a safe loader


def valid(form: str, value: Any) -> bool:
    made = schema(form)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made).is_valid(value)


@pytest.mark.parametrize(
    "form, name",
    [("pack", "rok-japan-2016.yaml"), ("instruments", "rok-japan-2016.instruments.yaml")],
)
def test_what_ships_fits_its_schema(form: str, name: str) -> None:
    value = plain(name)
    assert valid(form, value)
    assert not valid(form, {**value, "colour": "red"})
    assert not valid(form, {**value, "format": "gsomia/other/v1"})


def test_a_pack_under_other_numbers_fits_its_schema() -> None:
    """A provision says its article or null: nothing is implied by leaving it out."""
    value = load_plain(RENUMBERED)
    assert valid("pack", value)
    del value["provisions"][0]["article"]
    assert not valid("pack", value)


BROKEN: list[tuple[str, tuple[Any, ...], Any]] = [
    ("a party without a code", ("parties", 0, "code"), None),
    ("a number for a title", ("title",), 7),
    ("an unknown role", ("authorities", 0, "role"), "king"),
    ("a flag of our own making", ("verified",), "probably"),
    ("text for a number of days", ("notice", "days"), "ninety"),
    ("an unknown way of counting", ("notice", "notice_reference"), "guess"),
]


@pytest.mark.parametrize("path, value", [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_what_the_schema_refuses_the_reader_refuses(path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(plain("rok-japan-2016.yaml"))
    at = broken
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    assert not valid("pack", broken)
    with pytest.raises(BadInput):
        load_pack(yaml.safe_dump(broken, allow_unicode=True).encode(), "broken.yaml")


def test_every_form_has_a_schema_of_its_own() -> None:
    assert len({schema(form)["$id"] for form in FORMS}) == len(FORMS) == 3
    with pytest.raises(BadInput, match="pack, instruments, entry"):
        schema("poem")


def test_the_command_prints_it() -> None:
    command = [sys.executable, "-m", "gsomia", "agreement", "schema", "pack"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert yaml.safe_load(done.stdout)["$id"] == schema("pack")["$id"]
    done = subprocess.run([*command[:-1], "poem"], capture_output=True, check=False)
    assert done.returncode == 2
