"""CSV files of rates, as banks, Excel and people make them."""

import codecs
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckoning.ratefile import RateFileRejected, read_rates, text_of
from tests.reckoning.offers import exactly

HEAD = "from,to,rate,date,source\n"
NOVEMBER = date(2026, 11, 20)


def only(text):
    found = read_rates(text)
    assert found.errors == ()
    (row,) = found.rows
    return row


@pytest.mark.parametrize(
    "text",
    [
        "from,to,rate,date,source\nCNY,USD,0.14,2026-11-20,BOC",
        "From,To,Rate,Date,Source\r\nCNY,USD,0.14,2026/11/20,BOC\r\n",
        "source,date,rate,to,from\nBOC,20261120,.14,USD,CNY\n",
        "源币种,目标币种,汇率,日期,来源\ncny,usd,０．１４,2026年11月20日,BOC",
        "从；到；汇率；生效日期；来源".replace("；", ";") + "\nＣＮＹ;ＵＳＤ;0.14;2026.11.20;BOC",
        "from\tto\trate\tdate\tnote\n CNY \t USD \t 0.14 \t 2026-11-20 \t BOC ",
        '\n\nbase,quote,exchange rate,valid_on,note,more\n,,,,\n"CNY","USD","0.14",2026-11-20,"BOC",x',
    ],
)
def test_one_rate_in_many_dresses(text):
    row = only(text)
    assert (row.source, row.target, row.rate, row.valid_on, row.note) == (
        "CNY",
        "USD",
        Decimal("0.14"),
        NOVEMBER,
        "BOC",
    )


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + "来源".encode(),
        "来源".encode(),
        "来源".encode("gb18030"),
        "来源".encode("utf-16"),
        codecs.BOM_UTF16_BE + "来源".encode("utf-16-be"),
    ],
)
def test_characters_as_programs_write_them(data):
    assert text_of(data) == "来源"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"PK\x03\x04\x00\x00", "no text"),
        (b"\xff\xff\xff", "no text"),
        (b"x" * 500_001, "larger than 500 kB"),
    ],
)
def test_what_is_no_text(data, words):
    with pytest.raises(RateFileRejected, match=words):
        text_of(data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CNY,USD,0.14,2026-11-20", "from / 源币种, to / 目标币种, rate / 汇率, date / 日期"),
        ("from,to,rate\nCNY,USD,1", "Not found: date / 日期"),
        (HEAD + 'CNY,USD,"0.14,2026-11-20', "quotation mark"),
        (HEAD + '"' + "x" * 200_000 + '"', "too long"),
        (HEAD + "CNY,USD,1,2026-11-20\n" * 5001, "more than 5,000"),
        ("\n", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_at_all(text, words):
    with pytest.raises(RateFileRejected, match=words):
        read_rates(text)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("YUAN,USD,1,2026-11-20", "“YUAN” is no currency"),
        (",USD,1,2026-11-20", "“” is no currency"),
        ("CNY,cny,1,2026-11-20", "the same currency, CNY"),
        ("CNY,USD,0,2026-11-20", "out of range"),
        ("CNY,USD,-1,2026-11-20", "is no rate"),
        ("CNY,USD,10000000000,2026-11-20", "out of range"),
        ("CNY,USD,0.000000001,2026-11-20", "more than 8 digits"),
        ('CNY,USD,"7,12",2026-11-20', "“7,12” is no rate"),
        ("CNY,USD,nan,2026-11-20", "is no rate"),
        ("CNY,USD,1e5,2026-11-20", "is no rate"),
        ("CNY,USD," + "9" * 5000 + ",2026-11-20", "is no rate|out of range"),
        ("CNY,USD,,2026-11-20", "is no rate"),
        ("CNY,USD,1,20.11.2026", "is no date"),
        ("CNY,USD,1,11/20/2026", "is no date"),
        ("CNY,USD,1,2026-02-30", "is no date"),
        ("CNY,USD,1,0001-01-01", "is no date"),
        ("CNY,USD,1", "is no date"),
        ("CNY,USD,1,2026-11-20," + "x" * 201, "longer than 200"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(line, words):
    found = read_rates(HEAD + "EUR,CNY,8,2026-11-20,ok\n\n" + line + "\nGBP,CNY,9,2026-11-20,😀 שלום")
    assert [(row.line, row.source) for row in found.rows] == [(2, "EUR"), (5, "GBP")]
    ((number, text),) = [(error.line, error.text) for error in found.errors]
    assert number == 4
    assert any(part in text for part in words.split("|"))


def test_of_two_rows_for_one_day_the_second_is_wrong():
    found = read_rates(HEAD + "CNY,USD,0.14,2026-11-20\nCNY,USD,0.15,2026-11-21\ncny,usd,0.16,2026/11/20\n")
    assert [str(row.rate) for row in found.rows] == ["0.14", "0.15"]
    assert [(error.line, error.text) for error in found.errors] == [(4, "the same pair and day as line 2")]


def test_thousands_may_have_commas():
    assert only(HEAD + 'USD,IDR,"16,250.5",2026-11-20').rate == Decimal("16250.5")


@exactly
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    for whole in (text, HEAD + text):
        try:
            found = read_rates(whole)
        except RateFileRejected as rejected:
            assert str(rejected)
        else:
            assert all(row.rate > 0 and row.source != row.target for row in found.rows)
