"""Who did what to credentials, those included that are gone."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from searches.models import Credential

PER_PAGE = 100


def of_all(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The newest first. `context`: what every page of the administration gets."""
    content_type = ContentType.objects.get_for_model(Credential)
    entries = LogEntry.objects.filter(content_type=content_type).select_related("user").order_by("-action_time", "-pk")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("p"))
    there = {str(pk) for pk in Credential.objects.values_list("pk", flat=True)}
    context |= {"title": _("History of all credentials"), "page": page, "there": there}
    return TemplateResponse(request, "admin/searches/credential/history_of_all.html", context)
