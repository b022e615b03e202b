"""The journal: signed notes and statements, the Merkle tree, checkpoints, cosignatures, entries.

It knows bytes, not nouns. It reads no clock, file or network; keys, times and
seeds come in as arguments. Formats: `docs/formats/journal.md` and
`docs/formats/signed-statement.md`.
"""
