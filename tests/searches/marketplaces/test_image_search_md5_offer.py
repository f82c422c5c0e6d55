"""One offer of a reply in the article's dialect, read leniently: what cannot be read is unknown, and kept."""

import pytest

from tests.searches.marketplaces.replies import SUPPLIER, offer_of


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("23.50", "23.50"),
        (23.5, "23.5"),
        (23, "23"),
        ("¥23.50", "23.50"),
        ("￥ 23.50元", "23.50"),
        ("CNY 1,234.50", "1234.50"),
        ("23.50-30.00", "23.50"),
        ("¥30.00 ~ ¥23.50", "23.50"),
        ("23.50起", "23.50"),
        ("23.50/件", "23.50"),
        (0.1 + 0.2, "0.3000"),
        ("0", "0"),
    ],
)
def test_prices_in_every_dress(given: object, read: str) -> None:
    assert str(offer_of(price=given).price) == read


@pytest.mark.parametrize(
    "given",
    ["面议", "", "-5", "3件23.50元", "12,34", "1e5", "9" * 13, -1, 1e300, 10**400, True, [23.5], {"price": 1}],
)
def test_a_price_that_cannot_be_read_is_unknown_and_kept(given: object) -> None:
    offer = offer_of(price=given)

    assert offer.price is None
    assert "price" in offer.extras


@pytest.mark.parametrize(("given", "kept"), [("23.50", False), (23.5, False), (None, False), ("23.50-30.00", True)])
def test_extras_keep_a_number_s_original_only_if_it_says_more(given: object, kept: bool) -> None:
    extras = offer_of(price=given).extras

    assert ("price" in extras) is kept
    assert extras.get("price") in (None, given)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (5, 5),
        ("5", 5),
        (5.0, 5),
        ("5件", 5),
        ("≥5件起批", 5),
        ("1,000件", 1000),
        ("5.00", 5),
        (None, None),
        (0, None),
        (-5, None),
        (2.5, None),
        ("2.5", None),
        ("some", None),
        (True, None),
        (10**400, None),
        (float("nan"), None),
        ([5], None),
    ],
)
def test_moq_in_every_dress(given: object, read: int | None) -> None:
    assert offer_of(min_buy=given).moq == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (0.96, 0.96),
        ("0.96", 0.96),
        ("96%", 0.96),
        (1, 1.0),
        (0, 0.0),
        (1.0000001, 1.0),
        (-0.0000001, 0.0),
        (1.2, None),
        (96, None),
        (-1, None),
        ("alike", None),
        (None, None),
        (True, None),
        (float("inf"), None),
        (float("nan"), None),
        (10**400, None),
    ],
)
def test_similarity_is_a_share_or_unknown(given: object, read: float | None) -> None:
    assert offer_of(similarity=given).similarity == read


@pytest.mark.parametrize(("given", "read"), [(5, 5), ("5", 5), (0, 0), (6, None), (-1, None), ("AAA", None)])
def test_credit_is_0_to_5_or_unknown(given: object, read: int | None) -> None:
    offer = offer_of(supplier=SUPPLIER | {"credit_level": given})

    assert offer.supplier_credit == read
    assert offer.extras.get("supplier") == (None if read is not None else {"credit_level": given})


@pytest.mark.parametrize("supplier", [None, {}, [], 7, False])
def test_a_missing_supplier_is_unknown(supplier: object) -> None:
    offer = offer_of(supplier=supplier)

    assert (offer.supplier_id, offer.supplier_name, offer.supplier_location) == ("", "", "")
    assert offer.supplier_credit is None


def test_a_supplier_that_is_only_a_name() -> None:
    assert offer_of(supplier="义乌工厂").supplier_name == "义乌工厂"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"location": "浙江 义乌"}, "浙江 义乌"),
        ({"location": "浙江 义乌", "city": "上海"}, "浙江 义乌"),
        ({"province": "浙江", "city": "义乌"}, "浙江 义乌"),
        ({"province": "上海", "city": "上海"}, "上海"),
        ({"province": None, "city": "义乌"}, "义乌"),
        ({}, ""),
    ],
)
def test_a_supplier_s_location(given: dict[str, object], read: str) -> None:
    assert offer_of(supplier=SUPPLIER | given).supplier_location == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://cbu01.alicdn.com/a.jpg", "https://cbu01.alicdn.com/a.jpg"),
        ("http://127.0.0.1:8900/a.jpg", "http://127.0.0.1:8900/a.jpg"),
        ("//cbu01.alicdn.com/a.jpg", "https://cbu01.alicdn.com/a.jpg"),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,AAAA", ""),
        ("/a.jpg", ""),
        ('https://cbu01.alicdn.com/"onerror=alert(1)', ""),
        ("https://user@cbu01.alicdn.com/a.jpg", ""),
        ("https://cbu01.alicdn.com/" + "a" * 1000, ""),
        (["https://cbu01.alicdn.com/a.jpg"], ""),
        (None, ""),
    ],
)
def test_pictures_are_web_addresses_or_unknown(given: object, read: str) -> None:
    assert offer_of(main_image=given).image_url == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://shop.example.com/offer/1", "https://shop.example.com/offer/1"),
        ("javascript:alert(1)", "https://detail.1688.com/offer/628745190321.html"),
        (None, "https://detail.1688.com/offer/628745190321.html"),
    ],
)
def test_an_offer_s_page_is_its_own_or_1688_s(given: object, read: str) -> None:
    assert offer_of(detail_url=given).url == read


def test_an_id_cannot_lead_the_offer_s_page_elsewhere() -> None:
    assert offer_of(product_id="../a?b#c").url == "https://detail.1688.com/offer/..%2Fa%3Fb%23c.html"


@pytest.mark.parametrize(("given", "read"), [(628745190321, "628745190321"), (6.28e11, "628000000000"), (" 7 ", "7")])
def test_ids_are_texts(given: object, read: str) -> None:
    assert offer_of(product_id=given).offer_id == read


def test_unknown_fields_are_kept() -> None:
    offer = offer_of(sold=12, tags=["新款", None], supplier=SUPPLIER | {"years": 8})

    assert offer.extras == {"sold": 12, "tags": ["新款", None], "supplier": {"years": 8}}


def test_what_cannot_be_shown_or_stored_is_taken_out_of_texts() -> None:
    offer = offer_of(
        title=" a\x00b\n\u202ec\ud800 ", note={"\x00key": "\ud800\x1b[31m"}, huge=10**30, deep=[[[[[[[1]]]]]]]
    )

    assert offer.title == "a b c?"
    assert offer.extras == {"note": {"key": "? [31m"}, "huge": "1" + "0" * 30, "deep": [[[[[[None]]]]]]}


def test_texts_fit_their_columns() -> None:
    offer = offer_of(title="长" * 600, supplier={"company_name": "名" * 300, "province": "省" * 80, "city": "市" * 80})

    assert (len(offer.title), len(offer.supplier_name), len(offer.supplier_location)) == (500, 200, 100)
