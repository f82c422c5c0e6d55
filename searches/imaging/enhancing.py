"""Bring out what a visual search looks at."""

from PIL import Image, ImageEnhance, ImageFilter

from searches.imaging.failures import UNREADABLE
from searches.imaging.presets import Preset

_NEIGHBOURHOOD = 3  # pixels; a larger one rounds off letters and weave


class EnhancementFailed(Exception):
    """An enhancing step failed; the picture is fit for a plainer preset still."""


def enhance(picture: Image.Image, preset: Preset) -> Image.Image:
    """Less noise, then more contrast: in the other order the noise would be raised along. Raises
    EnhancementFailed."""
    try:
        if preset.denoise:
            median = picture.filter(ImageFilter.MedianFilter(_NEIGHBOURHOOD))
            picture = Image.blend(picture, median, preset.denoise)
        return ImageEnhance.Contrast(picture).enhance(preset.contrast)
    except UNREADABLE as cause:
        raise EnhancementFailed from cause
