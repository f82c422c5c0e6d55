"""Pictures in, JPEGs for a marketplace out. Knows Pillow, and nothing of Django."""

from searches.imaging.box import Box
from searches.imaging.facts import PictureFacts, inspect
from searches.imaging.opening import MAX_BYTES, MAX_PIXELS
from searches.imaging.preparing import Prepared, prepare
from searches.imaging.presets import BASIC, ENHANCED, PRESETS, Preset
from searches.imaging.rejected import MESSAGES, ImageRejected

__all__ = [
    "BASIC",
    "ENHANCED",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MESSAGES",
    "PRESETS",
    "Box",
    "ImageRejected",
    "PictureFacts",
    "Prepared",
    "Preset",
    "inspect",
    "prepare",
]
