"""The library for PDF, which is optional, and the bounds that it works in."""

from __future__ import annotations

from typing import Any

from gsomia.faults import Unavailable

_MAX_UNPACKED = 256 << 20
"""Bytes that one packed stream may unpack to."""


def library() -> Any:
    """The library, with bounds on what a packed stream may unpack to, for this process."""
    try:
        import pikepdf
    except ImportError:
        raise Unavailable(
            "the library for PDF is not installed", "Install it: pip install 'gsomia[documents]'"
        ) from None
    # Older versions have no bounds to set; the size of the file is bounded in any case.
    bound = getattr(pikepdf.settings, "set_qpdf_limits", None)
    if bound is not None:
        bound(flate_max_memory=_MAX_UNPACKED, run_length_max_memory=_MAX_UNPACKED)
    return pikepdf
