"""Pictures in, JPEGs for a marketplace out. Knows Pillow, and nothing of Django."""

from searches.imaging.bounded import fingerprint, inspect, prepare, start_reading
from searches.imaging.box import Box
from searches.imaging.facts import PictureFacts
from searches.imaging.hashing import SAME_PICTURE, Fingerprint, distance, have_same_blocks, same_picture
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
    "Fingerprint",
    "ImageRejected",
    "PictureFacts",
    "Prepared",
    "Preset",
    "distance",
    "fingerprint",
    "have_same_blocks",
    "inspect",
    "prepare",
    "same_picture",
    "start_reading",
]
