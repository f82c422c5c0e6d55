"""The readers' short ways say what their long ways would."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searches.marketplaces import is_web_url
from searches.marketplaces.readers import as_extras, as_price, as_share, as_text, as_web_url, reads_as
from searches.marketplaces.search_request import MAX_PRICE

STEADY = settings(derandomize=True, deadline=None, database=None)
HOSTS = st.text(alphabet="ab1.-:@[]_%", min_size=1, max_size=12)
PATHS = st.text(alphabet="a0/?#=&;:@%~!'()*+,$[]{}|^`\\\"<> ü\t", max_size=12)


@STEADY
@given(
    scheme=st.sampled_from(["http://", "https://", "//", "ftp://", "HTTPS://", ""]),
    host=HOSTS | st.sampled_from(["a.example", "127.0.0.1:8100", "a.example:65535", "a.example:65536", "a.example:"]),
    path=st.just("/").flatmap(lambda start: PATHS.map(lambda rest: start + rest)) | PATHS,
)
def test_an_address_is_read_where_it_can_be_linked(scheme: str, host: str, path: str) -> None:
    address = f"{scheme}{host}{path}"

    read = as_web_url(address)

    shown = as_text(address, 1001)
    meant = f"https:{shown}" if shown.startswith("//") else shown
    assert read == (meant if is_web_url(meant) else "")


@pytest.mark.parametrize("length", [999, 1000, 1001])
def test_an_address_of_more_than_a_thousand_characters_is_none(length: int) -> None:
    address = "https://a.example/".ljust(length, "a")

    assert as_web_url(address) == (address if length <= 1000 else "")


@STEADY
@given(amount=st.from_regex(r"[0-9]{1,13}(\.[0-9]{1,6})?", fullmatch=True))
def test_a_plain_amount_is_itself(amount: str) -> None:
    read = as_price(amount)

    number = Decimal(amount)
    if len(amount.partition(".")[0]) > 12 or number > MAX_PRICE:
        assert read is None
    else:
        assert read is not None
        assert abs(read - number) <= Decimal("0.00005")
        assert as_price(f"¥{amount}") == read


@STEADY
@given(text=st.text(max_size=12), limit=st.integers(1, 15))
def test_a_text_that_was_read_reads_as_itself(text: str, limit: int) -> None:
    read = as_text(text, limit)

    assert as_text(read, limit) == read
    assert len(read) <= limit
    assert "  " not in read
    assert read == read.strip()
    read.encode()


@pytest.mark.parametrize(("text", "share"), [("33.9%", 0.339), ("13%", 0.13), ("100%", 1.0), ("0.7%", 0.007)])
def test_a_percentage_is_exact(text: str, share: float) -> None:
    assert as_share(text) == share


@pytest.mark.parametrize(
    ("value", "number", "says_all"),
    [
        ("23.50", Decimal("23.50"), True),
        ("23.5", Decimal("23.50"), True),
        ("¥23.50", Decimal("23.50"), False),
        ("None", None, False),
        (None, None, True),
        (True, 1, False),
    ],
)
def test_whether_a_number_says_all(value: object, number: Decimal | None, says_all: bool) -> None:
    assert reads_as(value, number) is says_all


def test_names_of_members_are_cleaned_and_cut() -> None:
    assert as_extras({"a\x00b": 1, "n" * 101: 2}) == {"a b": 1, "n" * 100: 2}
    assert len(as_extras({str(number): number for number in range(150)})) == 100
