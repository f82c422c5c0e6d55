"""What the page says of a call that goes wrong while it still goes on."""

import pytest

from searches.models import SearchCall
from tests.searches.conftest import work
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fault", ["400", "413"])
def test_a_picture_that_is_sent_anew_at_once_is_not_counted_as_a_first_attempt(
    start, sandbox, alice, signed_in, fault
) -> None:
    sandbox.fault(fault, times=1)
    job = work(start())
    assert job.calls.get().status == SearchCall.Status.WAITING
    page = text_of(signed_in(alice).get(job.get_absolute_url()))
    assert "The changed picture is sent at once." in page
    assert "Attempt" not in page


def test_other_attempts_are_counted(start, sandbox, alice, signed_in) -> None:
    sandbox.fault("502", times=1)
    job = work(start())
    assert "Attempt 2 of 4 follows at" in text_of(signed_in(alice).get(job.get_absolute_url()))
