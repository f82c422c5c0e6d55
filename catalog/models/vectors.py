"""How far a team's vectors have come."""

from django.db import models

from accounts.models import Team


class VectorState(models.Model):
    """One row a team: the number of its latest keeping of vectors (catalog.vectors.keep).

    Who keeps vectors changes this row first and so holds it until the commit: whoever reads the number `n` here also
    sees every vector up to `n`. Numbers are microseconds of the clock, so that none comes twice, not even after a
    backup was put back.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="+")
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.team_id}: {self.number}"
