"""What is done with items: one verb, one transaction each."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from catalog.models import Item, ItemPicture, ItemQuerySet
from catalog.pictures import keep_picture
from searches.imaging import ImageRejected

MOST_PICTURES = 12
ROWS_A_STEP = 2_000


class ChangedMeanwhile(Exception):
    """Somebody saved another version in between; nothing was written."""

    def __init__(self, current: Item) -> None:
        super().__init__("the item was changed meanwhile")
        self.current = current


@transaction.atomic
def create_item(*, user: User, team: Team, values: Mapping[str, Any]) -> Item:
    """values: by the columns' names. Raises `ValidationError`."""
    item = Item(team=team, created_by=user, **values)
    item.full_clean()
    item.save()
    return item


@transaction.atomic
def change_item(*, item: Item, version: int, values: Mapping[str, Any]) -> Item:
    """version: what the change builds on. Raises `ValidationError`; `ChangedMeanwhile`; Item.DoesNotExist."""
    held = Item.objects.select_for_update().select_related("team").get(pk=item.pk)
    if held.version != version:
        raise ChangedMeanwhile(held)
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    # Whoever added it may have left.
    held.full_clean(exclude=["created_by"])
    held.save()
    return held


def archive_items(items: ItemQuerySet, *, archived: bool) -> int:
    """Take them out of what searches find, or back; some at a time, so that nobody else waits for hundreds of
    thousands. Answers how many that changed."""
    now, changed = timezone.now(), 0
    changes = {"archived_at": now if archived else None, "changed_at": now, "version": F("version") + 1}
    ids = iter(list(items.filter(archived_at__isnull=archived).values_list("pk", flat=True)))
    while some := list(islice(ids, ROWS_A_STEP)):
        changed += Item.objects.filter(pk__in=some, archived_at__isnull=archived).update(**changes)
    return changed


@transaction.atomic
def delete_item(*, item: Item) -> None:
    """With its pictures; their files go when that is committed."""
    item.delete()


def add_pictures(*, item: Item, files: Sequence[bytes]) -> list[ImageRejected]:
    """Keep those that are pictures, after those that there are; answers why the others are not kept.

    Raises `ValidationError` (code "pictures") for more than an item takes, and OSError of the storage.
    """
    if item.pictures.count() + len(files) > MOST_PICTURES:
        text = _("An item has at most %(number)d pictures: remove one first.") % {"number": MOST_PICTURES}
        raise ValidationError(text, code="pictures")
    rejected = []
    for data in files:
        try:
            with transaction.atomic():
                keep_picture(item=item, data=data)
        except ImageRejected as problem:
            rejected.append(problem)
    _touch(item)
    return rejected


@transaction.atomic
def make_first(*, picture: ItemPicture) -> None:
    """Let the picture stand for its item; the others follow in their order."""
    Item.objects.select_for_update().get(pk=picture.item_id)
    others = picture.item.pictures.exclude(pk=picture.pk).values_list("pk", flat=True)
    for place, pk in enumerate([picture.pk, *others]):
        ItemPicture.objects.filter(pk=pk).update(place=place)
    _touch(picture.item)


@transaction.atomic
def remove_picture(*, picture: ItemPicture) -> None:
    """The file goes when that is committed."""
    picture.delete()
    _touch(picture.item)


def _touch(item: Item) -> None:
    """Its pictures are no field of the form: whoever edits its facts meanwhile is not in the way."""
    Item.objects.filter(pk=item.pk).update(changed_at=timezone.now())
