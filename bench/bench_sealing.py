"""Sealing and opening 64 MiB, beside age, Tink and the hash that both sides must compute."""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import tracemalloc
from typing import Any

from timing import Result, Row, Run, Sizes, compare, interleaved, main, per_second

from gsomia.exchange.sealed import KEY, PREFIX, SALT, item_aad, open_sealed, seal, sealed_size

AAD = item_aad("rok-japan-2016", "KOR-DIH1-2026-000001")


class Sink:
    """Takes what is written into memory that is there already."""

    def __init__(self, size: int) -> None:
        self.data = memoryview(bytearray(size))
        self.end = 0

    def write(self, data: memoryview, /) -> int:
        """Append."""
        self.data[self.end : self.end + len(data)] = data
        self.end += len(data)
        return len(data)


def ours(content: bytes) -> tuple[Run, Run, bytes]:
    """Sealing, opening, and the sealed bytes."""
    key, salt = os.urandom(KEY), os.urandom(SALT + PREFIX)
    sink, plain = Sink(sealed_size(len(content))), Sink(len(content))
    sealed = seal(io.BytesIO(content), sink, key, salt, AAD)  # type: ignore[arg-type]
    closed = bytes(sink.data)

    def close() -> None:
        sink.end = 0
        seal(io.BytesIO(content), sink, key, salt, AAD)  # type: ignore[arg-type]

    def open_() -> None:
        plain.end = 0
        open_sealed(io.BytesIO(closed), plain, key, AAD, sealed)  # type: ignore[arg-type]

    open_()
    if bytes(plain.data) != content:
        raise RuntimeError("what was sealed did not open")
    return close, open_, closed


def age(content: bytes) -> tuple[Run, Run]:
    """age, to one X25519 recipient."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    recipient = identity.to_public()
    closed = pyrage.encrypt(content, [recipient])
    return (
        lambda: pyrage.encrypt(content, [recipient]),
        lambda: pyrage.decrypt(closed, [identity]),
    )


def tink(content: bytes) -> tuple[Run, Run]:
    """Tink's own program for the same format, in segments of 1 MiB."""
    import tink as library
    from tink import secret_key_access, streaming_aead

    del secret_key_access
    streaming_aead.register()
    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    primitive = library.new_keyset_handle(template).primitive(streaming_aead.StreamingAead)

    class Open(io.BytesIO):
        def close(self) -> None:
            """Stay readable: the stream closes what it wrote to."""

    def close() -> Any:
        out = Open()
        with primitive.new_encrypting_stream(out, AAD) as stream:
            stream.write(content)
        return out

    closed = close().getvalue()

    def open_() -> Any:
        with primitive.new_decrypting_stream(io.BytesIO(closed), AAD) as stream:
            return stream.read()

    if open_() != content:
        raise RuntimeError("what Tink sealed did not open")
    return close, open_


def memory(content: bytes) -> float:
    """MiB that sealing takes at most beside its source and sink."""
    sink = Sink(sealed_size(len(content)))
    source = io.BytesIO(content)
    tracemalloc.start()
    seal(source, sink, os.urandom(KEY), os.urandom(SALT + PREFIX), AAD)  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / (1 << 20)


def measure(sizes: Sizes) -> Result:
    """From memory to memory."""
    size = sizes.of(64 << 20, 1 << 20)
    content = os.urandom(size)
    gigabytes = per_second("GB", size / 1e9)
    close, open_, closed = ours(content)

    def hashed() -> None:
        hashlib.sha256(closed).digest()

    rows: list[Row] = []
    left_out = []
    found = interleaved(sizes, close, open_, hashed)
    name = "SHA-256 of the ciphertext alone (limit)"
    # 1.2 GB/s, on a machine where SHA-256 makes 1.9.
    rows.append(compare("seal", found[0], name, found[2], gigabytes, at_least=0.63))
    rows.append(compare("open", found[1], name, found[2], gigabytes, at_least=0.63))
    for name, make in (("pyrage", age), ("tink", tink)):
        try:
            importlib.import_module(name)
        except ImportError:
            left_out.append(name)
            continue
        found = interleaved(sizes, close, open_, *make(content))
        rows.append(compare("seal", found[0], name, found[2], gigabytes))
        rows.append(compare("open", found[1], name, found[3], gigabytes))
    peak = memory(content)
    limit = "≤ 4 MiB"
    rows.append(Row("memory while sealing", f"{peak:.1f} MiB", goal=limit, met=peak <= 4))
    return Result(f"Sealing {size >> 20} MiB", tuple(rows), tuple(left_out))


if __name__ == "__main__":
    main(measure)
