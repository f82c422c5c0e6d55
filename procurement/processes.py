"""What our own processes need of the operating system."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Ask Linux to send this process `number` when its parent dies, so that a killed parent leaves no orphan.

    Does nothing on other systems: there an orphan ends by its own time-out.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number))
