"""A zygote whose PNG decoder does harm, chosen by the width of the picture: what a file may one day bring about.

Run in place of `searches.imaging.zygote`; the time limits are smaller, so that tests need not wait for them.
"""

import ctypes
import os
import re
import signal
import socket
import sys
import time
from pathlib import Path

from PIL import PngImagePlugin

from searches.imaging import limits, zygote

limits.MAX_SECONDS, limits.MAX_SECONDS_BY_THE_CLOCK = 0.4, 1.5


def abort(_: Path) -> None:
    os.abort()


def read_address_zero(_: Path) -> None:
    ctypes.string_at(0)


def end_the_process(_: Path) -> None:
    os._exit(0)


def never_return_from_c(_: Path) -> None:
    """Where no signal handler of Python's gets a turn."""
    re.match(r"(a*)*b", "a" * 60)


def never_wake(_: Path) -> None:
    time.sleep(1000)


def take_memory(_: Path) -> None:
    bytearray(limits.MAX_MEMORY)


def take_memory_from_c(_: Path) -> None:
    allocate = ctypes.CDLL(None).malloc
    allocate.restype = ctypes.c_void_p
    ctypes.memset(allocate(limits.MAX_MEMORY), 1, limits.MAX_MEMORY)


def write_a_file(folder: Path) -> None:
    (folder / "written").write_bytes(bytes(1000))


def be_killed_once(folder: Path) -> None:
    """By somebody, and not by what the picture is."""
    if not (folder / "killed").exists():
        (folder / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)


def tell_the_environment(_: Path) -> None:
    raise ValueError(" ".join(os.environ))


def raise_what_is_in_no_list(_: Path) -> None:
    raise Exception("odd")


HARM = dict(
    enumerate(
        [
            abort,
            read_address_zero,
            end_the_process,
            never_return_from_c,
            never_wake,
            take_memory,
            take_memory_from_c,
            write_a_file,
            be_killed_once,
            tell_the_environment,
            raise_what_is_in_no_list,
        ],
        start=201,
    )
)
WIDTHS = {harm.__name__: width for width, harm in HARM.items()}


class HostilePng(PngImagePlugin.PngImageFile):
    def load(self):
        harm = HARM.get(self.width)
        if harm is not None:
            harm(Path(self.info.get("folder", "/nonexistent")))
        return super().load()


if __name__ == "__main__":
    from PIL import Image

    Image.register_open("PNG", HostilePng, lambda prefix: prefix.startswith(b"\x89PNG"))
    with socket.socket(fileno=int(sys.argv[1])) as control:
        zygote.serve(control)
