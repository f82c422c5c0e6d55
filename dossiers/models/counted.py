"""Which searches have been looked through for suppliers."""

from django.db import models

from searches.models import SearchJob


class CountedSearch(models.Model):
    """A search whose offers' suppliers all have their records, as of its end: one that is taken up again ends anew."""

    job = models.OneToOneField(SearchJob, on_delete=models.CASCADE, primary_key=True, related_name="+")
    finished_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"search {self.job_id}"
