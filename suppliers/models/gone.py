"""What is remembered of a deleted list: whoever still has it open is told, not left with "not found"."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.sharing import Shared, SharedQuerySet


class DeletedListQuerySet(SharedQuerySet["DeletedList"]):
    pass


class DeletedList(Shared):
    """Who deleted a list, and when. Seen by those who saw the list, and by nobody else."""

    # Numbers of lists are given once, so the address of a deleted one stays its own.
    number = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=100)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(auto_now_add=True)

    objects = DeletedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("deleted list")
        verbose_name_plural = _("deleted lists")

    def __str__(self) -> str:
        return self.name
