"""`{% saved_bar job request %}` on the page of a search."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context

from saved.bar import bar_of
from searches.models import SearchJob

register = template.Library()


@register.inclusion_tag("saved/_bar.html", takes_context=True)
def saved_bar(context: Context, job: SearchJob, request: HttpRequest) -> dict[str, Any]:
    """What is saved of the page, and what can be done about the rest.

    job: annotated with `editable`. The page's `comparison`, if it has one, says in which state it is.
    """
    comparison = context.get("comparison")
    params = comparison.view.params if comparison else None
    return {"bar": bar_of(job, request, params), "job": job, "request": request, "csrf_token": get_token(request)}
