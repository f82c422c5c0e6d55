"""A credential's use: against its limits, in thirty days, drawn as a chart."""

import re

import pytest
import redis

from searches import slots
from searches.admin.usage import use_of
from searches.admin.usage_chart import draw
from searches.models import Credential
from searches.models.usage import china_day
from tests.factories import CredentialFactory
from tests.searches.conftest import work
from tests.searches.credential_admin import LIST, counted, page_of, row_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_folder")]


# Use


def test_use_is_counted_against_the_limits(admin, start, credential, sandbox) -> None:
    Credential.objects.update(calls_per_minute=60, calls_per_day=5000)
    work(start())
    work(start())
    page = text_of(admin.get(page_of(credential)))
    assert "This minute 1 of 60" in page
    assert "Today, in China 1 of 5,000" in page
    assert "In 30 days 1 " in page
    assert "From the cache 1 50 % of all answers" in page
    assert "Failed 0 " in page
    assert "1 of 5,000" in row_of(admin, credential)
    assert "at most 60 a minute" in row_of(admin, credential)


def test_thirty_days_are_summed_and_errors_named_by_their_kind(admin) -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=1200, cached=300, throttled=7)
    counted(credential, 29, calls=34, upstream=2, throttled=1, no_result=5)
    counted(credential, 30, calls=9999, quota=9)
    counted(CredentialFactory(), 0, calls=777)
    page = text_of(admin.get(page_of(credential)))
    assert "Today, in China 1,200 " in page
    assert "In 30 days 1,234 From the cache 300 20 % of all answers" in page
    assert "Failed 10 too fast 8 marketplace or network down 2 " in page
    assert "calls used up" not in page


def test_a_failed_test_is_counted_by_its_kind(admin, sandbox) -> None:
    credential = CredentialFactory(base_url=sandbox.url)
    sandbox.fault("110")
    admin.post(LIST, {"action": "test_connection", "_selected_action": [credential.pk]})
    assert use_of(credential).errors == (("not permitted", 1),)


def test_without_valkey_the_pages_open_and_say_so(admin, monkeypatch) -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=5)
    nobody = redis.Redis.from_url("unix:///nonexistent/valkey.sock")
    monkeypatch.setattr(slots, "connection", lambda: nobody)
    page = text_of(admin.get(page_of(credential)))
    assert "Valkey does not answer: no call is made" in page
    assert "In 30 days 5" in page
    assert admin.get(LIST).status_code == 200


# The chart


def test_a_bar_for_each_day_sets_failures_off_and_a_table_says_the_same(admin) -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=40, throttled=10, cached=3)
    counted(credential, 7, calls=80)
    chart = draw(use_of(credential).days)
    assert len(chart.bars) == 30
    assert chart.most == "80"
    week_ago, today = chart.bars[22], chart.bars[29]
    assert (week_ago.answered_height, week_ago.failed_height) == (chart.plot, 0)
    assert week_ago.answered_y == chart.top
    assert today.answered_height == round(chart.plot * 30 / 80)
    assert today.failed_height == round(chart.plot * 10 / 80)
    assert today.failed_y + today.failed_height == today.answered_y
    assert today.label == f"{china_day()}: 40 calls, 10 failed, 3 from the cache"
    page = admin.get(page_of(credential)).content.decode()
    assert 'aria-label="Calls of the last 30 days: 120, of which 10 failed; at most 80 on one day."' in page
    assert page.count('<rect class="answered"') == 2
    assert page.count('<rect class="failed"') == 1
    assert f'<th scope="row">{china_day()}</th><td>40</td><td>10</td><td>3</td>' in page
    assert len(re.findall(r'<th scope="row">\d{4}-\d\d-\d\d</th>', page)) == 30


def test_more_failures_than_calls_stay_within_the_drawing() -> None:
    credential = CredentialFactory()
    counted(credential, 0, calls=1, bad_image=1000)
    counted(credential, 1, calls=1000)
    chart = draw(use_of(credential).days)
    for bar in chart.bars:
        assert bar.failed_y >= chart.top
        assert bar.answered_y + bar.answered_height == chart.base


def test_nothing_is_drawn_of_nothing(admin) -> None:
    credential = CredentialFactory()
    assert draw(use_of(credential).days) is None
    page = admin.get(page_of(credential)).content.decode()
    assert '<svg class="use-chart"' not in page
    assert "None yet." in page
