"""`python -m tests.processes.ask JSON`: start a search from outside, as the web process would; prints the job's id."""

import json
import sys
from pathlib import Path

import django

django.setup()

from accounts.models import Membership, Team, User  # noqa: E402  models need the set-up
from searches.actions import keep_query_image, start_search  # noqa: E402
from searches.models import Credential  # noqa: E402

question = json.loads(sys.argv[1])
user = User.objects.create(username="alice")
team = Team.objects.create(name="Outdoor")
Membership.objects.create(user=user, team=team)
credential = Credential(
    name="sandbox", marketplace="image_search_md5", base_url=question["base_url"], app_key=question["app_key"]
)
credential.keep_secret(question["secret"])
credential.save()
image = keep_query_image(team=team, user=user, data=Path(question["photo"]).read_bytes(), name="photo.jpg")
job = start_search(
    user=user,
    team=team,
    images=[image],
    marketplaces=[credential.marketplace],
    title="Photo",
    wanted=question["wanted"],
)
sys.stdout.write(str(job.pk))
