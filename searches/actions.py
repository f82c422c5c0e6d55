"""What people do with searches: one verb, one transaction each."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import TypedDict, Unpack, cast

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from searches import doorbell, own, prepared, recording, removal
from searches.boxes import box_of, column_of
from searches.imaging import BASIC, Box, ImageRejected, inspect
from searches.marketplaces import CATALOG, MARKETPLACES
from searches.models import Credential, QueryImage, SearchCall, SearchJob


def keep_query_image(*, team: Team, user: User, data: bytes, name: str) -> QueryImage:
    """Keep an uploaded photo as it came; equal bytes of one team are one row. Raises `ImageRejected`.

    It is prepared at once, as most searches need it: damage behind the header is found while somebody can help it.
    """
    facts = inspect(data)
    sha256 = hashlib.sha256(data).hexdigest()
    known = QueryImage.objects.filter(team=team, sha256=sha256).first()
    if known and known.file:
        # Wanted again: what it is kept for begins anew (retention.py).
        QueryImage.objects.filter(pk=known.pk).update(created_at=timezone.now())
        return known
    image = QueryImage(
        team=team,
        uploaded_by=user,
        sha256=sha256,
        name=_shown(PurePath(name).name)[:200] or f"{sha256[:12]}.{facts.extension}",
        mime=facts.mime,
        width=facts.width,
        height=facts.height,
    )
    image.file.save(f"photo.{facts.extension}", ContentFile(data), save=False)
    try:
        prepared.jpeg_of(image, BASIC)
    except ImageRejected:
        image.file.delete(save=False)
        raise
    kept, created = QueryImage.objects.get_or_create(
        team=team,
        sha256=sha256,
        defaults={field: getattr(image, field) for field in ("uploaded_by", "name", "mime", "width", "height", "file")},
    )
    if not created and kept.file.name != image.file.name and not _filled(kept, image):
        # Somebody uploaded the same bytes at the same time: theirs is the row, so our file goes.
        image.file.delete(save=False)
    return kept


def _filled(kept: QueryImage, image: QueryImage) -> bool:
    """Give a row whose photo was removed for its age the file of its new upload; answers whether it took it."""
    without = QueryImage.objects.filter(pk=kept.pk, file="")
    taken = without.update(file=image.file.name, created_at=timezone.now())
    if taken:
        kept.file = image.file.name
    return bool(taken)


def _shown(name: str) -> str:
    """Without what no page shows and no database need take: control characters, NUL, halves of characters."""
    return "".join(character for character in name if character.isprintable())


class Question(TypedDict, total=False):
    """What a search asks beside its pictures: columns of `SearchJob`, whose defaults stand for what is left out."""

    image_url: str
    crops: dict[str, list[float]]
    preparation: str
    price_from: Decimal | None
    price_to: Decimal | None
    wholesale_only: bool
    order: str
    wanted: int
    keywords: str


def question_of(job: SearchJob) -> Question:
    return cast(Question, {name: getattr(job, name) for name in Question.__annotations__})


@transaction.atomic
def start_search(
    *,
    user: User,
    team: Team,
    images: Iterable[QueryImage],
    marketplaces: Iterable[str],
    title: str,
    fresh: bool = False,
    urgency: SearchJob.Urgency = SearchJob.Urgency.INTERACTIVE,
    ring: bool = True,
    **question: Unpack[Question],
) -> SearchJob:
    """Write the question and its first calls, and ring once they are committed (unless the caller works on them).

    images: 1 to 8 photos of one item, in the order that numbers them; the same one twice counts once.
    marketplaces: keys of those to ask. Every photo is searched at every marketplace.
    Of several photos each goes out by itself, whole or the part of it that `crops` names. An address is one photo's,
    so it is passed on for that alone. Raises `ValidationError` for too many photos or none, for a part that is none or
    of another photo, for parameters that do not fit each other, and without a marketplace to ask.
    """
    photos, marketplaces = list(dict.fromkeys(images)), list(marketplaces)
    _refuse_photos(photos, question)
    _refuse_nowhere(marketplaces)
    if len(photos) > 1:
        question["image_url"] = ""
    job = SearchJob(
        team=team,
        owner=user,
        title=title,
        fresh=fresh,
        urgency=urgency,
        rights_confirmed_at=timezone.now(),
        **question,
    )
    job.full_clean()
    job.save()
    calls = _first_calls(job, photos, marketplaces)
    if ring:
        transaction.on_commit(lambda: doorbell.ring(calls))
    return job


def _first_calls(job: SearchJob, photos: Sequence[QueryImage], marketplaces: Sequence[str]) -> list[SearchCall]:
    """The photos become the job's, and each goes to every marketplace."""
    for photo in photos:
        # One by one: `add` of several does not keep their order, by which they are numbered.
        job.images.add(photo)
    return SearchCall.objects.bulk_create(_first_call(job, photo, key) for key in marketplaces for photo in photos)


