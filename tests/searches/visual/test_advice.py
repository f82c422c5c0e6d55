"""What is said of a photo: good ones pass, spoilt ones are told apart, odd ones do no harm."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from searches.imaging import Box
from searches.visual.advice import MESSAGES, Advice, advise

RED, BLUE = (190, 40, 40), (40, 70, 180)


def _bytes(image: Image.Image, form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    image.save(out, form, quality=90)
    return out.getvalue()


def _mug(colour=RED, background=(246, 245, 241), side=600, share=0.6) -> Image.Image:
    """A mug with a handle, on a plain background that falls off in light towards the bottom."""
    picture = Image.new("RGB", (side, side), background)
    shade = np.linspace(1, 0.9, side)[:, None, None]
    picture = Image.fromarray((np.asarray(picture) * shade).astype("uint8"))
    draw = ImageDraw.Draw(picture)
    reach = side * share / 2
    left, right, top, bottom = side / 2 - reach, side / 2 + reach * 0.6, side / 2 - reach, side / 2 + reach
    draw.rounded_rectangle((left, top, right, bottom), reach / 8, fill=colour)
    draw.ellipse((right - reach / 3, top + reach / 2, side / 2 + reach, bottom - reach / 2), outline=colour, width=14)
    draw.rectangle((left, top, right, top + reach / 6), fill=tuple(level // 2 for level in colour))
    return picture


def _beside(*pictures: Image.Image) -> Image.Image:
    wide = Image.new("RGB", (sum(picture.width for picture in pictures), pictures[0].height), "white")
    left = 0
    for picture in pictures:
        wide.paste(picture, (left, 0))
        left += picture.width
    return wide


@pytest.mark.parametrize("colour", [RED, (20, 20, 22), (225, 225, 228)])
@pytest.mark.parametrize("background", [(255, 255, 255), (200, 205, 190), (150, 120, 100)])
def test_a_plain_product_on_a_plain_background_is_as_it_should_be(colour, background):
    assert advise(_bytes(_mug(colour, background))) == Advice()


def test_a_product_among_other_things_is_as_it_should_be():
    noise = np.random.default_rng(1).integers(40, 220, (30, 30, 3)).astype("uint8")
    room = Image.fromarray(noise).resize((600, 600), Image.Resampling.NEAREST)
    room.paste(_mug().crop((100, 100, 500, 500)), (100, 100))
    assert advise(_bytes(room)) == Advice()


@pytest.mark.parametrize("radius", [5, 8, 14])
@pytest.mark.parametrize("colour", [RED, (60, 130, 70)])
def test_a_blurred_photo_is_told(radius, colour):
    assert advise(_bytes(_mug(colour).filter(ImageFilter.GaussianBlur(radius)))).codes == ("blurred",)


def test_a_smooth_product_with_a_sharp_outline_is_not_blurred():
    ball = Image.new("RGB", (600, 600), "white")
    distance = np.hypot(*(np.mgrid[-1:1:600j, -1:1:600j] + 0.2)) / 1.2
    shading = Image.fromarray((230 - 130 * np.clip(distance, 0, 1)).astype("uint8"))
    ball.paste(shading, mask=_disc())
    assert advise(_bytes(ball)) == Advice()


def _disc() -> Image.Image:
    mask = Image.new("L", (600, 600))
    ImageDraw.Draw(mask).ellipse((80, 80, 520, 520), fill=255)
    return mask


def test_a_dark_photo_is_told():
    dark = _mug().point(lambda level: level // 3)
    assert advise(_bytes(dark)).codes == ("dark",)


def test_a_washed_out_photo_is_told():
    pale = _mug().point(lambda level: 180 + level * 75 // 255)
    assert advise(_bytes(pale)).codes == ("bright",)


def test_different_products_beside_each_other_are_told_with_the_larger_as_part():
    larger, smaller = _mug(RED, (255, 255, 255), share=0.7), _mug(BLUE, (255, 255, 255), share=0.5)
    advice = advise(_bytes(_beside(smaller, larger)))
    assert advice.codes == ("several",)
    left, top, right, bottom = advice.part
    assert 0.5 < left < 0.6 and 0.9 < right < 1
    assert 0 <= top < 0.16 and 0.84 < bottom <= 1


def test_a_pair_of_one_look_is_one_product():
    shoe = _mug(BLUE, (255, 255, 255), share=0.5)
    assert advise(_bytes(_beside(shoe, shoe.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))) == Advice()


def test_a_lid_above_its_jar_is_no_product_of_its_own():
    picture = Image.new("RGB", (600, 600), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((200, 100, 400, 200), fill=(150, 100, 60))
    draw.rectangle((190, 300, 410, 550), fill=(90, 90, 90))
    assert advise(_bytes(picture)) == Advice()


def test_what_is_cut_by_a_side_lies_about_and_is_no_second_product():
    picture = _mug()
    ImageDraw.Draw(picture).rectangle((0, 380, 90, 600), fill=BLUE)
    assert advise(_bytes(picture)) == Advice()


def test_a_sellers_banner_is_no_second_product():
    picture = _mug()
    ImageDraw.Draw(picture).rectangle((0, 540, 600, 600), fill=BLUE)
    assert advise(_bytes(picture)) == Advice()


@pytest.mark.parametrize("place", [(20, 30), (700, 500)])
def test_a_small_product_is_told_with_the_part_around_it(place):
    canvas = Image.new("RGB", (1000, 800), (246, 245, 241))
    canvas.paste(_mug(side=260, share=0.8), place)
    advice = advise(_bytes(canvas))
    assert advice.codes == ("small",)
    Box(*advice.part)
    left, top, right, bottom = advice.part
    shown = (place[0] / 1000, place[1] / 800, (place[0] + 260) / 1000, (place[1] + 260) / 800)
    assert left == pytest.approx(shown[0], abs=0.06) and right == pytest.approx(shown[2], abs=0.06)
    assert top == pytest.approx(shown[1], abs=0.06) and bottom == pytest.approx(shown[3], abs=0.06)
    # The part is no longer small, or the hint would come again.
    part = canvas.crop((round(left * 1000), round(top * 800), round(right * 1000), round(bottom * 800)))
    assert advise(_bytes(part)) == Advice()


def test_a_blurred_small_product_is_told_both():
    canvas = Image.new("RGB", (1000, 800), "white")
    canvas.paste(_mug(background=(255, 255, 255), side=300, share=0.8), (50, 60))
    advice = advise(_bytes(canvas.filter(ImageFilter.GaussianBlur(8))))
    assert advice.codes == ("blurred", "small")
    assert advice.part is not None


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 900), (300, 300), (8000, 20), (20, 8000)])
@pytest.mark.parametrize("colour", ["white", "black", "red", (120, 130, 110)])
def test_a_picture_of_one_colour_shows_nothing(size, colour):
    assert advise(_bytes(Image.new("RGB", size, colour))).codes == ("empty",)


def test_a_transparent_picture_is_seen_on_white():
    empty = Image.new("RGBA", (300, 300), (200, 0, 0, 0))
    assert advise(_bytes(empty, "PNG")).codes == ("empty",)
    product = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    product.paste(_mug(), mask=_disc())
    assert advise(_bytes(product, "PNG")) == Advice()
    assert advise(_bytes(product, "WEBP")) == Advice()


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P", "LA"])
def test_any_mode_is_read(mode):
    picture = _mug((20, 20, 22), (255, 255, 255))
    picture = picture.convert(mode)
    form = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    picture.save(out, form)
    assert "empty" not in advise(out.getvalue()).codes


@pytest.mark.parametrize("size", [(8000, 20), (20, 8000), (5, 5), (40, 3), (17, 16)])
def test_odd_shapes_do_no_harm(size):
    noise = np.random.default_rng(2).integers(0, 255, (size[1], size[0], 3)).astype("uint8")
    advice = advise(_bytes(Image.fromarray(noise), "PNG"))
    assert set(advice.codes) <= set(MESSAGES)
    if advice.part:
        Box(*advice.part)


@pytest.mark.parametrize("data", [b"", b"no picture", _bytes(_mug())[:400]])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ValueError, match="cannot be read"):
        advise(data)


def test_a_picture_full_of_pieces_is_dealt_with():
    board = np.indices((320, 320)).sum(axis=0) // 4 % 2 * 200
    board[:40] = board[-40:] = board[:, :40] = board[:, -40:] = 255
    assert set(advise(_bytes(Image.fromarray(board.astype("uint8")), "PNG")).codes) <= set(MESSAGES)
