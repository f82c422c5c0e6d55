"""What waits for somebody on their lists' page: comments that name them."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from searches.formats import day_and_clock
from suppliers.models import Mention
from suppliers.rows import title_of

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ForYou:
    """One comment that names the reader."""

    url: str
    list_name: str
    title: str
    who: str
    when: str
    text: str
    is_unread: bool


@dataclass(frozen=True, slots=True)
class Mentions:
    """The newest ones, unread first, and how many are unread in all."""

    shown: list[ForYou]
    unread: int


def mentions_of(user: User) -> Mentions:
    """Two queries; of lists that the user no longer sees, nothing."""
    mentions = Mention.objects.for_user(user)
    newest = mentions.select_related("comment__author", "comment__entry__supplier_list")
    unread_first = newest.order_by(F("read_at").desc(nulls_first=True), "-pk")
    return Mentions(
        shown=[_shown(mention) for mention in unread_first[:MOST_SHOWN]],
        unread=mentions.filter(read_at=None).count(),
    )


def _shown(mention: Mention) -> ForYou:
    comment = mention.comment
    entry = comment.entry
    return ForYou(
        url=f"{entry.get_absolute_url()}#comment-{comment.pk}",
        list_name=entry.supplier_list.name,
        title=title_of(entry),
        who=str(comment.author or _("somebody who left")),
        when=day_and_clock(comment.written_at),
        text=Truncator(comment.text).chars(160),
        is_unread=mention.read_at is None,
    )