def _refuse_nowhere(marketplaces: Sequence[str]) -> None:
    if not marketplaces:
        raise ValidationError(_("Choose at least one marketplace."), code="no-marketplace")


def _refuse_photos(photos: Sequence[QueryImage], question: Question) -> None:
    if not photos:
        raise ValidationError(_("Give at least one photo."), code="no-photo")
    if len(photos) > SearchJob.MOST_PHOTOS:
        text = _("A search takes up to %(most)d photos of one item: these are %(number)d.")
        raise ValidationError(
            text, code="too-many-photos", params={"most": SearchJob.MOST_PHOTOS, "number": len(photos)}
        )
    known = {str(photo.pk) for photo in photos}
    for photo, edges in question.get("crops", {}).items():
        if photo not in known or box_of(edges) is None:
            raise ValidationError(_("A part of a photo is given that is not searched with, or no part."), code="part")


def _first_call(job: SearchJob, image: QueryImage, marketplace: str) -> SearchCall:
    return SearchCall(
        job=job,
        image=image,
        marketplace=marketplace,
        urgency=job.urgency,
        page=1,
        page_size=min(MARKETPLACES[marketplace].max_page_size, job.wanted),
    )


def marketplaces_for(teams: Iterable[Team]) -> list[str]:
    """The keys of the marketplaces that at least one of the teams may search, in the table's order.

    A team's own catalogue is among them once there is something in it to be found.
    """
    teams = list(teams)
    credentials = Credential.objects.for_teams(teams)
    found = set(credentials.order_by().values_list("marketplace", flat=True))
    if own.may_search(teams):
        found.add(CATALOG)
    return [key for key in MARKETPLACES if key in found]


def marketplaces_left(job: SearchJob) -> list[str]:
    """Those that a search asked and that its team may still search."""
    asked = set(job.calls.values_list("marketplace", flat=True))
    return [key for key in marketplaces_for([job.team]) if key in asked]


def search_again(*, user: User, job: SearchJob) -> SearchJob:
    """The same question as a new search that accepts no cached answer, at the marketplaces still in use."""
    return start_search(
        user=user,
        team=job.team,
        images=job.photos,
        marketplaces=marketplaces_left(job),
        title=job.title,
        fresh=True,
        **question_of(job),
    )


def search_part(*, user: User, job: SearchJob, image: QueryImage, box: Box) -> SearchJob:
    """The same question about a part of one of the search's photos, as a new search for that photo alone."""
    return start_search(
        user=user,
        team=job.team,
        images=[image],
        marketplaces=marketplaces_left(job),
        title=job.title,
        **question_of(job) | {"crops": column_of({image.pk: box})},
    )


@transaction.atomic
def cancel_search(*, job: SearchJob) -> None:
    """Stop what is not finished. A call on its way is let go: its answer is cached, but not written here."""
    job = SearchJob.objects.select_for_update().get(pk=job.pk)
    job.calls.filter(status__in=SearchCall.UNFINISHED).update(
        status=SearchCall.Status.CANCELLED, run_token=None, lease_until=None, finished_at=timezone.now()
    )
    recording.settle(job)


@transaction.atomic
def retry_failed_calls(*, job: SearchJob) -> int:
    """Give failed and cancelled calls a new start; answers how many."""
    job = SearchJob.objects.select_for_update().get(pk=job.pk)
    ended = job.calls.filter(status__in=(SearchCall.Status.FAILED, SearchCall.Status.CANCELLED))
    calls = list(ended)
    ended.update(
        status=SearchCall.Status.QUEUED,
        attempts=0,
        throttles=0,
        variant=SearchCall.Variant.PREPARED,
        not_before=timezone.now(),
        finished_at=None,
        waits_for="",
        **recording.NO_ERROR,
    )
    recording.settle(job)
    transaction.on_commit(lambda: doorbell.ring(calls))
    return len(calls)


@transaction.atomic
def delete_search(*, job: SearchJob) -> None:
    """With its calls and offers, and with the photos that nothing else shows. What was saved to lists stays.

    A call on its way is let go.
    """
    held = SearchJob.objects.select_for_update().filter(pk=job.pk).first()
    if held is None:
        return
    photos = list(held.images.values_list("pk", flat=True))
    held.delete()
    # Of two searches with one photo that are deleted at once, the later one sees that the other is gone.
    images = QueryImage.objects.filter(pk__in=photos)
    list(images.select_for_update().order_by("pk"))
    removal.unused(images).delete()
