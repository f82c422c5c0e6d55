"""What our own processes need of the operating system."""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Of nice(1): about a tenth of the share that a process has which gives way to nobody.
GIVING_WAY = 10
AUTOGROUP = Path("/proc/self/autogroup")


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Ask Linux to send this process `number` when its parent dies, so that a killed parent leaves no orphan.

    Does nothing on other systems: there an orphan ends by its own time-out.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))


def give_way() -> None:
    """Let others go first where the processor is short: this process, and those that it will start.

    Linux shares the processor among sessions before it looks at the processes in one (autogroup, sched(7)). The
    supervisor gives each process a session of its own, so that niceness alone would change nothing: a session that
    this process leads gives way as well.
    """
    with suppress(OSError):  # a sandbox may forbid both; other systems have no autogroup
        os.nice(GIVING_WAY)
        if os.getsid(0) == os.getpid():
            AUTOGROUP.write_text(str(GIVING_WAY))
