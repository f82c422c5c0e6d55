"""The side of the comparison: its filters with their choices, and what to know where offers lack what they ask for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from searches.facets import Counts, Option, Totals
from searches.looks.progress import IDLE, Looking


@dataclass(frozen=True, slots=True)
class Group:
    """A filter with a choice of values: one of them (radio) or any number (checkbox). `note`: what to know of it."""

    name: str
    legend: str
    kind: str
    options: list[Option]
    note: str = ""


def groups_of(totals: Totals, counts: Counts, unanswered: Sequence[int] = (), looking: Looking = IDLE) -> list[Group]:
    """In order. What no offer says, nothing is chosen by; a choice of one is none.

    unanswered: the numbers of the photos to which no marketplace gave an answer. looking: how far our eye is.
    """
    options = counts.options
    similarities = options["similarity_from"] if totals.similar else []
    grades = options["credit_from"] if totals.rated else []
    groups = [
        Group("photos_from", _("Found by"), "radio", options["photos_from"], _unanswered(unanswered, totals)),
        Group("similarity_from", _("Similarity"), "radio", similarities, _unscored(totals, looking)),
        Group("credit_from", _("Supplier’s credit"), "radio", grades, _graded(totals)),
        Group("identity", _("Supplier is"), "checkbox", options["identity"]),
        Group("years_from", _("Years at the marketplace"), "radio", _said(totals, "years", options["years_from"])),
        Group("medal_from", _("Trade medal"), "radio", _said(totals, "medal", options["medal_from"])),
        Group("service_from", _("Service score"), "radio", _said(totals, "service", options["service_from"])),
        Group("moq_to", _("MOQ"), "radio", options["moq_to"]),
        Group("ships_within", _("Ships"), "radio", options["ships_within"]),
        Group("dropshipping", _("Dropshipping"), "checkbox", options["dropshipping"]),
        Group("place", _("Place"), "checkbox", options["place"]),
        Group("marketplace", _("Marketplace"), "checkbox", options["marketplace"]),
        Group("hide", _("Leave out"), "checkbox", options["hide"]),
    ]
    return [group for group in groups if group.options or group.note]


def _said(totals: Totals, column: str, options: list[Option]) -> list[Option]:
    """The choices, where any offer says something of it, or one is chosen all the same."""
    chosen = any(option.chosen and option.value for option in options)
    return options if totals.said[column] or chosen else []


def preset_lacks(totals: Totals, looking: Looking = IDLE) -> str:
    """Why the preset could list nothing, whatever else is chosen; "" when it could."""
    if not totals.similar and looking.is_unfinished:
        return _("“Best suppliers” goes by similarity; %(progress)s.") % {"progress": looking.text}
    if not totals.similar:
        return _("“Best suppliers” goes by similarity, which no offer here has.")
    if not totals.rated:
        return _("“Best suppliers” goes by the supplier’s credit, which no offer here has.")
    return ""


def whose_similarity(totals: Totals, looking: Looking = IDLE) -> str:
    """For the head of the column."""
    if not totals.ours and (totals.given or not looking.is_unfinished):
        return _("by the marketplace")
    return _("by the marketplace, else our own eye") if totals.given else _("by our own eye")


def unmeetable(totals: Totals, active: Iterable[str], looking: Looking = IDLE) -> list[str]:
    """Which of the active filters let nothing through, since no offer says what they ask."""
    unscored = _("No offer here has a similarity: a filter by it leaves none.")
    if looking.is_unfinished:
        unscored = _("No offer here has a similarity yet; %(progress)s.") % {"progress": looking.text}
    told = {
        "similarity_from": "" if totals.similar else unscored,
        "credit_from": "" if totals.rated else _("No supplier here has a credit: a filter by it leaves none."),
    }
    return [text for name, text in told.items() if text and name in active]


def _unanswered(photos: Sequence[int], totals: Totals) -> str:
    """Why no offer can have been found by all photos."""
    if not photos or totals.photos < 2:
        return ""
    text = ngettext(
        "Photo %(numbers)s has no answer: at most %(most)d photos can have found an offer.",
        "Photos %(numbers)s have no answer: at most %(most)d photos can have found an offer.",
        len(photos),
    )
    return text % {"numbers": ", ".join(map(str, photos)), "most": totals.photos - len(photos)}


def _graded(totals: Totals) -> str:
    """By what suppliers are graded whose marketplace gives no credit."""
    if not totals.by_medal:
        return ""
    if totals.by_medal == totals.rated:
        return _("The marketplace gives none: its trade medal, 0 to 5, counts.")
    return _("Where a marketplace gives none, its trade medal, 0 to 5, counts.")


def _unscored(totals: Totals, looking: Looking) -> str:
    """What a filter by similarity does to offers that have none."""
    number = totals.offers - totals.similar
    if number and looking.is_unfinished:
        return capfirst(looking.text) + "."
    if not totals.similar:
        return _("No offer has one: the marketplace only ranks.")
    if not number:
        return ""
    if totals.ours:
        text = ngettext(
            "%(number)s offer has none: its picture could not be compared.",
            "%(number)s offers have none: their pictures could not be compared.",
            number,
        )
        return text % {"number": f"{number:,}"}
    text = ngettext(
        "%(number)s offer has none: its marketplace only ranks.",
        "%(number)s offers have none: their marketplaces only rank.",
        number,
    )
    return text % {"number": f"{number:,}"}
