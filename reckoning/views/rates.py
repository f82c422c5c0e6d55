"""The exchange rates that are used today, for everybody to see; administrators enter them elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reckoning.models import ExchangeRate
from reckoning.words import day_of, plain

# Days after which a rate is marked as old.
OLD_AFTER = 31


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    newest = ExchangeRate.objects.latest_on(today).order_by("source", "target")
    rows = [
        (rate, plain(rate.rate), day_of(rate.valid_on), (today - rate.valid_on).days > OLD_AFTER) for rate in newest
    ]
    return render(request, "reckoning/rates.html", {"rows": rows, "day": day_of(today)})
