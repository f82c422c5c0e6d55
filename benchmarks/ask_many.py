"""Start many searches at once, in a portal's own environment: `python -m benchmarks.ask_many`, JSON as its input."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from accounts.models import Membership, Team, User  # noqa: E402  Django comes first
from searches.actions import keep_query_image, start_search  # noqa: E402
from searches.models import Credential  # noqa: E402

question = json.load(sys.stdin)
team = Team.objects.create(name="Bench")
user = User.objects.create(username="bench")
Membership.objects.create(team=team, user=user, role=Membership.Role.BUYER)
credential = Credential(
    name="Bench",
    marketplace="image_search_md5",
    base_url=question["base_url"],
    app_key=question["app_key"],
    calls_per_minute=question["limit"],
)
credential.keep_secret(question["secret"])
credential.save()
photo = Path(question["photo"])
image = keep_query_image(team=team, user=user, data=photo.read_bytes(), name=photo.name)
for number in range(question["searches"]):
    # Another highest price, another question: none is answered by the result cache.
    start_search(
        user=user,
        team=team,
        images=[image],
        marketplaces=[credential.marketplace],
        title=f"Photo {number}",
        wanted=50,
        price_to=Decimal(10_000 + number),
    )
