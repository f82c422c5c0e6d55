"""Choosing the part of a photo, as hands do it: a search's form, its dialog with the box, and what is then sent."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from searches.models import SearchJob
from tests.factories import CredentialFactory, QueryImageFactory, SearchCallFactory, SearchJobFactory
from tests.searches.pages import photo

WIDE = (800, 600)


@pytest.fixture(autouse=True)
def credential(db) -> None:
    CredentialFactory()


@pytest.fixture
def page(open_page, alice) -> Page:
    """A new search, with a photo of 800 × 600 chosen and not yet sent."""
    page = open_page(alice, "/search/new/", viewport={"width": 1280, "height": 900})
    choose(page, "mug.png")
    return page


@pytest.fixture
def model(alice, team) -> SearchJob:
    """A finished search, in whose photo a marketplace saw two parts."""
    image = QueryImageFactory(team=team, data=photo(size=WIDE), width=WIDE[0], height=WIDE[1], name="bag.png")
    job = SearchJobFactory(team=team, owner=alice, title="Bag", image=image)
    SearchCallFactory(job=job, regions=[[0.1, 0.2, 0.6, 0.9], [0.5, 0.5, 0.75, 1]])
    return job


def choose(page: Page, *names: str) -> None:
    colours = ("teal", "olive", "navy")
    files = [
        {"name": name, "mimeType": "image/png", "buffer": photo(colour, WIDE)}
        for name, colour in zip(names, colours, strict=False)
    ]
    page.set_input_files("#id_image", files)


def opened(page: Page, name: str = "mug.png") -> Locator:
    """The dialog's box, once its photo is shown."""
    page.get_by_role("button", name=f"Choose the part of {name}").click()
    box = page.locator("crop-box")
    expect(box).not_to_have_attribute("data-waiting", "")
    return box


def edges(page: Page) -> list[int]:
    """Left, top, right and bottom of the box, in percent."""
    return [round(edge * 100) for edge in page.locator("crop-box").evaluate("box => box.box")]


def at(box: Locator, x: float, y: float) -> tuple[float, float]:
    area = box.bounding_box()
    assert area
    return area["x"] + x * area["width"], area["y"] + y * area["height"]


def drag(page: Page, box: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*at(box, *start))
    page.mouse.down()
    page.mouse.move(*at(box, *end), steps=4)
    page.mouse.up()


def touch(box: Locator, *way: tuple[float, float]) -> None:
    """A finger that is put down, goes that way, and is lifted."""
    box.evaluate(
        """(box, way) => {
            const area = box.getBoundingClientRect();
            const send = (kind, [x, y]) => {
                const place = {clientX: area.left + x * area.width, clientY: area.top + y * area.height};
                const target = document.elementFromPoint(place.clientX, place.clientY);
                const finger = {pointerId: 7, pointerType: "touch", isPrimary: true, bubbles: true, cancelable: true};
                const button = kind === "pointermove" ? -1 : 0;
                target.dispatchEvent(new PointerEvent(kind, {...finger, ...place, button}));
            };
            box.setPointerCapture = () => {};
            send("pointerdown", way[0]);
            for (const place of way.slice(1)) send("pointermove", place);
            send("pointerup", way.at(-1));
        }""",
        [list(place) for place in way],
    )


def search(page: Page) -> SearchJob:
    page.get_by_label("I may use this picture").check()
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(re.compile(r"/searches/\d+/"))
    return SearchJob.objects.latest("pk")


def parts_of(job: SearchJob) -> list:
    return [
        [round(edge * 100) for edge in job.crops[str(image.pk)]] if str(image.pk) in job.crops else None
        for image in job.photos
    ]
