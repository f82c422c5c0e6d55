"""One thing done to many entries of a list: the bar below the table and the board."""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.interrupted import is_ours
from accounts.scope import id_of, signed_in
from suppliers.actions import Outcome, change_entries, decide_all, propose_all
from suppliers.entryforms import LARGEST_VERSION, BulkForm
from suppliers.models import LONGEST_REMARK, ListEntry, SupplierList, tags_in
from suppliers.rows import title_of
from suppliers.views.scope import list_to_change, refuse_unless_lead, seen_list, tells_what_is_gone

MOST_AT_ONCE = 1000
NAMED = 3


@require_POST
@tells_what_is_gone
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """`entry` (repeated): `id.version`. `do`: change, propose, approve, send-back; `next`: the page to go back to."""
    verb = request.POST.get("do", "change")
    shown = seen_list(request, pk)
    if verb in ("approve", "send-back"):
        refuse_unless_lead(request, shown)
    else:
        list_to_change(request, pk)
    back = _back(request, shown)
    versions = _versions(request.POST.getlist("entry"))
    if not versions:
        messages.warning(request, _("No offer was chosen: tick those that are to change."))
        return redirect(back)
    try:
        _tell(request, _done(request, shown, verb, versions))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    return redirect(back)


def _done(request: HttpRequest, supplier_list: SupplierList, verb: str, versions: dict[int, int]) -> Outcome:
    """Raises `ValidationError`."""
    user = signed_in(request)
    remark = request.POST.get("remark", "").strip()
    if len(remark) > LONGEST_REMARK:
        raise ValidationError(_("A remark has up to 1,000 characters: nothing was changed."), code="too-long")
    verbs: dict[str, Callable[[], Outcome]] = {
        "propose": lambda: propose_all(user=user, supplier_list=supplier_list, versions=versions, proposal=remark),
        "approve": lambda: decide_all(
            user=user, supplier_list=supplier_list, versions=versions, approve=True, answer=remark
        ),
        "send-back": lambda: decide_all(
            user=user, supplier_list=supplier_list, versions=versions, approve=False, answer=remark
        ),
    }
    if verb in verbs:
        return verbs[verb]()
    form = BulkForm(request.POST, team=supplier_list.team)
    if not form.is_valid():
        raise ValidationError([_worded(form, name, str(text)) for name, texts in form.errors.items() for text in texts])
    tags = tags_in(form.cleaned_data["tags"])
    return change_entries(user=user, supplier_list=supplier_list, versions=versions, add_tags=tags, **form.changes())


def _worded(form: BulkForm, name: str, text: str) -> str:
    return f"{form.fields[name].label}: {text}" if name in form.fields else text


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    """What was done, and each that was left as it is, and why."""
    if outcome.changed:
        text = ngettext("%(number)d offer is changed.", "%(number)d offers are changed.", outcome.changed)
        messages.success(request, text % {"number": outcome.changed})
    if outcome.stale:
        text = _("Somebody changed these since you opened the page, and they stay as they are: %(titles)s.")
        messages.error(request, text % {"titles": _titles(outcome.stale)})
    if outcome.held:
        text = _("These are proposed or approved, and stay as they are: %(titles)s.")
        messages.warning(request, text % {"titles": _titles(outcome.held)})
    if outcome.refused:
        text = _("Of these nothing is proposed: %(titles)s.")
        messages.warning(request, text % {"titles": _titles(outcome.refused)})
    if outcome.gone:
        text = ngettext(
            "%(number)d offer is not on the list any more.",
            "%(number)d offers are not on the list any more.",
            outcome.gone,
        )
        messages.warning(request, text % {"number": outcome.gone})


def _titles(entries: Iterable[ListEntry]) -> str:
    titles = [title_of(entry) for entry in entries]
    shown = " · ".join(titles[:NAMED])
    more = len(titles) - NAMED
    return _("%(titles)s and %(number)d more") % {"titles": shown, "number": more} if more > 0 else shown


def _versions(texts: Iterable[str]) -> dict[int, int]:
    """Ids with the versions that were shown; what is neither is left aside."""
    versions = {}
    for text in list(texts)[:MOST_AT_ONCE]:
        entry, _dot, version = text.partition(".")
        entry_id, number = id_of(entry), id_of(version)
        if entry_id and number is not None and number <= LARGEST_VERSION:
            versions[entry_id] = number
    return versions


def _back(request: HttpRequest, supplier_list: SupplierList) -> str:
    back = request.POST.get("next", "")
    base = supplier_list.get_absolute_url()
    return back if is_ours(request, back) and urlsplit(back).path.startswith(base) else base
