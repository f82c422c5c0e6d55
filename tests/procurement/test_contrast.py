"""The tokens against WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for outlines and the focus ring."""

import re

import pytest
from django.conf import settings

SURFACES = ("bg", "panel", "soft", "accent-soft")
TEXT = [(ink, surface) for ink in ("ink", "dim", "accent", "good", "warn", "bad") for surface in SURFACES]
TEXT += [("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft")]
TEXT += [("accent-ink", "accent"), ("accent-ink", "accent-strong"), ("bad-ink", "bad")]
OUTLINES = [(line, surface) for line in ("edge", "focus") for surface in ("bg", "panel", "soft")]


def tokens(scheme: str) -> dict[str, str]:
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark if scheme == "dark" else light))


def luminance(colour: str) -> float:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("least", "pairs"), [(4.5, TEXT), (3.0, OUTLINES)], ids=["text", "outlines"])
def test_contrast(scheme: str, least: float, pairs: list[tuple[str, str]]):
    colours = tokens(scheme)
    found = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < least} == {}
