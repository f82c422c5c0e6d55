"""An entry as a line of its list: every figure already in words, so that the template only places them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from searches.badges import Badge, Standing, badges_of, price_lines, prices_told, standing_of
from searches.formats import day_and_clock, money
from searches.rows import marketplace_label
from suppliers.models import ListEntry


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or the words that say it is missing."""

    text: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`percent` is the length of the similarity's bar, None without one."""

    id: int
    title: str
    url: str
    image_url: str
    marketplace: str
    badges: list[Badge]
    price: Figure
    price_lines: list[str]
    prices_told: str
    moq: Figure
    similarity: Figure
    percent: int | None
    supplier: Figure
    standing: Standing
    location: str
    credit: Figure
    note: str
    saved_by: str
    saved_at: str
    search_title: str
    search_url: str


def row_of(entry: ListEntry) -> Row:
    """Needs `added_by` and `source_match__job` selected."""
    similarity = entry.similarity
    job = entry.source_match.job if entry.source_match else None
    return Row(
        id=entry.pk,
        title=entry.title or _("offer %(id)s, without a title") % {"id": entry.offer_id},
        url=entry.url,
        image_url=entry.image_url,
        marketplace=marketplace_label(entry.marketplace),
        badges=badges_of(entry),
        price_lines=price_lines(entry),
        prices_told=prices_told(entry),
        price=_figure(None if entry.price is None else money(entry.price, entry.currency), _("no price")),
        moq=_figure(None if entry.moq is None else f"{entry.moq:,}", _("no MOQ")),
        similarity=_figure(
            None if similarity is None else f"{similarity:.2f}", _("rank %(rank)d") % {"rank": entry.rank}
        ),
        percent=None if similarity is None else round(100 * min(1.0, max(0.0, similarity))),
        supplier=_figure(entry.supplier_name, _("unknown supplier")),
        standing=standing_of(entry),
        location=entry.supplier_location,
        credit=_figure(None if entry.supplier_credit is None else str(entry.supplier_credit), _("no rating")),
        note=entry.note,
        saved_by=str(entry.added_by or _("somebody who left")),
        saved_at=day_and_clock(entry.added_at),
        search_title=job.title if job else "",
        search_url=job.get_absolute_url() if job else "",
    )


def _figure(text: str | None, missing: str) -> Figure:
    return Figure(text) if text else Figure(missing, is_missing=True)
