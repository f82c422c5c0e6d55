"""What is made of a picture before a marketplace sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SMALLEST_BUDGET = 2_000  # bytes; a JPEG of a few pixels needs about 700 for its tables alone


@dataclass(frozen=True, slots=True)
class Preset:
    """How `prepare` treats a picture.

    `max_side`: pixels, the picture is fitted within a square of that side and never enlarged.
    `quality`: of the JPEG, 1 to 95. `max_bytes`: of the JPEG, in bytes; quality, then size give way to it.
    `crop_to_square`: without a crop box, keep the centred square. `contrast`: factor, 1 leaves it as it is.
    `denoise`: share (0 to 1) of a 3 by 3 median mixed into the picture.
    """

    name: str
    max_side: int = 800
    quality: int = 85
    crop_to_square: bool = False
    contrast: float = 1.0
    denoise: float = 0.0
    max_bytes: int = 5_000_000

    def __post_init__(self) -> None:
        if self.max_side < 1 or not 1 <= self.quality <= 95:
            raise ValueError("a preset needs a side of at least 1 pixel and a quality of 1 to 95")
        if self.contrast < 0 or not 0 <= self.denoise <= 1:
            raise ValueError("a preset needs a contrast of at least 0 and a share of denoising of 0 to 1")
        if self.max_bytes < SMALLEST_BUDGET:
            raise ValueError(f"no picture fits into fewer than {SMALLEST_BUDGET} bytes")

    @property
    def enhances(self) -> bool:
        """Whether it changes more than size and format, which may fail and then falls back to BASIC."""
        return self.contrast != 1 or self.denoise > 0


# The figures of both are those of the source document: 800 x 800 at 85; square, contrast x 1.2 at 90.
BASIC = Preset("basic")
ENHANCED = Preset("enhanced", quality=90, crop_to_square=True, contrast=1.2, denoise=0.5)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in (BASIC, ENHANCED)})
