"""Point the demo's credential at another sandbox: `python -m benchmarks.point_at`, JSON as its input.

Run in a portal's own environment. The secret comes as input: what is on a command line, every process can read.
"""

import json
import sys

import django

django.setup()

from searches.models import Credential  # noqa: E402  Django comes first

given = json.load(sys.stdin)
credential = Credential.objects.get(name="1688 sandbox")
credential.base_url, credential.app_key = given["base_url"], given["app_key"]
credential.calls_per_minute = given["limit"]
credential.keep_secret(given["secret"])
credential.save()
