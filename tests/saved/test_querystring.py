"""The state of a comparison as it is kept: verbatim, in one order, whatever somebody put into the address."""

import pytest
from django.core.exceptions import ValidationError

from saved.querystring import LONGEST, MOST_PARAMETERS, address, canonical, same


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("?sort=price&price_to=20", "price_to=20&sort=price"),
        ("page=3&sort=price", "sort=price"),
        ("saved=4&view=5&sort=price", "sort=price"),
        ("open=612&open=613&move=price:1&sort=price", "sort=price"),
        ("price_to=&sort=price", "sort=price"),
        ("place=b&place=a&anything=at+all", "anything=at+all&place=b&place=a"),
        ("title_any=%E5%8C%85+%F0%9F%91%9C&q=%00", "q=%00&title_any=%E5%8C%85+%F0%9F%91%9C"),
        ("quantity=５００", "quantity=%EF%BC%95%EF%BC%90%EF%BC%90"),
        ("supplier=%D7%A9%D7%9C%D7%95%D7%9D", "supplier=%D7%A9%D7%9C%D7%95%D7%9D"),
        ("supplier=%FF", "supplier=%EF%BF%BD"),
    ],
)
def test_a_state_is_kept_verbatim_in_one_order(text, kept):
    assert canonical(text) == kept
    assert canonical(kept) == kept


def test_two_addresses_of_one_state_are_the_same():
    assert same("?sort=price&price_to=20&page=2", "price_to=20&sort=price&saved=1")
    assert not same("sort=price", "sort=-price")
    assert not same("place=a&place=b", "place=b&place=a")


def test_what_is_too_long_to_be_kept_is_refused_and_like_nothing():
    for text in ("q=" + "x" * LONGEST, "&".join(f"p{number}=1" for number in range(MOST_PARAMETERS + 1))):
        with pytest.raises(ValidationError, match="more filters than can be saved"):
            canonical(text)
        assert not same(text, text)


def test_an_address_names_what_is_open():
    assert address("/searches/1/", "sort=price", saved=2, view=None) == "/searches/1/?sort=price&saved=2"
    assert address("/searches/1/", "") == "/searches/1/"
