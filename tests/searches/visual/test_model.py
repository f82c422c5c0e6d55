"""A model that cannot be had is said to be unavailable, whatever the reason."""

import hashlib
import sys

import numpy as np
import pytest

from searches.visual import ModelUnavailable, embed, model
from tests.searches.visual.pictures import ball, encoded


@pytest.fixture
def unloaded(monkeypatch):
    monkeypatch.setattr(model, "_loaded", None)


@pytest.fixture
def copy(tmp_path):
    path = tmp_path / "eye.onnx"
    path.write_bytes(model.MODEL_FILE.read_bytes())
    return path


def test_a_whole_copy_loads(copy):
    assert model.load(copy)


def test_a_flipped_bit_is_damage(copy):
    source = bytearray(copy.read_bytes())
    source[len(source) // 2] ^= 1
    copy.write_bytes(source)
    with pytest.raises(ModelUnavailable, match="damaged"):
        model.load(copy)


@pytest.mark.parametrize("kept", [0, 1000])
def test_a_file_cut_off_is_damage(copy, kept):
    copy.write_bytes(copy.read_bytes()[:kept])
    with pytest.raises(ModelUnavailable, match="damaged"):
        model.load(copy)


def test_a_missing_file_is_said_without_its_path(tmp_path):
    with pytest.raises(ModelUnavailable) as caught:
        model.load(tmp_path / "nowhere.onnx")
    assert "cannot be read" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ModelUnavailable):
        model.load(tmp_path)


def test_bytes_that_are_no_graph_are_unavailable(copy, monkeypatch):
    copy.write_bytes(b"no graph")
    monkeypatch.setattr(model, "CHECKSUM", hashlib.sha256(b"no graph").hexdigest())
    with pytest.raises(ModelUnavailable, match="does not load"):
        model.load(copy)


@pytest.mark.usefixtures("unloaded")
def test_without_onnxruntime_nothing_is_embedded(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelUnavailable):
        embed([encoded(ball())])


@pytest.mark.usefixtures("unloaded")
def test_a_model_that_comes_back_is_used(monkeypatch, tmp_path):
    whole = model.load

    def gone():
        return whole(tmp_path / "gone.onnx")

    monkeypatch.setattr(model, "load", gone)
    with pytest.raises(ModelUnavailable):
        embed([encoded(ball())])
    monkeypatch.setattr(model, "load", whole)
    assert np.isfinite(embed([encoded(ball())])).all()


@pytest.mark.usefixtures("unloaded")
def test_what_onnxruntime_refuses_is_unavailable():
    with pytest.raises(ModelUnavailable, match="failed"):
        model.load().vector(np.zeros((8, 8, 3), np.uint8), np.zeros(3, np.float32))


def test_the_file_is_small_enough_to_live_in_the_project():
    assert model.MODEL_FILE.stat().st_size < 14_000_000
    assert "Apache License" in (model.MODEL_FILE.parent / "NOTICE").read_text()
