"""`prepare` against plain Pillow and against libvips, on photos of 12 megapixels.

Everything is measured in child processes: pyvips must never be imported where a worker may fork, and the peak of
a process's memory can't be told apart from what made the photo.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from PIL import Image, ImageOps

from benchmarks.figures import Figure, at_most, of_interest
from searches.imaging import prepare

ROUNDS = 25
SIDE, QUALITY = 800, 85
LANDSCAPE, PORTRAIT = 1, 6  # EXIF orientations

SETTING = (
    f"synthesised 12 MP photo (4000 x 3000, quality 92), {{way}}; to {SIDE} px at quality {QUALITY}; "
    f"one core, the three ways in turn, median of {ROUNDS} rounds"
)


def figures() -> Iterator[Figure]:
    """The speed of `prepare` on a landscape and on a portrait photo, and the memory it takes."""
    with tempfile.TemporaryDirectory() as folder:
        for way, orientation in (("landscape", LANDSCAPE), ("portrait by EXIF", PORTRAIT)):
            photo = Path(folder, f"{orientation}.jpg")
            photo.write_bytes(synthesised_photo(orientation))
            yield from _speed(photo, way)
        yield _memory(Path(folder, f"{LANDSCAPE}.jpg"))


def _speed(photo: Path, way: str) -> Iterator[Figure]:
    name, method = f"imaging.prepare-{way.split()[0]}", SETTING.format(way=way)
    milliseconds = _in_child("speed", photo)
    ours, pillow, vips = (milliseconds[contender] for contender in ("prepare", "pillow", "vips"))
    yield of_interest(name, ours, "ms", method)
    yield of_interest(f"{name}-pillow", pillow, "ms", f"{method}; exif_transpose, convert, LANCZOS")
    yield of_interest(f"{name}-vips", vips, "ms", f"{method}; thumbnail_buffer, jpegsave_buffer")
    yield at_most(f"{name}-against-pillow", ours / pillow, "ratio", 1 / 3, method)
    yield at_most(f"{name}-against-vips", ours / vips, "ratio", 1.1, method)


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


def _measure_speed(data: bytes) -> dict[str, float]:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # libvips would use every core
    import pyvips  # here, because this process is the only one that may hold it

    pyvips.cache_set_max(0)  # or the second round would measure its memory

    def vips(data: bytes) -> bytes:
        small = pyvips.Image.thumbnail_buffer(data, SIDE, height=SIDE, size="down")
        jpeg: bytes = small.jpegsave_buffer(Q=QUALITY, keep="none")
        return jpeg

    contenders: dict[str, Callable[[bytes], object]] = {
        "prepare": prepare,
        "pillow": _plain_pillow,
        "vips": vips,
    }
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS + 1):
        for name, contender in contenders.items():
            started = perf_counter()
            contender(data)
            seconds[name].append(perf_counter() - started)
    return {name: median(times[1:]) * 1000 for name, times in seconds.items()}  # the first warms up


def _measure_memory(data: bytes) -> dict[str, float]:
    small = BytesIO()
    Image.new("RGB", (64, 64)).save(small, "JPEG")
    prepare(small.getvalue())
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew from what is resident (proc(5))
    before = _peak_memory()
    prepare(data)
    return {"extra": _peak_memory() - before}


def _peak_memory() -> float:
    """In MB. Of this program alone: ru_maxrss starts with what the parent had when it forked."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) / 1000


if __name__ == "__main__":
    measure = {"speed": _measure_speed, "memory": _measure_memory}[sys.argv[1]]
    print(json.dumps(measure(Path(sys.argv[2]).read_bytes())))
