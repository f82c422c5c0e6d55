"""Searches and views that people keep under a name, and the runs of a search since."""

from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamScopedQuerySet, User
from accounts.sharing import Shared, SharedQuerySet
from saved.querystring import LONGEST
from searches.models import QueryImage, SearchJob

LONGEST_NAME = 100
Row = TypeVar("Row", bound=models.Model, covariant=True)


class NamedQuerySet(SharedQuerySet[Row]):
    """Rows with what one reader may do with each, in one query."""

    def listed_for(self, user: User) -> Self:
        """What `user` may see, their favourites first, each `starred` or not."""
        return self._starred(self.for_user(user), user)

    def as_seen_by(self, user: User) -> Self:
        """As `listed_for`, and whether `user` may change each (`editable`, locked or not) and decides it (`owned`)."""
        return self.listed_for(user).annotate(
            editable=Exists(self._the_same().editable_by(user)), owned=Exists(self._the_same().owned_by(user))
        )

    def _starred(self, rows: Self, user: User) -> Self:
        stars = self.model._base_manager.filter(pk=OuterRef("pk"), starred_by=user)
        rows = rows.annotate(starred=Exists(stars)).select_related("team", "owner", "changed_by")
        return rows.order_by("-starred", Lower("name"), "pk")

    def _the_same(self) -> Self:
        return type(self)(self.model).filter(pk=OuterRef("pk"))


class Named(Shared):
    """What is shared under a name: with a view, a lock, and a number that rises with each change."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    # The comparison's state, as its address writes it (querystring.py); empty: as the search opens by itself.
    query = models.TextField(_("view"), max_length=LONGEST, blank=True)
    locked = models.BooleanField(_("locked"), default=False)
    # Who saves says which version they saw: of two editors, the second is told.
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    starred_by: "models.ManyToManyField[User, models.Model]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class SavedSearchQuerySet(NamedQuerySet["SavedSearch"]):
    pass


class SavedSearch(Named):
    """Photos, a question and a view under a name, to be asked again."""

    photos = models.ManyToManyField(QueryImage, related_name="saved_searches")
    # What a search asks beside its pictures, as JSON has it (question.py).
    question = models.JSONField(_("question"), default=dict, blank=True)
    # Keys of those that are asked.
    marketplaces = models.JSONField(_("marketplaces"), default=list, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = (Lower("name"), "pk")
        constraints = (
            models.UniqueConstraint(
                "team",
                "owner",
                Lower("name"),
                name="one_saved_search_per_owner_and_name",
                violation_error_message=_("You already have a saved search of this name."),
            ),
        )
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")

    def get_absolute_url(self) -> str:
        return reverse("saved:detail", args=[self.pk])

    @property
    def images(self) -> list[QueryImage]:
        """In the order in which they were given: the first is photo 1."""
        links = type(self).photos.through._default_manager.filter(savedsearch=self)
        return [link.queryimage for link in links.select_related("queryimage").order_by("pk")]


class RunQuerySet(TeamScopedQuerySet["Run"]):
    team_path = "search__team"


class Run(models.Model):
    """A search job that asked a saved search's question. A job may be a run of several: somebody copied one."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="runs")
    job = models.ForeignKey(SearchJob, on_delete=models.CASCADE, related_name="saved_runs")
    # What differs from the run before, counted once both are over (changes.py).
    changes = models.JSONField(default=dict, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("search", "job"), name="one_run_per_search_and_job"),)
        verbose_name = _("run")
        verbose_name_plural = _("runs")

    def __str__(self) -> str:
        return f"run {self.pk} of saved search {self.search_id}"

    def get_absolute_url(self) -> str:
        return reverse("saved:changes", args=[self.search_id, self.pk])


class SavedViewQuerySet(NamedQuerySet["SavedView"]):
    """A view of a saved search goes with it: who does not see the search, does not see its views."""

    def for_user(self, user: Any) -> Self:
        searches = SavedSearch.objects.for_user(user).values("pk")
        return super().for_user(user).filter(Q(search=None) | Q(search__in=searches))

    def to_choose_for(self, user: User, search: SavedSearch | None) -> Self:
        """Those for any search, and those of one that `user` is known to see; as `listed_for`."""
        return self._starred(super().for_user(user).filter(Q(search=None) | Q(search=search)), user)


class SavedView(Named):
    """A view under a name: one more of a saved search, or one for any search."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, null=True, blank=True, related_name="views")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = (Lower("name"), "pk")
        constraints = (
            models.UniqueConstraint(
                "team",
                "owner",
                Lower("name"),
                name="one_saved_view_per_owner_and_name",
                violation_error_message=_("You already have a view of this name."),
            ),
        )
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def get_absolute_url(self) -> str:
        return reverse("saved:view", args=[self.pk])

    def clean(self) -> None:
        if self.search and self.search.team_id != self.team_id:
            raise ValidationError(_("A view belongs to the team of its search."), code="team")


class DefaultView(models.Model):
    """With which view searches of a team open: for one person, or, without a user, for all who chose none."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="default_views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "user"), name="one_default_view_per_team_and_user"),
            models.UniqueConstraint(fields=("team",), condition=Q(user=None), name="one_default_view_per_team"),
        )
        verbose_name = _("default view")
        verbose_name_plural = _("default views")

    def __str__(self) -> str:
        return f"{self.view} for {self.user or self.team}"
