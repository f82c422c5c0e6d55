"""What differs between two answers, offer by offer; without a database."""

from decimal import Decimal

from saved.differences import Kind, Offer, differences


def offer(price: str | None = "10", *, currency: str = "CNY", credit: int | None = 4, rank: int = 1) -> Offer:
    return Offer(rank, None if price is None else Decimal(price), currency, credit, rank)


def key(name: str) -> tuple[str, str]:
    return ("image_search_md5", name)


def kinds_of(before: Offer, after: Offer) -> list[Kind]:
    found = differences({key("a"): before}, {key("a"): after})
    return list(found.rows[0].kinds) if found.rows else []


def test_new_and_gone():
    found = differences({key("old"): offer()}, {key("young"): offer()})
    assert {row.key[1]: row.kinds for row in found.rows} == {"old": (Kind.GONE,), "young": (Kind.NEW,)}
    assert found.unchanged == 0


def test_one_id_at_two_marketplaces_is_two_offers():
    found = differences({("one", "1"): offer()}, {("two", "1"): offer()})
    assert found.counts[Kind.NEW] == found.counts[Kind.GONE] == 1


def test_cheaper_and_dearer():
    assert kinds_of(offer("10"), offer("9.9999")) == [Kind.CHEAPER]
    assert kinds_of(offer("10"), offer("10.01")) == [Kind.DEARER]
    assert kinds_of(offer("10"), offer("10.0000")) == []


def test_prices_are_compared_within_one_currency_only():
    found = differences({key("a"): offer("10")}, {key("a"): offer("2", currency="USD")})
    assert found.rows == []
    assert (found.other_currency, found.unchanged) == (1, 1)


def test_a_price_that_is_missing_on_one_side_is_no_change():
    assert kinds_of(offer(None), offer("10")) == kinds_of(offer("10"), offer(None)) == []
    found = differences({key("a"): offer(None)}, {key("a"): offer("2", currency="USD")})
    assert found.other_currency == 0


def test_credit_changes_where_both_know_it():
    assert kinds_of(offer(credit=4), offer(credit=3)) == [Kind.CREDIT]
    assert kinds_of(offer(credit=None), offer(credit=3)) == kinds_of(offer(credit=4), offer(credit=None)) == []


def test_an_offer_may_have_changed_in_two_ways_and_is_told_once():
    found = differences({key("a"): offer("10", credit=5)}, {key("a"): offer("8", credit=3)})
    assert found.rows[0].kinds == (Kind.CHEAPER, Kind.CREDIT)
    assert (found.counts[Kind.CHEAPER], found.counts[Kind.CREDIT]) == (1, 1)
    assert len(found.of(None)) == len(found.of(Kind.CREDIT)) == 1


def named(rows) -> list[str]:
    return [row.key[1] for row in rows]


def test_the_largest_change_comes_first():
    before = {key(name): offer("100", credit=4, rank=rank) for rank, name in enumerate("abcd", 1)}
    after = {
        key("a"): offer("90", credit=4, rank=1),
        key("b"): offer("50", credit=5, rank=2),
        key("c"): offer("150", credit=1, rank=3),
        key("d"): offer("110", credit=4, rank=4),
        key("n2"): offer(rank=6),
        key("n1"): offer(rank=5),
    }
    found = differences(before, after)
    assert named(found.of(Kind.CHEAPER)) == ["b", "a"]
    assert named(found.of(Kind.DEARER)) == ["c", "d"]
    assert named(found.of(Kind.NEW)) == ["n1", "n2"]
    assert named(found.of(Kind.CREDIT)) == ["c", "b"]
    assert named(found.of(None)) == ["b", "a", "n1", "n2", "c", "d"]


def test_by_how_much_a_price_rose():
    def risen(before: str, after: str) -> float:
        return differences({key("a"): offer(before)}, {key("a"): offer(after)}).rows[0].risen

    assert (risen("10", "7.5"), risen("10", "15"), risen("10", "0")) == (-0.25, 0.5, -1.0)
    assert risen("0", "3") == 3.0


def test_nothing_and_nothing():
    found = differences({}, {})
    assert (found.rows, found.unchanged, sum(found.counts.values())) == ([], 0, 0)
