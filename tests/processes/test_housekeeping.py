"""The scheduler removes what is kept no longer, beside what else it does, and ends when it is told to."""

from pathlib import Path

import pytest

from tests.processes.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.xdist_group("processes")]

EXPIRED = """
from django.contrib.sessions.models import Session
from django.utils import timezone
from datetime import timedelta
for number in range(1200):
    Session.objects.create(session_key=str(number), expire_date=timezone.now() - timedelta(days=1))
"""


def test_the_scheduler_keeps_house_without_anybody_asking(tmp_path: Path) -> None:
    with Stack(tmp_path) as stack:
        stack.manage("shell", "-c", EXPIRED)
        assert stack.value("SELECT COUNT(*) FROM django_session") == 1200
        stack.start("scheduler")
        stack.wait_for(lambda: not stack.value("SELECT COUNT(*) FROM django_session"), "the sessions to be cleared")
        scheduler = stack.running["scheduler"]
        scheduler.terminate()
        assert scheduler.wait(timeout=30) == 0
