"""The comparison page over 10,000 matches of one search: server time for every sort and filter, and its queries."""

import itertools
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.figures import Figure, at_most
from searches import fusion

MATCHES = 10_000
PHOTOS = 4
ROUNDS = 3
SORTS = (
    *("-similarity", "similarity", "price", "-price", "moq", "-moq", "-credit", "supplier", "-title", "location"),
    *("-sold", "-repurchased", "rank", "-blend"),
)
FILTERS = (
    "",
    "best=1",
    "price_from=10&price_to=60",
    "moq_to=100",
    "credit_from=4",
    "similarity_from=0.8",
    "title_any=防水",
    "title_all=防水 加厚&title_none=儿童",
    "supplier=义乌",
    "place=浙江 金华",
    "identity=super-factory&identity=strong-merchant&ships_within=48",
    "photos_from=4",
    "dropshipping=1&ships_within=24&credit_from=3",
    "price_from=5&credit_from=3&similarity_from=0.5&title_any=防水 加厚&moq_to=500",
    "page=100",
)


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        client, address = _portal_with_matches(Path(folder))
        milliseconds, queries = [], []
        client.get(address)
        for query in (f"?sort={sort}&{chosen}" for sort, chosen in itertools.product(SORTS, FILTERS)):
            for _ in range(ROUNDS):
                started = time.perf_counter()
                status = client.get(address + query).status_code
                milliseconds.append((time.perf_counter() - started) * 1000)
                assert status == 200, query  # noqa: S101  a bench of an error page measures nothing
            with CaptureQueriesContext(connection) as captured:
                client.get(address + query)
            queries.append(len(captured))
        connection.close()
    milliseconds.sort()
    method = (
        f"{MATCHES} matches of {PHOTOS} photos in one job, SQLite; {len(SORTS)} sorts × {len(FILTERS)} filters × "
        f"{ROUNDS} rounds through the whole of Django (middleware, session, template) in one process, without the web "
        "server"
    )
    yield at_most("comparison.page-p95", milliseconds[int(len(milliseconds) * 0.95)], "ms", 120, f"p95; {method}")
    yield at_most("comparison.queries", max(queries), "queries", 12, f"the most of any page; {method}")


def _portal_with_matches(folder: Path) -> tuple[Client, str]:
    """A database of its own with one large finished search; a signed-in browser and the page's address."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "only-for-benches-" + "k" * 50,
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "HTTPS": "false",
        "ALLOWED_HOSTS": "testserver",
    }
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    factories = import_module("tests.factories")  # its models need the set-up above
    membership = factories.MembershipFactory()
    job = factories.SearchJobFactory(team=membership.team, owner=membership.user)
    for image in factories.QueryImageFactory.create_batch(PHOTOS - 1, team=job.team):
        job.images.add(image)
    calls = [factories.SearchCallFactory(job=job, image=image) for image in job.photos]
    models = import_module("searches.models")
    matches = models.SupplierMatch.objects.bulk_create(_matches(models.SupplierMatch, job), batch_size=500)
    models.Sighting.objects.bulk_create(_sightings(models.Sighting, matches, calls), batch_size=500)
    client = Client()
    client.force_login(membership.user)
    return client, job.get_absolute_url()


def _sightings(model: Any, matches: list[Any], calls: list[Any]) -> Iterator[Any]:
    for match in matches:
        for call in calls[: match.photos_count]:
            yield model(match=match, call=call, image=call.image, rank=match.rank)


def _matches(model: Any, job: Any) -> Iterator[Any]:
    """Offers as a marketplace has them: many suppliers, few words, a long tail of prices, some gaps."""
    dice = random.Random(20261122)  # noqa: S311  test data
    words = ("防水", "加厚", "儿童", "户外", "定制", "跨境", "批发", "新款", "大容量", "家用")
    places = ("浙江 金华", "广东 广州", "福建 泉州", "河北 保定", "")
    for rank in range(1, MATCHES + 1):
        shop, photos = dice.randrange(900), dice.choice((1, 1, 2, 3, PHOTOS))
        yield model(
            job=job,
            marketplace="image_search_md5",
            offer_id=str(610_000_000_000 + rank),
            title=" ".join(dice.sample(words, 4)) + f" {rank}",
            url=f"https://detail.1688.com/offer/{610_000_000_000 + rank}.html",
            image_url=f"https://cbu01.alicdn.com/img/{rank}.jpg",
            price=None if rank % 97 == 0 else Decimal(str(round(dice.lognormvariate(3, 0.8), 2))),
            moq=dice.choice((None, 1, 2, 5, 10, 50, 100, 500)),
            similarity=round(max(0.0, 1 - rank / MATCHES + dice.uniform(-0.05, 0)), 4),
            rank=rank,
            photos_count=photos,
            fused=fusion.fused([rank] * photos),
            supplier_id=f"b2b-{shop}",
            supplier_name=f"{dice.choice(('义乌', '广州', '泉州'))}市第{shop}厂",
            supplier_location=dice.choice(places),
            supplier_credit=dice.choice((None, 0, 1, 2, 3, 4, 5)),
            monthly_sales=dice.choice((None, 0, 12, 340, 5600)),
            repurchase_rate=dice.choice((None, 0.0, 0.13, 0.41)),
            ships_within_hours=dice.choice((None, 24, 48, 72)),
            dropshipping=dice.choice((None, False, True)),
            patented=dice.choice((None, False, True)),
            advertised=dice.choice((None, False, True)),
            supplier_years=dice.choice((None, 1, 9)),
            supplier_medal=dice.choice((None, 3)),
            supplier_score=dice.choice((None, 4.4)),
            identities=dice.choice(([], ["verified"], ["super-factory", "verified"], ["strong-merchant"])),
            prices=dice.choice(({}, {"promotion": "9.90"}, {"dropship": "99.00", "original": "120.00"})),
            tiers=dice.choice(([], [[1, "30.00"], [100, "9.50"]])),
            fetched_at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
        )
