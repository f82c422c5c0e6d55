"""Pictures in, JPEGs for a marketplace out. Knows Pillow, and nothing of Django."""

from searches.imaging.bounded import inspect, perceptual_hash, prepare, start_reading
from searches.imaging.box import Box
from searches.imaging.facts import PictureFacts
from searches.imaging.hashing import SAME_PICTURE, distance
from searches.imaging.opening import MAX_BYTES, MAX_PIXELS
from searches.imaging.preparing import Prepared
from searches.imaging.presets import BASIC, ENHANCED, PRESETS, Preset
from searches.imaging.rejected import MESSAGES, ImageRejected

__all__ = [
    "BASIC",
    "ENHANCED",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MESSAGES",
    "PRESETS",
    "SAME_PICTURE",
    "Box",
    "ImageRejected",
    "PictureFacts",
    "Prepared",
    "Preset",
    "distance",
    "inspect",
    "perceptual_hash",
    "prepare",
    "start_reading",
]
