"""Offers as a shell shows them: a table that fits the window, or one JSON object for the next program."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from searches.exports import safe_cell
from searches.formats import money
from searches.models import SearchJob, SupplierMatch

GAP = "  "
MISSING = "–"
# Behind a similarity by our own eye, where the marketplace gives none.
OURS = "*"
# Columns that are cut when the window is too narrow, and the width that each keeps.
LEAST_WIDTHS = {"title": 16, "supplier": 10, "location": 6}
NAMES = ("rank", "similarity", "price", "moq", "title", "supplier", "credit", "location")
RIGHT_ALIGNED = frozenset({"rank", "similarity", "price", "moq", "credit"})


def table(matches: Iterable[SupplierMatch], columns: int | None) -> str:
    """One line an offer below a line of heads. `columns`: the window's width; None cuts nothing."""
    rows = [_heads(), *(_cells(match) for match in matches)]
    widths = [max(display_width(row[place]) for row in rows) for place in range(len(NAMES))]
    if columns is not None:
        _narrow(widths, columns)
    return "\n".join(_line(row, widths) for row in rows)


def legend(matches: Iterable[SupplierMatch]) -> str:
    """What a mark in the table means; "" where there is none."""
    marked = any(match.similarity is None and match.visual is not None for match in matches)
    return _("* similarity by our own eye: the marketplace gives none") if marked else ""


def json_object(job: SearchJob, matches: Iterable[SupplierMatch], total: int) -> dict[str, Any]:
    """What other programs read. `total` counts the offers that the options leave, `matches` are the first of them."""
    photos = len(job.photos)
    listed = [_json_match(match) | _of_search(match, photos) for match in matches]
    return {"job": job.pk, "status": job.status, "total": total, "matches": listed}


def _of_search(match: SupplierMatch, photos: int) -> dict[str, Any]:
    """`similarity` is the marketplace's word alone. not_compared: why our eye has none."""
    found = {"photos": match.photos_count, "photos_of": photos}
    return found | {"similarity_ours": match.visual, "not_compared": match.unseen}


def display_width(text: str) -> int:
    """The columns of a terminal that the text takes: two for each wide sign, none for one that combines."""
    return sum(map(_sign_width, text))


def cut(text: str, width: int) -> str:
    """The text, or as much of it as fits `width` columns together with an ellipsis."""
    if display_width(text) <= width:
        return text
    kept, left = "", width - 1
    for sign in text:
        left -= _sign_width(sign)
        if left < 0:
            break
        kept += sign
    return f"{kept.rstrip()}…"


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _heads() -> list[str]:
    return ["#", _("sim."), _("price"), _("MOQ"), _("title"), _("supplier"), _("credit"), _("location")]


def _cells(match: SupplierMatch) -> list[str]:
    """The cells of NAMES. What is unknown is a dash in figures and nothing in words."""
    return [
        str(match.rank),
        _similarity(match),
        MISSING if match.price is None else money(match.price, match.currency),
        MISSING if match.moq is None else f"{match.moq:,}",
        _printable(match.title),
        _printable(match.supplier_name),
        MISSING if match.supplier_credit is None else str(match.supplier_credit),
        _printable(match.supplier_location),
    ]


def _similarity(match: SupplierMatch) -> str:
    if match.likeness is None:
        return MISSING
    return f"{match.likeness:.2f}" + (OURS if match.similarity is None else "")


def _printable(text: str) -> str:
    """Titles come from strangers: nothing in them may steer the terminal."""
    return "".join(sign for sign in text if sign.isprintable())


def _narrow(widths: list[int], columns: int) -> None:
    """Take from the widest of the columns that may be cut until the line fits, or none of them can give more."""
    places = [(NAMES.index(name), least) for name, least in LEAST_WIDTHS.items()]
    for _step in range(sum(widths) + len(GAP) * (len(widths) - 1) - columns):
        givers = [place for place, least in places if widths[place] > least]
        if not givers:
            return
        widths[max(givers, key=lambda place: widths[place])] -= 1


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = []
    for name, text, width in zip(NAMES, row, widths, strict=True):
        shown = cut(text, width)
        blank = " " * (width - display_width(shown))
        cells.append(blank + shown if name in RIGHT_ALIGNED else shown + blank)
    return GAP.join(cells).rstrip()


def _json_match(match: SupplierMatch) -> dict[str, Any]:
    return {
        "marketplace": match.marketplace,
        "offer_id": match.offer_id,
        "title": match.title,
        "url": match.url,
        "image_url": match.image_url,
        "price": None if match.price is None else safe_cell(match.price),
        "currency": match.currency,
        "moq": match.moq,
        "similarity": match.similarity,
        "rank": match.rank,
        "supplier": {
            "id": match.supplier_id,
            "name": match.supplier_name,
            "credit": match.supplier_credit,
            "location": match.supplier_location,
            "years": match.supplier_years,
            "medal": match.supplier_medal,
            "score": match.supplier_score,
            "identities": match.identities,
        },
        "prices": match.prices,
        "tiers": [{"quantity": quantity, "price": price} for quantity, price in match.tiers],
        "monthly_sales": match.monthly_sales,
        "repurchase_rate": match.repurchase_rate,
        "ships_within_hours": match.ships_within_hours,
        "dropshipping": match.dropshipping,
        "patented": match.patented,
        "advertised": match.advertised,
    }
