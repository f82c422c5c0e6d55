"""Rows about everything but money: the order's terms, the match, the supplier, the score, what the team made of it."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reckoning.scoring import Criterion
from reckoning.words import CRITERIA
from searches.badges import IDENTITIES, identity_label, ships_in
from searches.formats import percent
from searches.reckoned import Terms
from searches.sidebyside.candidates import Subject
from searches.sidebyside.values import UNKNOWN, Best, Number, Property, Value


def order_rows() -> Iterator[Property]:
    yield Property("moq", _("MOQ"), _moq, Best.LEAST)
    yield Property("ships", _("Ships within"), _ships, Best.LEAST)
    yield Property("dropshipping", _("Dropshipping"), lambda subject: _flag(subject.offer.dropshipping))


def demand_rows() -> Iterator[Property]:
    yield Property("similarity", _("Similarity by the marketplace"), _similarity, Best.MOST)
    yield Property("visual", _("Similarity by our eye"), _visual, Best.MOST)
    # Each marketplace has ranks of its own.
    yield Property("rank", _("Rank"), lambda subject: Value(f"{subject.offer.rank:,}"))
    yield Property("sold", _("Sold a month"), lambda subject: _number(subject.offer.monthly_sales), Best.MOST)
    yield Property("repurchased", _("Repurchased"), _repurchased, Best.MOST)
    yield Property("advertised", _("Advertised"), lambda subject: _warning(subject.offer.advertised))
    yield Property("patented", _("Patented"), lambda subject: _warning(subject.offer.patented))


def supplier_rows() -> Iterator[Property]:
    yield Property("supplier", _("Supplier"), lambda subject: _chinese(subject.offer.supplier_name))
    yield Property("identities", _("Certified as"), _identities)
    yield Property("years", _("Years"), lambda subject: _number(subject.offer.supplier_years), Best.MOST)
    yield Property("credit", _("Credit"), lambda subject: _number(subject.offer.supplier_credit), Best.MOST)
    yield Property("medal", _("Medal"), lambda subject: _number(subject.offer.supplier_medal), Best.MOST)
    yield Property("service", _("Service"), _service, Best.MOST)
    yield Property("location", _("Location"), lambda subject: _chinese(subject.offer.supplier_location))


def score_rows(terms: Terms) -> Iterator[Property]:
    """None without weights."""
    if terms.weights is None:
        return
    yield Property("score", pgettext("of a supplier", "Score"), _score, Best.MOST)
    for criterion in Criterion:
        if terms.weights.weights.of(criterion):
            yield Property(f"score-{criterion}", CRITERIA[criterion], _share(criterion))


def team_rows() -> Iterator[Property]:
    yield Property("known", _("Lists and decisions"), _known)


def _moq(subject: Subject) -> Value:
    moq, quantity = subject.offer.moq, subject.terms.quantity
    if moq is None or quantity is None or subject.fits:
        return _number(moq)
    short = _("%(number)s more than ordered") % {"number": f"{moq - quantity:,}"}
    return Value(f"{moq:,}", [short], moq, tone="short")


def _ships(subject: Subject) -> Value:
    hours = subject.offer.ships_within_hours
    return UNKNOWN if hours is None else Value(ships_in(hours), figure=hours)


def _similarity(subject: Subject) -> Value:
    similarity = subject.offer.similarity
    return UNKNOWN if similarity is None else Value(f"{similarity:.2f}", figure=round(similarity, 2))


def _visual(subject: Subject) -> Value:
    """Entries of lists keep the marketplace's word alone."""
    visual: float | None = getattr(subject.offer, "visual", None)
    return UNKNOWN if visual is None else Value(f"{visual:.2f}", figure=round(visual, 2))


def _repurchased(subject: Subject) -> Value:
    rate = subject.offer.repurchase_rate
    return UNKNOWN if rate is None else Value(percent(rate), figure=rate)


def _identities(subject: Subject) -> Value:
    held = [identity_label(value) for value in IDENTITIES if value in subject.offer.identities]
    return Value(held[0], held[1:]) if held else UNKNOWN


def _service(subject: Subject) -> Value:
    score = subject.offer.supplier_score
    return UNKNOWN if score is None else Value(f"{score:.1f}", figure=round(score, 1))


def _score(subject: Subject) -> Value:
    judged = subject.candidate.judged
    if judged is None or judged.total is None:
        return UNKNOWN
    partly = judged.known < 0.999
    lines = [_("%(percent)s of the weight known") % {"percent": percent(judged.known)}] if partly else []
    return Value(f"{judged.total:.0f}", lines, round(judged.total))


def _share(criterion: Criterion) -> Callable[[Subject], Value]:
    def of(subject: Subject) -> Value:
        judged = subject.candidate.judged
        share = judged.parts.get(criterion) if judged else None
        return UNKNOWN if share is None else Value(percent(share))

    return of


def _known(subject: Subject) -> Value:
    told = [_("“%(list)s”: %(told)s") % {"list": one.list_name, "told": one.told} for one in subject.candidate.known]
    return Value(told[0], told[1:]) if told else UNKNOWN


def _flag(value: bool | None) -> Value:
    return UNKNOWN if value is None else Value(_("yes") if value else _("no"))


def _warning(value: bool | None) -> Value:
    return Value(_("yes"), tone="short") if value else _flag(value)


def _number(number: Number | None) -> Value:
    return UNKNOWN if number is None else Value(f"{number:,}", figure=number)


def _chinese(text: str) -> Value:
    return Value(text, chinese=True)
