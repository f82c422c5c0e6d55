"""One thing done to many items: the bar below the table."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.interrupted import is_ours
from catalog.actions import archive_items
from catalog.selection import chosen_items
from catalog.views.export import export_chosen
from catalog.views.matching import collected
from catalog.views.scope import catalogue_to_change


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """`do`: archive, restore, match, xlsx, csv; of `entry` (repeated), or with `all` of what `query` asks for.

    `team`: whose; `next`: the page to go back to. Files are for viewers, too.
    """
    verb = request.POST.get("do", "")
    if verb in ("xlsx", "csv"):
        return export_chosen(request, verb)
    catalogue = catalogue_to_change(request)
    back = _back(request)
    if verb == "match":
        return collected(request, catalogue.team, chosen_items(catalogue.team.pk, request.POST), back=back)
    if verb not in ("archive", "restore"):
        return redirect(back)
    changed = archive_items(chosen_items(catalogue.team.pk, request.POST), archived=verb == "archive")
    if changed:
        messages.success(request, _told(verb, changed) % {"number": f"{changed:,}"})
    else:
        messages.warning(request, _("No item was chosen that this changes: tick those that are to change."))
    return redirect(back)


def _told(verb: str, number: int) -> str:
    if verb == "archive":
        return ngettext(
            "%(number)s item is archived: searches do not find it any more.",
            "%(number)s items are archived: searches do not find them any more.",
            number,
        )
    return ngettext(
        "%(number)s item is back in your catalogue.", "%(number)s items are back in your catalogue.", number
    )


def _back(request: HttpRequest) -> str:
    back, base = request.POST.get("next", ""), reverse("catalog:index")
    return back if is_ours(request, back) and urlsplit(back).path == base else base
