"""The disk: a node's database, its sealed content, and the lock on its folder.

Thin shells behind the Protocols in `gsomia.node`. They keep bytes safely and
know no nouns. A full disk or a failing one is `Unavailable`, with nothing changed.
"""
