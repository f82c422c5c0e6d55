"""What a team's suppliers are judged by, and how much each criterion counts."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import Team, TeamScopedQuerySet
from reckoning.scoring import MAX_WEIGHT, Criterion, Weights

CRITERIA = tuple(criterion.value for criterion in Criterion)
_USUAL = Weights()


class ScoreWeightsQuerySet(TeamScopedQuerySet["ScoreWeights"]):
    pass


def _weight(name: StrOrPromise, criterion: Criterion) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        name, default=_USUAL.of(criterion), validators=[MaxValueValidator(MAX_WEIGHT)]
    )


class ScoreWeights(models.Model):
    """Weights from 0 to 10 under a name; a team may have a default among them."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="score_weights")
    name = models.CharField(_("name"), max_length=100)
    price = _weight(_("price"), Criterion.PRICE)
    similarity = _weight(_("similarity"), Criterion.SIMILARITY)
    credit = _weight(_("credit"), Criterion.CREDIT)
    years = _weight(_("years"), Criterion.YEARS)
    repurchase = _weight(_("repurchased"), Criterion.REPURCHASE)
    delivery = _weight(_("delivery"), Criterion.DELIVERY)
    is_default = models.BooleanField(_("the team’s default"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ScoreWeightsQuerySet.as_manager()

    class Meta:
        ordering = ("-is_default", Lower("name"), "pk")
        constraints = (
            models.UniqueConstraint(
                "team",
                Lower("name"),
                name="one_set_of_weights_per_team_and_name",
                violation_error_message=_("Your team already has weights of this name."),
            ),
            models.UniqueConstraint(
                fields=("team",), condition=Q(is_default=True), name="one_default_set_of_weights_per_team"
            ),
            models.CheckConstraint(condition=~Q(**dict.fromkeys(CRITERIA, 0)), name="weights_are_not_all_zero"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__lte": MAX_WEIGHT for name in CRITERIA}), name="weights_are_at_most_ten"
            ),
        )
        verbose_name = _("score weights")
        verbose_name_plural = _("score weights")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reckoning:weights", args=[self.pk])

    def clean(self) -> None:
        if not any(getattr(self, name) for name in CRITERIA):
            raise ValidationError(_("Give at least one criterion a weight."), code="all-zero")

    @property
    def weights(self) -> Weights:
        """To reckon with."""
        return Weights(**{name: getattr(self, name) for name in CRITERIA})
