"""`prepare` against plain Pillow and against libvips, on photos of 12 megapixels, and what its own process costs.

Everything is measured in child processes: pyvips must never be imported where a worker may fork, and the peak of
a process's memory can't be told apart from what made the photo.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import psutil
from PIL import Image, ImageOps

from benchmarks.figures import Figure, at_least, at_most, of_interest
from searches.imaging import inspect, prepare, preparing, start_reading

ROUNDS = 25
SIDE, QUALITY = 800, 85
LANDSCAPE, PORTRAIT = 1, 6  # EXIF orientations

AT_ONCE, PHOTOS_A_ROUND = 2, 12

SETTING = (
    f"synthesised 12 MP photo (4000 x 3000, quality 92), {{way}}; to {SIDE} px at quality {QUALITY}; "
    f"one core, all ways in turn, median of {ROUNDS} rounds"
)
THROUGHPUT = (
    f"synthesised 12 MP photo (4000 x 3000, quality 92) to {SIDE} px at quality {QUALITY}; {AT_ONCE} cores, as many "
    f"threads, each way {PHOTOS_A_ROUND} photos in turn, median of {ROUNDS} rounds"
)


def figures() -> Iterator[Figure]:
    """The speed of `prepare` on a landscape and on a portrait photo, alone and on two cores, and its memory."""
    with tempfile.TemporaryDirectory() as folder:
        for way, orientation in (("landscape", LANDSCAPE), ("portrait by EXIF", PORTRAIT)):
            photo = Path(folder, f"{orientation}.jpg")
            photo.write_bytes(synthesised_photo(orientation))
            yield from _speed(photo, way)
        photo = Path(folder, f"{LANDSCAPE}.jpg")
        yield from _throughput(photo)
        yield _memory(photo)


def _speed(photo: Path, way: str) -> Iterator[Figure]:
    name, method = f"imaging.prepare-{way.split()[0]}", SETTING.format(way=way)
    milliseconds = _in_child("speed", photo)
    contenders = ("prepare", "within", "inspect", "pillow", "vips")
    ours, within, inspected, pillow, vips = (milliseconds[contender] for contender in contenders)
    yield of_interest(name, ours, "ms", method)
    yield at_most(
        f"{name}-against-no-process", ours / within, "ratio", 1.15, f"{method}; against no process of its own"
    )
    yield of_interest(f"{name}-inspect", inspected, "ms", f"{method}; inspect instead, in a process of its own")
    yield of_interest(f"{name}-pillow", pillow, "ms", f"{method}; exif_transpose, convert, LANCZOS")
    yield of_interest(f"{name}-vips", vips, "ms", f"{method}; thumbnail_buffer, jpegsave_buffer")
    yield at_most(f"{name}-against-pillow", ours / pillow, "ratio", 1 / 3, method)
    yield at_most(f"{name}-against-vips", ours / vips, "ratio", 1.2, method)


def _throughput(photo: Path) -> Iterator[Figure]:
    found = _in_child("throughput", photo)
    yield of_interest("imaging.throughput", found["prepare"], "photos/s", THROUGHPUT)
    yield of_interest("imaging.throughput-vips", found["vips"], "photos/s", THROUGHPUT)
    yield at_least("imaging.throughput-against-vips", found["prepare"] / found["vips"], "ratio", 0.8, THROUGHPUT)
    # libvips runs more threads, so it gets more of a machine that has other things to do: this is not told by them.
    method = f"{THROUGHPUT}; processor time of all processes and threads"
    ours, vips = found["processor of prepare"], found["processor of vips"]
    yield of_interest("imaging.processor", ours, "ms", method)
    yield of_interest("imaging.processor-vips", vips, "ms", method)
    yield at_least("imaging.processor-against-vips", vips / ours, "ratio", 0.8, f"{method}; theirs by ours")


def _memory(photo: Path) -> Figure:
    method = (
        "growth of the peak resident memory of a fresh process (VmHWM) over one prepare of the landscape photo, "
        "whose bytes it holds already, after one of a small picture"
    )
    return at_most("imaging.prepare-memory", _in_child("memory", photo)["extra"], "MB", 30, method)


def _in_child(measurement: str, photo: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.imaging", measurement, str(photo)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    answer: dict[str, float] = json.loads(run.stdout)
    return answer


def synthesised_photo(orientation: int) -> bytes:
    """A 12 MP JPEG with what makes photos costly: soft light, edges, texture at every scale and sensor noise."""
    width, height = 4000, 3000
    random = np.random.default_rng(12)
    across, down = np.meshgrid(np.linspace(0, 1, width, dtype="f4"), np.linspace(0, 1, height, dtype="f4"))
    light = 90 + 90 * across + 40 * down
    texture = np.zeros((height, width), dtype="f4")
    for octave in range(2, 10):
        grain = random.normal(0, 1, (3 * 2**octave, 4 * 2**octave)).astype("f4")
        texture += np.asarray(Image.fromarray(grain).resize((width, height), Image.Resampling.BICUBIC)) * 5
    channels = []
    for tint in (1.0, 0.92, 0.8):
        channel = light * tint + texture + random.normal(0, 4, (height, width)).astype("f4")
        for _ in range(12):  # things with edges
            x, y, radius = random.uniform(0.1, 0.9), random.uniform(0.1, 0.9), random.uniform(0.03, 0.15)
            channel[(across - x) ** 2 + (down - y) ** 2 < radius**2] *= random.uniform(0.5, 1.4)
        channels.append(np.clip(channel, 0, 255).astype("u1"))
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = BytesIO()
    Image.fromarray(np.dstack(channels)).save(buffer, "JPEG", quality=92, exif=exif)
    return buffer.getvalue()


def _plain_pillow(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as picture:
        whole = ImageOps.exif_transpose(picture).convert("RGB")
    scale = SIDE / max(whole.size)
    small = whole.resize((round(whole.width * scale), round(whole.height * scale)), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _vips() -> Callable[[bytes], bytes]:
    """What makes a picture small with one thread of libvips."""
    os.environ["VIPS_CONCURRENCY"] = "1"  # it would use every core for one picture
    import pyvips  # here, because this process is the only one that may hold it

    pyvips.cache_set_max(0)  # or the second round would measure its memory

    def vips(data: bytes) -> bytes:
        small = pyvips.Image.thumbnail_buffer(data, SIDE, height=SIDE, size="down")
        jpeg: bytes = small.jpegsave_buffer(Q=QUALITY, keep="none")
        return jpeg

    return vips


def _measure_speed(data: bytes) -> dict[str, float]:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    start_reading()
    contenders: dict[str, Callable[[bytes], object]] = {
        "prepare": prepare,
        "within": preparing.prepare,
        "inspect": inspect,
        "pillow": _plain_pillow,
        "vips": _vips(),
    }
    return {name: seconds * 1000 for name, seconds in _in_turn(contenders, data).items()}


def _measure_throughput(data: bytes) -> dict[str, float]:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:AT_ONCE])
    start_reading()
    with ThreadPoolExecutor(AT_ONCE) as threads:

        def all_of(contender: Callable[[bytes], object]) -> Callable[[bytes], object]:
            return lambda data: list(threads.map(contender, [data] * PHOTOS_A_ROUND))

        contenders = {"prepare": all_of(prepare), "vips": all_of(_vips())}
        found = {name: PHOTOS_A_ROUND / seconds for name, seconds in _in_turn(contenders, data).items()}
        for name, contender in contenders.items():
            found[f"processor of {name}"] = _processor_seconds(contender, data) / PHOTOS_A_ROUND * 1000
    return found


def _processor_seconds(contender: Callable[[bytes], object], data: bytes) -> float:
    """The median of those that it takes of the processor, in this process and in those that read for it."""
    spent = []
    for _ in range(ROUNDS):
        before = _processor_seconds_so_far()
        contender(data)
        after = _processor_seconds_so_far()
        if before.keys() <= after.keys():  # a reader that ended took its account along
            spent.append(sum(after.values()) - sum(before.values()))
    return median(spent)


def _processor_seconds_so_far() -> dict[int, float]:
    this = psutil.Process()
    times = {process.pid: process.cpu_times() for process in (this, *this.children(recursive=True))}
    return {pid: each.user + each.system for pid, each in times.items()}


def _in_turn(contenders: dict[str, Callable[[bytes], object]], data: bytes) -> dict[str, float]:
    """The median of the seconds that each takes."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS + 1):
        for name, contender in contenders.items():
            started = perf_counter()
            contender(data)
            seconds[name].append(perf_counter() - started)
    return {name: median(times[1:]) for name, times in seconds.items()}  # the first warms up


def _measure_memory(data: bytes) -> dict[str, float]:
    small = BytesIO()
    Image.new("RGB", (64, 64)).save(small, "JPEG")
    preparing.prepare(small.getvalue())  # as it is in the reader
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from what is resident (proc(5))
    before = _peak_memory()
    preparing.prepare(data)
    return {"extra": _peak_memory() - before}


def _peak_memory() -> float:
    """In MB. Of this program alone: ru_maxrss starts with what the parent had when it forked."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) / 1000


if __name__ == "__main__":
    measure = {"speed": _measure_speed, "throughput": _measure_throughput, "memory": _measure_memory}[sys.argv[1]]
    print(json.dumps(measure(Path(sys.argv[2]).read_bytes())))
