"""The process that has everything loaded and forks one for pictures to be read in, whenever it is told to.

It never looks at a picture itself. `Nursery` starts it; it ends when nobody is left who could ask. See
docs/decisions/0009-a-process-for-each-picture.md.
"""

import dataclasses
import gc
import json
import os
import signal
import socket
import sys
import warnings
from contextlib import suppress
from typing import Any

from searches.imaging import facts, formats, hashing, limits, preparing
from searches.imaging.box import Box
from searches.imaging.presets import Preset
from searches.imaging.reader import MAX_QUESTION, STARTED, Answer
from searches.imaging.rejected import ImageRejected

_LONGEST_CAUSE = 300  # characters
# Without a call it ends: not every program that once read a picture will read another.
_SECONDS_IDLE = 600.0
_SECONDS_A_READER_RESTS = 60.0
# Then another takes over, whatever this many left in its memory.
_PICTURES_A_READER = 50


def serve(control: socket.socket) -> None:
    """Fork for each message, until all who hold the other end of `control` are gone, or were silent for long."""
    # Whoever asks finishes what it has when it is told to stop, so this has to be there still. It is in a session of
    # its own, but some supervisors signal every process they know of.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a reader ended, and none remains as a zombie
    warnings.simplefilter("ignore")
    gc.freeze()  # what is loaded stays shared with all readers
    control.settimeout(_SECONDS_IDLE)
    with suppress(TimeoutError):
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
            if not message:
                return
            with suppress(OSError):  # no process to be had: who asked sees that nothing was started
                if len(descriptors) == 2 and os.fork() == 0:
                    control.close()
                    _be_reader(*descriptors)
            for descriptor in descriptors:
                os.close(descriptor)


def _be_reader(file: int, connection: int) -> None:
    """In the child: answer, and end without clearing up what is the parent's."""
    try:
        limits.hold()
        # Some decoders tell every mistake of a file there, which would let files write into the log.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with socket.socket(fileno=connection) as asker, asker.makefile("rb") as questions:
            asker.settimeout(_SECONDS_A_READER_RESTS)
            for _ in range(_PICTURES_A_READER):
                line = questions.readline(MAX_QUESTION)
                if not line or not _answer_one(json.loads(line), file, asker):
                    return
    finally:
        os._exit(0)


def _answer_one(question: dict[str, Any], file: int, asker: socket.socket) -> bool:
    """Whether this process may read another picture."""
    limits.begin_picture()
    asker.sendall(STARTED)
    data = os.pread(file, question["size"], 0)
    fields, body = answer(question, data)
    # Only what is decoded by the best tried library, and turned out well, leaves its process to another picture.
    goes_on = "refused" not in fields and data.startswith(formats.JPEG_START)
    fields |= {"size": len(body), "goes_on": goes_on}
    asker.sendall(json.dumps(fields).encode() + b"\n" + body)
    limits.end_picture()
    return goes_on


def answer(question: dict[str, Any], data: bytes) -> Answer:
    """What comes of a question about a file: the result, or why the file is refused. Raises nothing."""
    try:
        return _result(question, data)
    except ImageRejected as rejected:
        return _refusal(rejected, rejected.__cause__)
    except MemoryError as cause:
        return _refusal(ImageRejected("too-costly"), cause)
    except Exception as cause:  # here no worker's time-out can be among them
        return _refusal(ImageRejected("damaged"), cause)


def _result(question: dict[str, Any], data: bytes) -> Answer:
    if question["ask"] == "inspect":
        return Answer(dataclasses.asdict(facts.inspect(data)), b"")
    if question["ask"] == "fingerprint":
        found = hashing.fingerprint(data)
        return Answer({"hash": found.hash}, found.blocks)
    crop = Box(*question["crop"]) if question["crop"] else None
    prepared = preparing.prepare(data, crop=crop, preset=Preset(**question["preset"]))
    return Answer({"width": prepared.width, "height": prepared.height, "steps": prepared.steps}, prepared.jpeg)


def _refusal(rejected: ImageRejected, cause: BaseException | None) -> Answer:
    reason = f"{type(cause).__name__}: {cause}" if cause else ""
    return Answer({"refused": rejected.code, "cause": reason[:_LONGEST_CAUSE]}, b"")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as control:
        serve(control)
