"""`{% saved_bar job request %}` on the page of a search."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token

from saved.bar import bar_of
from searches.models import SearchJob

register = template.Library()


@register.inclusion_tag("saved/_bar.html")
def saved_bar(job: SearchJob, request: HttpRequest) -> dict[str, Any]:
    """What is saved of the page, and what can be done about the rest. `job`: annotated with `editable`."""
    return {"bar": bar_of(job, request), "job": job, "request": request, "csrf_token": get_token(request)}
