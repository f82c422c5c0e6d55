"""Pictures of every kind become vectors; what cannot be read is named."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from searches.visual import DIMENSIONS, VERSION, embed, similarity
from tests.searches.visual.pictures import ball, encoded, noise

AS_ON_EVERY_MACHINE = 1e-3


def one_colour(size, colour=(90, 120, 60)) -> bytes:
    return encoded(Image.new("RGB", size, colour), "PNG")


def clear() -> bytes:
    return encoded(Image.new("RGBA", (200, 200), (10, 20, 30, 0)), "PNG")


def palette() -> bytes:
    return encoded(ball().convert("P", palette=Image.Palette.ADAPTIVE, colors=16), "PNG")


def cut_off() -> bytes:
    whole = encoded(ball())
    return whole[: len(whole) // 3]


STRANGE = {
    "one colour": one_colour((300, 300)),
    "white": one_colour((300, 300), (255, 255, 255)),
    "black": one_colour((300, 300), (0, 0, 0)),
    "one pixel": one_colour((1, 1)),
    "a line": one_colour((8000, 20)),
    "a line that stands": encoded(noise(3, (20, 8000)), "PNG"),
    "transparent": clear(),
    "palette": palette(),
    "palette with a transparent colour": encoded(ball().convert("P"), "PNG", transparency=3),
    "grey": encoded(ball().convert("L")),
    "grey with transparency": encoded(ball().convert("LA"), "PNG"),
    "black and white": encoded(ball().convert("1"), "PNG"),
    "16 bits of grey": encoded(Image.fromarray(np.linspace(0, 65535, 90000, dtype=np.uint16).reshape(300, 300)), "PNG"),
    "CMYK": encoded(ball().convert("CMYK")),
    "WebP": encoded(ball(), "WEBP"),
    "noise": encoded(noise(1)),
}


@pytest.mark.parametrize("picture", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_picture_has_a_vector_of_unit_length(picture):
    (vector,) = embed([picture])
    assert vector.shape == (DIMENSIONS,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert similarity(vector, vector) == pytest.approx(1, abs=1e-4)


def test_strange_pictures_are_compared_within_bounds():
    vectors = embed(list(STRANGE.values()))
    scores = np.array([[similarity(a, b) for b in vectors] for a in vectors])
    assert np.isfinite(scores).all()
    assert scores.min() >= 0
    assert scores.max() <= 1
    assert np.abs(scores - scores.T).max() < 1e-5


def test_modes_that_show_the_same_are_alike():
    plain, webp, cmyk, paletted = embed([encoded(ball()), STRANGE["WebP"], STRANGE["CMYK"], STRANGE["palette"]])
    assert min(similarity(plain, other) for other in (webp, cmyk, paletted)) > 0.8


def test_what_is_transparent_is_white():
    picture = ball()
    layer = picture.convert("RGBA")
    layer.putalpha(Image.eval(picture.convert("L"), lambda value: 0 if value == 255 else 255))
    plain, transparent = embed([encoded(picture, "PNG"), encoded(layer, "PNG")])
    assert similarity(plain, transparent) > 0.8


def test_a_photo_is_turned_as_its_exif_says():
    upright = Image.new("RGB", (300, 300), "white")
    upright.paste(ball(size=(150, 150)), (0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it
    lying = encoded(upright.transpose(Image.Transpose.ROTATE_90), quality=95, exif=exif)
    expected, seen, unturned = embed(
        [encoded(upright, quality=95), lying, encoded(upright.transpose(Image.Transpose.ROTATE_90), quality=95)]
    )
    assert seen @ expected > 0.99
    assert seen @ expected > seen @ unturned


@pytest.mark.parametrize("broken", [b"", b"no picture", cut_off(), b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"])
def test_the_place_of_an_unreadable_picture_is_named(broken):
    good = encoded(ball())
    with pytest.raises(ValueError, match="Picture 2"):
        embed([good, good, broken])


def test_no_pictures_are_no_vectors():
    assert embed([]).shape == (0, DIMENSIONS)


def test_a_batch_says_what_each_picture_says_alone():
    pictures = [encoded(ball((20 * number, 90, 200))) for number in range(10)] + [encoded(noise(7))]
    together = embed(pictures)
    alone = np.concatenate([embed([picture]) for picture in pictures])
    assert np.array_equal(together, alone)


def test_threads_share_the_model():
    pictures = [encoded(ball((25 * number, 200, 40))) for number in range(8)]
    expected = embed(pictures)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda picture: embed([picture])[0], pictures * 3))
    assert np.array_equal(np.stack(found), np.concatenate([expected] * 3))


def test_a_vector_is_what_it_was():
    """Vectors are stored: what makes others of the same pictures has to change VERSION, and these figures with it."""
    assert VERSION == "lite0-4"
    assert len(VERSION) <= 16
    (vector,) = embed([encoded(ball(), "PNG")])
    some = vector[[0, 1, 2, 159, 160, 161, 255]]
    assert some == pytest.approx(
        [-0.0290, -0.0547, -0.0841, -0.0188, -0.1172, 0.0383, -0.0003], abs=AS_ON_EVERY_MACHINE
    )


def test_a_child_of_a_process_that_has_embedded_embeds_too():
    program = """
import os, sys
from searches.visual import embed
picture = sys.stdin.buffer.read()
before = embed([picture])
child = os.fork()
if child == 0:
    os._exit(0 if (embed([picture]) == before).all() else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    subprocess.run([sys.executable, "-c", program], input=encoded(ball()), check=True, timeout=60, env=os.environ)


def test_nothing_is_loaded_before_it_is_needed():
    program = """
import sys
import searches.visual
from searches.visual import model
assert "onnxruntime" not in sys.modules and model._loaded is None
assert "torch" not in sys.modules and "onnx" not in sys.modules and "django" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
