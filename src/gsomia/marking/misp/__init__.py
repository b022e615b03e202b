"""MISP tags that mark: read, written, and what they ask of a recipient."""

from __future__ import annotations

from gsomia.marking.misp.tags import Tag, Tags, Written, read, write
from gsomia.marking.misp.taxonomies import TAXONOMIES

__all__ = ["TAXONOMIES", "Tag", "Tags", "Written", "read", "write"]
