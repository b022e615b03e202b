"""A JPEG that has more rows than its header claims is refused, and no honest one is."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gsomia.documents import images, stamp_image
from gsomia.documents.stamping import Asked, stamp_here
from gsomia.faults import BadInput
from tests.documents.builders import KOREAN

ASKED = Asked(KOREAN, "file")
FORMS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "colours at half the size": {"subsampling": 2, "quality": 30},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_blocks": 3},
    "own tables": {"optimize": True, "quality": 90},
}
MODES = ["RGB", "L", "CMYK"]


def jpeg(mode: str, size: tuple[int, int], drawn: tuple[int, int], seed: int, **how: Any) -> bytes:
    """Noise of the size `drawn`, spread over `size`."""
    noise = random.Random(seed).randbytes(drawn[0] * drawn[1] * len(mode))
    out = io.BytesIO()
    Image.frombytes(mode, drawn, noise).resize(size).save(out, "JPEG", **how)
    return out.getvalue()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("form", FORMS)
def test_a_jpeg_that_hides_rows_below_its_claim_is_refused(form: str, mode: str):
    """Readers show what the header claims; the rest would be lost, and nobody told."""
    good = jpeg(mode, (140, 77), (140, 77), 7, **FORMS[form])
    stamp_here(good, ASKED)
    frame = images.frame_of(good)
    assert (frame.width, frame.height) == (140, 77)
    for height in (1, 16, 40):
        with pytest.raises(BadInput, match=r"as many rows .* got more"):
            stamp_here(images.claiming(good, frame, height), ASKED)


@given(
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    drawn=st.sampled_from([(1, 1), (8, 8)]),
    seed=st.integers(0, 2**32),
    form=st.sampled_from(sorted(FORMS)),
    mode=st.sampled_from(MODES),
    quality=st.sampled_from([5, 50, 90]),
)
@settings(max_examples=60)
def test_no_honest_jpeg_is_taken_for_one_that_hides_rows(size, drawn, seed, form, mode, quality):
    good = jpeg(mode, size, drawn, seed, **{**FORMS[form], "quality": quality})
    stamp_image._check_beyond(good, "picture")
