"""A new search: the form, and what becomes of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Membership, User, teams_to_search_for
from accounts.scope import id_of, viewers_only_read
from searches import actions
from searches.boxes import LEAST_PIXELS, Outline, column_of, outline_of, text_of
from searches.forms import PictureForm, QuestionForm
from searches.hints import Hint, hint_on
from searches.imaging import MAX_BYTES
from searches.intake import Pictures, pictures_of, title_from
from searches.interrupted import TOKEN_FIELD, InterruptedSearch, sender_of, token_for
from searches.marketplaces import CATALOG
from searches.models import Credential, QueryImage, SearchJob
from searches.parts import all_parts

# The fields of the question that the search takes as they are.
ASKED = ("preparation", "price_from", "price_to", "wholesale_only", "order", "wanted", "keywords")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """The form; a sent one becomes a search. One that meets an ended session is kept until its sender is back."""
    user = request.user
    if not isinstance(user, User):
        if request.method == "POST":
            _keep_interrupted(request)
        return redirect_to_login(request.get_full_path())
    if not teams_to_search_for(user).exists():
        if request.method == "POST":
            raise PermissionDenied(viewers_only_read())
        return _no_search_here(request, user)
    return _start(request, user) if request.method == "POST" else _blank(request, user)


def _start(request: HttpRequest, user: User) -> HttpResponse:
    form = PictureForm(request.POST, request.FILES, user=user)
    question = QuestionForm(request.POST, user=user)
    team = question.chosen_team()
    pictures = pictures_of(form, team=team, user=user)
    if not pictures.images or form.errors or not question.is_valid():
        return _page(request, user, form, question, pictures)
    answers = question.cleaned_data
    job = actions.start_search(
        user=user,
        team=team,
        images=pictures.images,
        marketplaces=answers["marketplaces"],
        title=answers["title"] or title_from(_name_of_first(form, pictures)),
        image_url=pictures.address,
        crops=column_of(pictures.crops),
        **{name: answers[name] for name in ASKED},
    )
    return redirect(job)


def _name_of_first(form: PictureForm, pictures: Pictures) -> str:
    """An upload's own name: the picture may be known under an earlier one."""
    uploads = form.cleaned_data["image"]
    return uploads[0].name if uploads and not form.still_kept else pictures.images[0].name


def _blank(request: HttpRequest, user: User) -> HttpResponse:
    """The form, filled with what was interrupted, or with another search's question (`?like=`), or empty."""
    interrupted = InterruptedSearch.take(request, user)
    if interrupted:
        messages.info(request, _("You were signed out before the search was sent. Here is everything you had entered."))
        return _restored(request, user, interrupted)
    model = _model(request, user)
    if model:
        return _copied(request, user, model)
    return _page(request, user, PictureForm(user=user), QuestionForm(initial=_usual(user), user=user), Pictures([]))


def _model(request: HttpRequest, user: User) -> SearchJob | None:
    """The search that this one is to be like."""
    like = id_of(request.GET.get("like", ""))
    return SearchJob.objects.editable_by(user).filter(pk=like).first() if like else None


def _restored(request: HttpRequest, user: User, interrupted: InterruptedSearch) -> HttpResponse:
    typed = interrupted.typed
    single = {name: values[0] for name, values in typed.items() if values}
    question = QuestionForm(initial={**single, "marketplaces": typed.get("marketplaces", [])}, user=user)
    return _page(request, user, PictureForm(initial=single, user=user), question, interrupted.pictures(user))


def _copied(request: HttpRequest, user: User, job: SearchJob) -> HttpResponse:
    """With its photos and their parts; with `&whole=1` without the parts."""
    images = [image for image in job.photos if image.file]
    parts = {} if request.GET.get("whole") else {image.pk: job.crop_of(image.pk) for image in images}
    crops = {image: box for image, box in parts.items() if box}
    pictures = Pictures(images, images[0] if images and job.image_url else None, job.image_url, crops)
    initial = {"title": job.title, "team": job.team_id, "marketplaces": actions.marketplaces_left(job)}
    question = QuestionForm(initial=initial | {name: getattr(job, name) for name in ASKED}, user=user)
    return _page(request, user, PictureForm(initial={"image_url": job.image_url}, user=user), question, pictures)


def _usual(user: User) -> dict[str, Any]:
    """Where the user searched last, and for whom, is where they probably search next."""
    last = SearchJob.objects.editable_by(user).filter(owner=user).first()
    if last is None:
        return {}
    # What they have is worth a look each time: it costs nothing.
    own = [key for key in actions.marketplaces_for([last.team]) if key == CATALOG]
    return {"team": last.team_id, "marketplaces": [*own, *actions.marketplaces_left(last)]}


def _keep_interrupted(request: HttpRequest) -> None:
    """Keep what a formerly signed-in user sent. Without a token that we gave out, nothing is read or kept."""
    sender = sender_of(request.POST.get(TOKEN_FIELD, ""))
    if sender is None or not teams_to_search_for(sender).exists():
        messages.warning(request, _("You were signed out, and nothing was searched. Sign in and send it again."))
        return
    form = PictureForm(request.POST, request.FILES, user=sender)
    team = QuestionForm(request.POST, user=sender).chosen_team()
    pictures = pictures_of(form, team=team, user=sender)
    InterruptedSearch.of(request.POST, user=sender, pictures=pictures).keep(request)
    messages.info(
        request, _("You were signed out before the search was sent. Sign in; everything you entered is kept.")
    )


@dataclass(frozen=True, slots=True)
class Card:
    """A photo that is kept. crop: the part to search; parts: those that marketplaces saw; both as forms write them.

    hint: on what is to be searched of it.
    """

    image: QueryImage
    crop: str
    outline: Outline | None
    parts: str
    hint: Hint | None


def _cards(request: HttpRequest, user: User, pictures: Pictures) -> list[Card]:
    model = _model(request, user)
    known = all_parts(model) if model and pictures.images else {}
    return [
        Card(
            image,
            text_of(box) if (box := pictures.crops.get(image.pk)) else "",
            outline_of(box, image),
            " ".join(text_of(part) for part in known.get(image.pk, ())),
            hint_on(image, box),
        )
        for image in pictures.images
    ]


def _page(
    request: HttpRequest, user: User, form: PictureForm, question: QuestionForm, pictures: Pictures
) -> HttpResponse:
    """The form, with the pictures that are already kept."""
    keys = actions.marketplaces_for(question.teams)
    context = {
        "picture": form,
        "question": question,
        "pictures": pictures,
        "cards": _cards(request, user, pictures),
        "least_pixels": LEAST_PIXELS,
        "sender": token_for(user),
        "most_bytes": MAX_BYTES,
        "most_photos": SearchJob.MOST_PHOTOS,
        "searchable": bool(keys),
        "own_empty": CATALOG not in keys,
        "any_credentials": Credential.objects.usable().exists(),
    }
    return render(request, "searches/new.html", context)


def _no_search_here(request: HttpRequest, user: User) -> HttpResponse:
    """For those who may only read, and for those who are in no team yet."""
    reader = Membership.objects.filter(user=user).exists()
    return render(request, "searches/new_not_for_you.html", {"reader": reader, "why": viewers_only_read()})
