"""The doors of the package: pictures are read in processes that may end badly."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil
import pytest
from PIL.PngImagePlugin import PngInfo

from searches import imaging
from searches.imaging import BASIC, ENHANCED, Box, ImageRejected, bounded, facts, hashing, inspect, prepare, preparing
from searches.imaging.nursery import Nursery
from tests.searches.imaging import hostile
from tests.searches.imaging.pictures import FORMATS, encoded, flat, noise, quadrants, scene

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there readers are limited")
PATIENCE_SECONDS = 30


def zygotes(of: psutil.Process | None = None, module: str = "searches.imaging.zygote") -> list[psutil.Process]:
    alive = [child for child in (of or psutil.Process()).children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in alive if module in child.cmdline()]


def code_of(data: bytes) -> str:
    with pytest.raises(ImageRejected) as refusal:
        prepare(data)
    return refusal.value.code


@pytest.fixture
def hostile_decoder(monkeypatch):
    nursery = Nursery("tests.searches.imaging.hostile")
    monkeypatch.setattr(bounded, "nursery", nursery)
    yield
    nursery.close()
    assert zygotes(module="tests.searches.imaging.hostile") == []


def harmful(harm: str, folder: object = "") -> bytes:
    info = PngInfo()
    info.add_text("folder", str(folder))
    return encoded(flat(size=(hostile.WIDTHS[harm], 20)), "PNG", pnginfo=info)


DEADLY = [
    "abort",
    "read_address_zero",
    "end_the_process",
    "never_return_from_c",
    "never_wake",
    "take_memory",
    "take_memory_from_c",
]


@pytest.mark.parametrize("harm", DEADLY)
def test_a_picture_that_kills_or_exhausts_its_reader_is_refused_and_the_next_one_is_read(hostile_decoder, harm):
    assert code_of(harmful(harm)) == "too-costly"
    for kind in FORMATS:
        data = encoded(quadrants(), kind)
        assert prepare(data) == preparing.prepare(data)


def test_deadly_pictures_among_good_ones_harm_no_other_thread(hostile_decoder):
    good = encoded(quadrants(), "PNG")
    files = [good if place % 3 else harmful("abort") for place in range(24)]

    def outcome(data: bytes) -> bytes | str:
        try:
            return prepare(data).jpeg
        except ImageRejected as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(outcome, files))
    jpeg = preparing.prepare(good).jpeg
    assert outcomes == [jpeg if place % 3 else "too-costly" for place in range(24)]


def test_a_picture_whose_reader_was_killed_by_somebody_is_read_by_another(hostile_decoder, tmp_path):
    data = harmful("be_killed_once", tmp_path)
    assert prepare(data) == preparing.prepare(data)
    assert (tmp_path / "killed").exists()


def test_a_reader_writes_no_file(hostile_decoder, tmp_path):
    assert code_of(harmful("write_a_file", tmp_path)) == "damaged"
    assert [file.stat().st_size for file in tmp_path.iterdir()] == [0]


def test_a_reader_sees_no_secrets(hostile_decoder, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "topsecret")
    with pytest.raises(ImageRejected) as refusal:
        prepare(harmful("tell_the_environment"))
    told = str(refusal.value.__cause__)
    assert "PATH" in told and "SECRET" not in told


def test_an_error_that_nobody_thought_of_is_damage(hostile_decoder):
    assert code_of(harmful("raise_what_is_in_no_list")) == "damaged"


@pytest.mark.parametrize("kind", [*FORMATS, "MPO"])
def test_it_answers_what_is_answered_without_it(kind):
    data = encoded(scene(900, 700), kind)
    assert inspect(data) == facts.inspect(data)
    assert imaging.fingerprint(data) == hashing.fingerprint(data)
    for crop in (None, Box(0.1, 0.2, 1 / 3, 0.9)):
        for preset in (BASIC, ENHANCED, replace(BASIC, name="small", max_bytes=5_000)):
            assert prepare(data, crop=crop, preset=preset) == preparing.prepare(data, crop=crop, preset=preset)


def test_it_refuses_what_is_refused_without_it_and_keeps_the_cause():
    for data in (b"", b"text", b"<svg/>", encoded(noise(90, 90), "PNG")[:500], bytes(imaging.MAX_BYTES + 1)):
        with pytest.raises(ImageRejected) as here:
            preparing.prepare(data)
        with pytest.raises(ImageRejected) as there:
            prepare(data)
        assert there.value.code == here.value.code
        if here.value.__cause__ is not None:
            assert type(here.value.__cause__).__name__ in str(there.value.__cause__)


def test_threads_get_their_own_answers():
    files = [encoded(noise(width, 300), kind) for width in (200, 300, 400) for kind in FORMATS] * 3
    alone = [preparing.prepare(data).jpeg for data in files]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda data: prepare(data).jpeg, files))
    assert together == alone


def test_more_pictures_than_a_reader_reads():
    files = [encoded(flat(size=(9, 1 + place)), "JPEG") for place in range(120)]
    assert [inspect(data).height for data in files] == list(range(1, 121))


def test_a_killed_zygote_is_replaced():
    data = encoded(quadrants(), "PNG")
    prepare(data)
    (zygote,) = zygotes()
    zygote.kill()
    assert prepare(data) == preparing.prepare(data)
    assert len(zygotes()) == 1
    imaging.start_reading()
    assert len(zygotes()) == 1


def test_killed_readers_are_replaced():
    data = encoded(quadrants(), "JPEG")
    prepare(data)
    (zygote,) = zygotes()
    readers = zygote.children()
    assert readers
    for reader in readers:
        reader.kill()
    psutil.wait_procs(readers, timeout=PATIENCE_SECONDS)
    assert prepare(data) == preparing.prepare(data)
    assert prepare(data) == preparing.prepare(data)


class TimeIsUp(Exception):
    """As a worker's time-out is: raised from a signal, wherever the program stands."""


