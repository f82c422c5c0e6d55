"""Without the index of the counts: what it was read for is counted, filtered and sorted in memory."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("searches", "0007_offers_are_remembered")]

    operations = [migrations.RemoveIndex(model_name="suppliermatch", name="match_for_counts")]
