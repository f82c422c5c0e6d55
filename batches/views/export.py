"""Results as files: asked for here, written by a worker, downloaded under /exports/."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.scope import signed_in
from batches import exporting
from batches.models import Batch
from exports.models import Export


@require_POST
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Have the file written; whoever sees the batch may."""
    user = signed_in(request)
    batch = get_object_or_404(Batch.objects.for_user(user).select_related("team"), pk=pk)
    if kind not in Export.Kind.values:
        raise Http404
    if batch.status == Batch.Status.COLLECTING:
        messages.warning(request, _("Nothing was found yet: start the searches first."))
    else:
        try:
            exporting.ask_for(batch=batch, user=user, kind=kind, language=get_language() or "en")
        except ValidationError as problem:
            messages.warning(request, " ".join(problem.messages))
    return redirect(f"{batch.get_absolute_url()}#exports")
