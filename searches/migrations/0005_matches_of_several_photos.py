"""`photos_count` and `fused`: how many photos found an offer, and their ranks blended. Until now there was one photo."""

from django.db import migrations, models
from django.db.models import F


def fuse_ranks(apps, schema_editor):
    """Reciprocal rank fusion of a single list, with the constant that searches/fusion.py explains."""
    matches = apps.get_model("searches", "SupplierMatch").objects.using(schema_editor.connection.alias)
    matches.update(fused=1.0 / (60.0 + F("rank")))


class Migration(migrations.Migration):
    dependencies = [("searches", "0004_offers_are_filtered_by_traits")]

    operations = [
        migrations.RemoveIndex(model_name="suppliermatch", name="match_for_counts"),
        migrations.AddField(
            model_name="suppliermatch",
            name="photos_count",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="photos that found it"),
        ),
        migrations.AddField(
            model_name="suppliermatch",
            name="fused",
            field=models.FloatField(default=0.0, verbose_name="ranks of all photos, blended"),
        ),
        migrations.RunPython(fuse_ranks, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="suppliermatch",
            index=models.Index(
                fields=[
                    *("job", "supplier_location", "price", "moq", "similarity", "supplier_credit", "marketplace"),
                    *("currency", "supplier_id", "supplier_name", "rank", "traits", "monthly_sales", "repurchase_rate"),
                    *("photos_count", "fused"),
                ],
                name="match_for_counts",
            ),
        ),
    ]
