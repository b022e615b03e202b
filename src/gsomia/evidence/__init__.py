"""Evidence for outsiders: what a node hands over, and how anybody checks it offline.

An evidence file shows what became of one item; a book folder shows a whole book. A
verifier has those bytes and the node cards it trusts, nothing else: no node, no
network, no clock. All but `disk` is pure. Format: `docs/formats/evidence.md`.
"""
