"""A photo as somebody else would have taken it: turned, cropped, in other light, before another background."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

Colours = NDArray[np.float32]

TURN = 15.0  # degrees to either side
KEPT = (0.75, 0.92)  # of each side
BRIGHTNESS, CONTRAST = (0.65, 1.3), (0.8, 1.2)
RED, BLUE = (0.93, 1.07), (0.9, 1.1)  # against green: warmer and colder light
BEHIND = (90.0, 235.0)  # of 255: another background's colour
FALL_OFF, GRAIN = 25.0, 6.0  # of its light, from top to bottom, and of its texture
NEAR, FAR = 6.0, 24.0  # from the old background's colour: surely background, surely subject


def disturbed(photo: Image.Image, random: np.random.Generator, *, background: bool) -> Image.Image:
    """An RGB photo disturbed in every way; its background too when it is plain, which the caller knows."""
    if background:
        photo = _before_another(photo, random)
    paper = tuple(int(value) for value in border_colour(np.asarray(photo, np.float32)))
    turned = photo.rotate(random.uniform(-TURN, TURN), Image.Resampling.BICUBIC, fillcolor=paper)
    share = random.uniform(*KEPT)
    width, height = max(1, round(photo.width * share)), max(1, round(photo.height * share))
    left, top = int(random.integers(0, photo.width - width + 1)), int(random.integers(0, photo.height - height + 1))
    cropped = turned.crop((left, top, left + width, top + height))
    lit = ImageEnhance.Brightness(cropped).enhance(random.uniform(*BRIGHTNESS))
    lit = ImageEnhance.Contrast(lit).enhance(random.uniform(*CONTRAST))
    tint = np.array([random.uniform(*RED), 1, random.uniform(*BLUE)], np.float32)
    return _as_image(np.asarray(lit, np.float32) * tint)


def border_colour(colours: Colours) -> Colours:
    """(3,): the median of the outermost 3 % of an (h, w, 3) picture."""
    margin = max(1, round(min(colours.shape[:2]) * 0.03))
    edges = (colours[:margin], colours[-margin:], colours[:, :margin], colours[:, -margin:])
    return np.asarray(np.median(np.concatenate([edge.reshape(-1, 3) for edge in edges]), axis=0), np.float32)


def _before_another(photo: Image.Image, random: np.random.Generator) -> Image.Image:
    colours = np.asarray(photo, np.float32)
    apart = np.abs(colours - border_colour(colours)).max(axis=2, keepdims=True)
    subject = np.clip((apart - NEAR) / (FAR - NEAR), 0, 1)
    light = np.linspace(-FALL_OFF, FALL_OFF, photo.height)[:, None, None] * random.choice([-1, 1])
    grain = random.normal(0, GRAIN, (photo.height, photo.width, 1))
    behind = np.clip(random.uniform(*BEHIND, 3) + light + grain, 0, 255)
    return _as_image(colours * subject + behind * (1 - subject))


def _as_image(colours: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(colours.clip(0, 255).astype(np.uint8))
