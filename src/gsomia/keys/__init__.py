"""Keys at rest and on the wire: the node's vault, an officer's key file, TLS between nodes.

Thin shells behind the Protocols in `gsomia.node`. No secret stands in any text
form, log or error here. Formats: `docs/formats/vault.md` and
`docs/formats/officer-key.md`.
"""
