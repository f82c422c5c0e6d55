"""`traits`: what offers are filtered by that is either so or not, as bits, and in the index of the counts."""

from functools import reduce
from operator import add

from django.db import migrations, models
from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan

IDENTITIES = {"super-factory": 1, "factory": 2, "strong-merchant": 4, "certified-factory": 8, "verified": 16}


def certified_as(identity):
    return Q(GreaterThan(StrIndex(Cast("identities", TextField()), Value(f'"{identity}"')), 0))


def bit(asked, value):
    return Case(When(asked, then=Value(value)), default=Value(0))


TRAITS = reduce(
    add,
    [
        *(bit(certified_as(identity), value) for identity, value in IDENTITIES.items()),
        bit(Q(dropshipping=True), 32),
        bit(Q(ships_within_hours__lte=24), 64),
        bit(Q(ships_within_hours__lte=48), 128),
    ],
)


class Migration(migrations.Migration):
    dependencies = [("searches", "0002_marketplaces_share_their_load")]

    operations = [
        migrations.RemoveIndex(model_name="suppliermatch", name="match_for_counts"),
        migrations.AddField(
            model_name="suppliermatch",
            name="traits",
            field=models.GeneratedField(
                db_persist=True, expression=TRAITS, output_field=models.PositiveSmallIntegerField()
            ),
        ),
        migrations.AddIndex(
            model_name="suppliermatch",
            index=models.Index(
                fields=[
                    *("job", "supplier_location", "price", "moq", "similarity", "supplier_credit", "marketplace"),
                    *("currency", "supplier_id", "supplier_name", "rank", "traits", "monthly_sales", "repurchase_rate"),
                ],
                name="match_for_counts",
            ),
        ),
    ]
