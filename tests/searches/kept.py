"""What tests of removing share: photos with their files, ageing, and which files there are."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import Team
from searches import prepared, retention
from searches.actions import keep_query_image
from searches.imaging import BASIC
from searches.models import QueryImage
from searches.storages import walk
from tests.factories import SearchCallFactory, SearchJobFactory, SightingFactory, SupplierMatchFactory
from tests.searches.pages import photo

COLOURS = ("teal", "olive", "navy", "maroon", "purple", "gray", "lime")


def kept_photo(team: Team, number: int = 0, user=None) -> QueryImage:
    """A photo with its file and the picture that is prepared of it."""
    image = keep_query_image(team=team, user=user, data=photo(COLOURS[number]), name=f"photo-{number}.png")
    prepared.jpeg_of(image, BASIC)
    return image


def searched(image: QueryImage, *, days_ago: float = 0, offers: int = 2, **columns):
    """A finished search with the photo, and offers that it found."""
    when = timezone.now() - timedelta(days=days_ago)
    job = SearchJobFactory(team=image.team, image=image, created_at=when, **{"finished_at": when} | columns)
    call = SearchCallFactory(job=job, image=image, credential=None)
    for match in SupplierMatchFactory.create_batch(offers, job=job):
        SightingFactory(match=match, call=call, image=image)
    return job


def uploaded(image: QueryImage, *, days_ago: float) -> QueryImage:
    QueryImage.objects.filter(pk=image.pk).update(created_at=timezone.now() - timedelta(days=days_ago))
    return image


def age_files(folder: Path, *, days: float, beginning: str = "") -> None:
    """As if the files had been written so long ago."""
    then: datetime = timezone.now() - timedelta(days=days)
    for file in walk(beginning):
        os.utime(folder / file.name, (then.timestamp(), then.timestamp()))


def files(beginning: str = "") -> list[str]:
    return [file.name for file in walk(beginning)]


def keep_house() -> int:
    """Step until nothing is left; answers how many steps it took."""
    for steps in range(1, 100):
        if not retention.step():
            return steps
    raise AssertionError("it never ends")
