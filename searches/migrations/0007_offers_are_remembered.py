"""Indexes by which an offer, and a supplier, is found again in all of a team's searches."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("searches", "0006_parts_of_several_photos")]

    operations = [
        migrations.AddIndex(
            model_name="suppliermatch",
            index=models.Index(
                fields=["offer_id", "marketplace", "fetched_at", "job", "price", "currency"], name="match_by_offer"
            ),
        ),
        migrations.AddIndex(
            model_name="suppliermatch",
            index=models.Index(fields=["supplier_id", "supplier_name"], name="match_by_supplier"),
        ),
    ]
