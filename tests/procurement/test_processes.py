"""What our own processes ask of the operating system."""

import os
import subprocess
import sys

import pytest

from procurement.processes import AUTOGROUP, GIVING_WAY

SAY = """
import os
from procurement.processes import AUTOGROUP, give_way
give_way()
print(os.nice(0), AUTOGROUP.read_text() if AUTOGROUP.exists() else "")
"""
# Empty: the kernel knows sessions, but this machine shares the processor by containers.
SHARED_BY_SESSIONS = AUTOGROUP.exists() and AUTOGROUP.read_text() != ""


def said(*, new_session: bool) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SAY], capture_output=True, text=True, check=True, start_new_session=new_session
    )
    return done.stdout.split()


def test_a_process_that_gives_way_is_nice() -> None:
    assert said(new_session=False)[0] == str(min(os.nice(0) + GIVING_WAY, 19))


@pytest.mark.skipif(not SHARED_BY_SESSIONS, reason="the processor is not shared by sessions")
def test_the_session_that_it_leads_gives_way_and_no_other_one() -> None:
    assert said(new_session=True)[-1] == str(GIVING_WAY)
    before = AUTOGROUP.read_text()
    said(new_session=False)
    assert AUTOGROUP.read_text() == before
