"""Printing: a layout and its data as PDF, a picture as PNG. A thin shell over Typst.

Needs the extra `print` (`pip install 'gsomia[print]'`); without it, each function raises
`Unavailable` and says so. Fonts are those of the extra and of Typst, never the machine's:
the same data give the same bytes everywhere. Nothing is fetched, and a layout reads no
file but those beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from gsomia.canon import EPOCH
from gsomia.faults import BadInput, Unavailable, shown

LAYOUTS = Path(__file__).parent / "layouts"
FAMILY = "Noto Sans CJK TC"
"""The font's family, as SVG and layouts name it. Its Korean and Japanese forms follow the
language of a text; where none is set, Han characters take their Taiwanese forms.
"""
MAX_PICTURE = 8 * 1024 * 1024
MAX_PPI = 600


def _typst() -> tuple[ModuleType, Path]:
    """The typesetter, and the folder of its CJK font."""
    font = find_spec("cvttf_NotoSansCJK_Regular")
    try:
        import typst
    except ImportError:
        font = None
    if font is None or font.origin is None:
        raise Unavailable("printing is not installed", "Install it: pip install 'gsomia[print]'")
    return typst, Path(font.origin).parent


def _compile(source: Path, inputs: dict[str, str], **how: Any) -> bytes:
    typst, fonts = _typst()
    made = typst.compile(
        str(source),
        root=str(LAYOUTS),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        **how,
    )
    if not isinstance(made, bytes):
        raise BadInput("one page", "several", source.name)
    return made


def pdf(layout: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """A document laid out by `layouts/<layout>.typ`, as PDF/A-2u, dated `at` to the second.

    `data` are plain values; what they hold is text, never mark-up. The same data and
    instant give the same bytes. Raises `Unavailable` without the extra `print`.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return _compile(
        LAYOUTS / f"{layout}.typ",
        inputs,
        format="pdf",
        timestamp=at.replace(microsecond=0),
        pdf_standards="a-2u",
    )


def png(svg: bytes, ppi: int = 192) -> bytes:
    """An SVG picture as PNG, `ppi` pixels to the inch (96 units of the picture).

    Raises `BadInput` for a picture above 8 MiB, a density outside 36 to 600, or what
    is no picture; `Unavailable` without the extra `print`.
    """
    if len(svg) > MAX_PICTURE:
        raise BadInput(f"a picture of at most {MAX_PICTURE} bytes", str(len(svg)), "picture")
    if not 36 <= ppi <= MAX_PPI:
        raise BadInput(f"36 to {MAX_PPI} pixels to the inch", str(ppi), "ppi")
    typst, _ = _typst()
    try:
        inputs = {"svg": svg.decode()}
        return _compile(LAYOUTS / "picture.typ", inputs, format="png", ppi=ppi, timestamp=EPOCH)
    except (typst.TypstError, UnicodeDecodeError) as error:
        said = getattr(error, "message", "other bytes")
        raise BadInput("a picture as SVG", shown(str(said)), "picture") from None
