"""What people say to each other about an entry: comments, whom they mention, and files."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.attachments import Attachment as FileBeside
from accounts.models import User
from suppliers.models.entries import ListEntry

LONGEST_COMMENT = 4000


class Comment(models.Model):
    """What somebody wrote below an entry."""

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("comment"), max_length=LONGEST_COMMENT)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("written_at", "pk")
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:80]


class MentionQuerySet(models.QuerySet["Mention"]):
    def for_user(self, user: User | AnonymousUser) -> "MentionQuerySet":
        """Those of `user` on lists that they still see."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(user=user, comment__entry__in=ListEntry.objects.for_user(user))


class Mention(models.Model):
    """A comment that names somebody: it is there for them until they have read it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    read_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "user"), name="one_mention_per_comment_and_user"),)
        indexes = (models.Index(fields=("user", "read_at"), name="mention_unread"),)
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")

    def __str__(self) -> str:
        return f"@{self.user}"


class Attachment(FileBeside):
    """A file beside an entry: a quotation, a photo of the sample."""

    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="attachments")

    class Meta(FileBeside.Meta):
        abstract = False
        ordering = ("uploaded_at", "pk")
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