def test_an_interrupted_question_spoils_no_other(hostile_decoder):
    def interrupt(*_):
        raise TimeIsUp

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        prepare(encoded(quadrants(), "JPEG"))
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(TimeIsUp):
            prepare(harmful("never_wake"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    for size in ((90, 60), (60, 90)):
        assert inspect(encoded(flat(size=size), "JPEG")).width == size[0]


def test_without_readers_pictures_are_read_all_the_same_and_it_is_said(monkeypatch, caplog, capfd):
    nursery = Nursery("searches.imaging.not_there")
    monkeypatch.setattr(bounded, "nursery", nursery)
    data = encoded(quadrants(), "JPEG")
    assert prepare(data) == preparing.prepare(data)
    assert inspect(data) == facts.inspect(data)
    assert code_of(data[:300]) == "truncated"
    nursery.close()
    assert "Pictures are read without limits of time and memory" in caplog.text
    assert "not_there" in capfd.readouterr().err


PARENT = """
import os, sys
from pathlib import Path
from searches.imaging import inspect, prepare, start_reading

def ask(count):
    return [inspect(data).width for _ in range(count)] + [len(prepare(data).jpeg)]

data = Path(sys.argv[1]).read_bytes()
start_reading()
expected = ask(1)[1:]
children = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        good = ask(20) == [240] * 20 + expected
        os._exit(0 if good else 1)
    children.append(child)
assert ask(20) == [240] * 20 + expected
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
print("done", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("ending", ["exit", "kill"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_forked_processes_share_it_and_nothing_outlives_them(tmp_path, kind, ending):
    photo = tmp_path / "photo"
    photo.write_bytes(encoded(quadrants(), kind))
    command = [sys.executable, "-c", PARENT, str(photo)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline() == b"done\n"
        process = psutil.Process(parent.pid)
        assert len(zygotes(process)) == 1
        family = process.children(recursive=True)
        if ending == "kill":
            parent.kill()
        parent.stdin.close()
        parent.wait()
        _, left = psutil.wait_procs(family, timeout=PATIENCE_SECONDS)
    assert left == []


def test_signals_that_end_a_program_do_not_end_the_reading():
    data = encoded(quadrants(), "PNG")
    prepare(data)
    (zygote,) = zygotes()
    assert os.getpgid(zygote.pid) != os.getpgid(0)  # where Ctrl-C does not reach
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        zygote.send_signal(number)
    assert prepare(data) == preparing.prepare(data)
    assert zygotes() == [zygote]
