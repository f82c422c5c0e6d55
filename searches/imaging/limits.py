"""What reading one picture may cost, held by the operating system: no decoder can look away from it."""

import resource
import signal
import time

# Of the whole process that reads a picture; 20 MB are left for the libraries' code, which is not counted below.
MAX_MEMORY = 300_000_000  # bytes
_MAX_DATA = MAX_MEMORY - 20_000_000
# Of the processor, whatever else the machine has to do at the time. A little less than the 2 s that a call may take,
# since a picture has to get to its process and back.
MAX_SECONDS = 1.9
# By the clock, for a process that was stopped or gets no turn. Nothing in it waits: this is not the picture's doing.
MAX_SECONDS_BY_THE_CLOCK = 20.0
_MAX_SECONDS_OF_A_LIFE = 120


def hold() -> None:
    """Bind this process for good: it gets no more memory than that.

    No files either: it can neither write one, nor leave its memory in one when it breaks down.
    """
    for number in (signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (_MAX_DATA, _MAX_DATA))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def begin_picture() -> None:
    """From now on, this process is killed when it takes longer than one picture may."""
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS_BY_THE_CLOCK)
    # In whole seconds, and only in case that a decoder brought to obey a file turns the timers off.
    soon = int(time.process_time() + MAX_SECONDS) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (min(soon, _MAX_SECONDS_OF_A_LIFE), _MAX_SECONDS_OF_A_LIFE))


def end_picture() -> None:
    """The picture is done: waiting for another one costs nothing."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
