"""What two nodes hand each other: sealed items, transmittals, receipts, notices, node cards.

Formats and steps only. Nothing here opens a file or a socket, reads a clock or
makes a random number: open handles, instants, keys, salts and a `rand` callable
come in as arguments. Marks, agreements and releasability are plain text here; the
layers below decide what they mean, this one carries them unchanged.
"""
