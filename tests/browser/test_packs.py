"""Decision packs as Chromium prints them: pages of A4, no offer torn apart, page numbers."""

import os
import re
import zlib
from pathlib import Path

import pytest

from tests.processes.portal import Portal

POINTS_OF_A4 = (595, 842)


@pytest.fixture
def pack(visit, portal: Portal):
    """`pack(number)`: the first offers of the demo's search, as a pack."""

    def opened(number: int, **options):
        page = visit("buyer", **options)
        search = portal.value("SELECT MIN(id) FROM searches_searchjob")
        offers = page.locator('#rows input[name="match"]')
        ids = [offers.nth(place).get_attribute("value") for place in range(number)]
        page.goto(f"{portal.address}/searches/{search}/pack/?quantity=500&" + "&".join(f"match={pk}" for pk in ids))
        return page

    return opened


def keep(name: str, data: bytes) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, name).write_bytes(data)


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Of each page, in points; read from the page objects, which Chromium writes unpacked or into object streams."""
    unpacked = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", b"\n".join(unpacked))
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_a_pack_is_pages_of_a4(pack) -> None:
    page = pack(12)
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.emulate_media(media="print")
    heights = page.locator(".pack-offer").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().height)")
    assert len(heights) == 12
    # None is higher than what a page has room for, so that none is torn.
    assert max(heights) < 900
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    keep("pack.pdf", data)
    pages = sizes(data)
    assert set(pages) == {POINTS_OF_A4}
    assert 2 <= len(pages) <= 6
    assert len(data) < 5_000_000


def test_few_offers_are_one_page(pack) -> None:
    page = pack(2)
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    assert sizes(page.pdf(prefer_css_page_size=True, print_background=True)) == [POINTS_OF_A4]


@pytest.mark.parametrize("width", [390, 1024, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_pack_on_the_screen(width, scheme, pack) -> None:
    page = pack(3, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.get_by_role("button", name="Print, or save as PDF").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    keep(f"pack-{width}-{scheme}.png", page.screenshot(full_page=True))
