"""Start searches for many different photos, one after another: `python -m benchmarks.ask_photos`, JSON as its input.

Run in a portal's own environment; the demo's buyer asks the demo's credential, which is pointed at the sandbox given.
"""

import io
import json
import sys
from pathlib import Path

import django
from PIL import Image

django.setup()

from accounts.models import Team, User  # noqa: E402  Django comes first
from searches.actions import keep_query_image, start_search  # noqa: E402
from searches.models import Credential  # noqa: E402

PHOTOS = sorted((Path(__file__).parents[1] / "sandbox" / "catalogue" / "queries").glob("*.jpg"))


def photo(number: int) -> bytes:
    """The catalogue's photos in turn, each time cut a little smaller: other bytes, and another picture."""
    with Image.open(PHOTOS[number % len(PHOTOS)]) as original:
        cut = 1 + number // len(PHOTOS)
        part = original.crop((cut, cut, original.width - cut, original.height - cut))
    file = io.BytesIO()
    part.save(file, "JPEG", quality=90)
    return file.getvalue()


def point_at(address: str, app_key: str, secret: str, limit: int) -> Credential:
    credential = Credential.objects.get(name="1688 sandbox")
    credential.base_url, credential.app_key, credential.calls_per_minute = address, app_key, limit
    credential.keep_secret(secret)
    credential.save()
    return credential


question = json.load(sys.stdin)
credential = point_at(question["base_url"], question["app_key"], question["secret"], question["limit"])
user, team = User.objects.get(username="buyer"), Team.objects.get()
for number in range(question["searches"]):
    image = keep_query_image(team=team, user=user, data=photo(number), name=f"photo-{number}.jpg")
    start_search(
        user=user,
        team=team,
        images=[image],
        marketplaces=[credential.marketplace],
        title=f"Chaos {number}",
        wanted=question["wanted"],
    )
