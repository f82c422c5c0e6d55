"""ENHANCED: square, a little less noise, more contrast; plain where that fails."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from searches.imaging import BASIC, ENHANCED, PRESETS, Box
from searches.imaging.preparing import prepare
from tests.searches.imaging.pictures import FORMATS, encoded, noise, scene, shown


def _levels(jpeg: bytes) -> np.ndarray:
    return np.asarray(shown(jpeg).convert("L"), dtype=float)


def test_it_is_square_and_says_so():
    prepared = prepare(encoded(scene(1600, 1200), "JPEG"), preset=ENHANCED)
    assert (prepared.width, prepared.height) == (800, 800)
    assert prepared.steps == ("cropped", "resized", "enhanced")


def test_a_crop_box_goes_before_the_square():
    prepared = prepare(encoded(scene(1600, 1200), "JPEG"), crop=Box(0, 0, 0.5, 0.25), preset=ENHANCED)
    assert (prepared.width, prepared.height) == (800, 300)


def test_contrast_grows_by_a_fifth():
    picture = scene(400, 400)
    plain = _levels(prepare(encoded(picture), preset=replace(ENHANCED, contrast=1.0)).jpeg)
    enhanced = _levels(prepare(encoded(picture), preset=ENHANCED).jpeg)
    inner = (plain > 40) & (plain < 215)  # what lies further out is cut off at black and white
    assert enhanced[inner].std() / plain[inner].std() == pytest.approx(1.2, abs=0.03)


def test_noise_falls_and_edges_stay():
    grain = np.random.default_rng(5).normal(0, 12, (300, 300))
    levels = np.full((300, 300), 90.0)
    levels[:, 150:] = 160
    picture = encoded(Image.fromarray(np.clip(levels + grain, 0, 255).astype(np.uint8)).convert("RGB"))
    noisy = _levels(prepare(picture, preset=replace(ENHANCED, contrast=1.0, denoise=0.0)).jpeg)
    calmed = _levels(prepare(picture, preset=replace(ENHANCED, contrast=1.0)).jpeg)
    assert calmed[:, :140].std() < 0.8 * noisy[:, :140].std()
    step = calmed[:, 152].mean() - calmed[:, 147].mean()
    assert step > 60


@pytest.mark.parametrize("step", [(ImageEnhance.Contrast, "enhance"), (ImageFilter.MedianFilter, "filter")])
@pytest.mark.parametrize("failure", [ValueError, OSError, MemoryError])
def test_when_an_enhancing_step_fails_basic_is_used_and_said(monkeypatch, step, failure):
    data = encoded(scene(1600, 1200), "JPEG")
    crop = Box(0.1, 0.1, 0.8, 0.8)

    def fail(*_):
        raise failure

    monkeypatch.setattr(*step, fail)
    for box in (None, crop):
        prepared = prepare(data, crop=box, preset=replace(ENHANCED, max_bytes=300_000))
        plain = prepare(data, crop=box, preset=replace(BASIC, max_bytes=300_000))
        assert prepared.jpeg == plain.jpeg
        assert prepared.steps == (*plain.steps, "enhance-failed")


def test_falling_back_keeps_the_budget_and_the_smaller_size(monkeypatch):
    def fail(*_):
        raise ValueError

    monkeypatch.setattr(ImageEnhance.Contrast, "enhance", fail)
    preset = replace(ENHANCED, max_side=480, max_bytes=20_000)
    prepared = prepare(encoded(noise(900, 900)), preset=preset)
    assert len(prepared.jpeg) <= 20_000
    assert max(prepared.width, prepared.height) <= 480


def test_threads_do_not_disturb_each_other():
    files = [encoded(scene(500, 400), kind) for kind in FORMATS]
    jobs = [(data, preset) for data in files for preset in PRESETS.values()] * 3
    alone = [prepare(data, preset=preset).jpeg for data, preset in jobs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda job: prepare(job[0], preset=job[1]).jpeg, jobs))
    assert together == alone
