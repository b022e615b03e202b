"""The package stays a core: importing it brings in no shell."""

from __future__ import annotations

import subprocess
import sys

_SHELLS = {
    "aiohttp", "alembic", "cheroot", "cryptography", "http", "httpx", "jinja2", "litestar", "lxml",
    "nacl", "obstore", "pikepdf", "PIL", "psycopg", "requests", "rich", "signxml", "socket",
    "sqlalchemy", "sqlite3", "ssl", "stix2", "typer", "urllib3", "xml", "yaml", "zipfile",
}  # fmt: skip


def _loaded(statement: str) -> set[str]:
    """The modules a fresh interpreter holds after `statement`."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


_PARTS = ("", ".binding", ".covers", ".label", ".misp", ".spif", ".stix", ".told", ".us")


def test_no_shell_is_imported() -> None:
    """Of this product, only the core below it; of others, no web, database, crypto or format."""
    everything = ", ".join(f"gsomia.marking{part}" for part in _PARTS)
    loaded = _loaded(f"import {everything}") - _loaded("import msgspec")
    ours = {name for name in loaded if name.startswith("gsomia.")}
    assert all(
        name in {f"gsomia.{part}" for part in ("canon", "faults", "provisions", "ruling", "shapes")}
        or name.startswith("gsomia.marking")
        for name in ours
    )
    assert "gsomia.marking" in ours
    assert not {name.partition(".")[0] for name in loaded} & _SHELLS


def test_the_check_can_fail() -> None:
    """The good twin: a shell that is imported is seen."""
    assert "sqlite3" in _loaded("import sqlite3") - _loaded("import msgspec")
