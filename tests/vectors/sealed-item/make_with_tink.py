"""Makes `tink.json` with Tink itself: `pip install tink==1.16.1`, then run this file.

Tink draws salt and nonce prefix, so another run gives other vectors, as good as these.
"""

import hashlib
import io
import json
from pathlib import Path

import tink
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

TYPE = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"
HEADER = 40
SMALL = 128
LARGE = 1 << 20


def primitive(key: bytes, segment_size: int) -> streaming_aead.StreamingAead:
    params = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=segment_size,
        derived_key_size=32,
        hkdf_hash_type=common_pb2.SHA256,
    )
    value = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(
        version=0, key_value=key, params=params
    )
    data = tink_pb2.KeyData(
        type_url=TYPE, value=value.SerializeToString(), key_material_type=tink_pb2.KeyData.SYMMETRIC
    )
    entry = tink_pb2.Keyset.Key(
        key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW
    )
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[entry]).SerializeToString()
    handle = tink.proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


class Kept(io.BytesIO):
    """Keeps its bytes when Tink closes it."""

    def close(self) -> None:
        self.kept = self.getvalue()
        super().close()


def sealed(key: bytes, plaintext: bytes, aad: bytes, segment_size: int) -> bytes:
    out = Kept()
    with primitive(key, segment_size).new_encrypting_stream(out, aad) as stream:
        stream.write(plaintext)
    return out.kept


def plaintext(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def main() -> None:
    streaming_aead.register()
    small, large = [], []
    # 72 and 112 bytes fill the first and a later segment: one below, at, and above each edge.
    for size in (0, 1, 71, 72, 73, 183, 184, 185, 296, 297):
        key = hashlib.sha256(f"key {size}".encode()).digest()
        aad = f"aad {size}".encode() if size != 1 else b""
        ciphertext = sealed(key, plaintext(size), aad, SMALL)
        small.append(
            {
                "segment_size": SMALL,
                "key": key.hex(),
                "aad": aad.hex(),
                "plaintext": plaintext(size).hex(),
                "ciphertext": ciphertext.hex(),
            }
        )
    for size in (LARGE - HEADER - 16, LARGE - HEADER - 15, 3 * LARGE):
        key = hashlib.sha256(f"key {size}".encode()).digest()
        ciphertext = sealed(key, plaintext(size), b"large", LARGE)
        large.append(
            {
                "segment_size": LARGE,
                "key": key.hex(),
                "aad": b"large".hex(),
                "plaintext_size": size,
                "salt_and_prefix": ciphertext[1:HEADER].hex(),
                "ciphertext_size": len(ciphertext),
                "ciphertext_sha256": hashlib.sha256(ciphertext).hexdigest(),
            }
        )
    here = Path(__file__).parent
    made = {"program": "tink 1.16.1 (Python)", "small": small, "large": large}
    (here / "tink.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
