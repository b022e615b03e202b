"""Wiring: a node's folder, a running node, and the way to its door."""

from gsomia.app.doors import LocalDoor, door
from gsomia.app.folder import (
    found,
    open_node,
    open_vault,
    own_text,
    read_settings,
    rebuild,
)
from gsomia.app.running import Running, serve, stop
from gsomia.keys.officer import create_officer_key, export_public, load_officer_key
from gsomia.keys.secret import KeyFile, Passphrase, Secret

__all__ = [
    "KeyFile",
    "LocalDoor",
    "Passphrase",
    "Running",
    "Secret",
    "create_officer_key",
    "door",
    "export_public",
    "found",
    "load_officer_key",
    "open_node",
    "open_vault",
    "own_text",
    "read_settings",
    "rebuild",
    "serve",
    "stop",
]
