"""Hints below a photo: said once it is chosen, gone once the suggested part is taken; nothing waits for them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cropping import credential, parts_of, search
from tests.searches.test_hints import BLURRED, FAR, GOOD, SMALL, USE, picture

__all__ = ("credential",)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(open_page, alice) -> Page:
    return open_page(alice, "/search/new/", hints=True, viewport={"width": 1280, "height": 900})


def choose(page: Page, **files: bytes) -> None:
    page.set_input_files(
        "#id_image",
        [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": data} for name, data in files.items()],
    )


def hint(page: Page, number: int = 1):
    return page.locator(f".photos li:nth-child({number}) .hint")


def test_a_small_product_is_told_and_the_suggested_part_is_searched(page) -> None:
    choose(page, far=FAR)
    expect(hint(page)).to_contain_text(SMALL)
    with page.expect_response("**/search/hint/") as answer:
        page.get_by_role("button", name=USE).click()
    assert answer.value.status == 204
    expect(hint(page)).to_be_empty()
    expect(page.locator(".photos .outline")).to_be_visible()
    chosen = page.get_by_role("button", name="Choose the part of far.jpg")
    expect(chosen).to_have_text("Another part")
    expect(chosen).to_be_focused()
    [[left, top, right, bottom]] = parts_of(search(page))
    assert 10 <= left < 20 < 30 < right <= 40
    assert 10 <= top < 25 < 35 < bottom <= 45


def test_each_photo_has_its_own_hint_and_a_good_one_none(page) -> None:
    with page.expect_response(lambda response: "/search/hint/" in response.url and response.status == 204):
        choose(page, good=GOOD, soft=picture(blur=9))
    expect(hint(page, 2)).to_contain_text(BLURRED)
    expect(hint(page, 2).get_by_role("button")).to_have_count(0)
    expect(hint(page, 1)).to_be_empty()


def test_a_form_that_comes_back_has_the_hint_and_its_button(page) -> None:
    choose(page, far=FAR)
    expect(hint(page)).to_contain_text(SMALL)
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    page.get_by_role("button", name=USE).click()
    expect(hint(page)).to_be_empty()
    expect(page.locator(".photos .outline")).to_be_visible()


def test_without_an_answer_the_search_goes_on(page) -> None:
    page.route("**/search/hint/", lambda route: None)
    choose(page, far=FAR)
    assert parts_of(search(page)) == [None]
    expect(page.get_by_text(SMALL)).to_be_visible()


def test_without_scripts_a_form_that_comes_back_says_it(open_page, alice) -> None:
    page = open_page(alice, "/search/new/", java_script_enabled=False)
    choose(page, far=FAR)
    page.get_by_role("button", name="Search", exact=True).click()
    expect(hint(page)).to_contain_text(SMALL)
    expect(page.get_by_role("button", name=USE)).to_be_hidden()
