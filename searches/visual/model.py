"""The network's file, loaded once per process when it is first needed, and never used across a fork.

It is EfficientNet-Lite0 with what ``searches.visual.making`` has learned in the place of its classifier; see the NOTICE
beside it for who trained it.
"""

import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL_FILE = Path(__file__).parent / "weights" / "eye.onnx"
CHECKSUM = "3e1c737fb9b2b478ced231b562e590a3392ba798d8073f7a292a04c12af32be3"
VERSION = "lite0-4"  # of the vectors: of the model and of what is done before it and after it
FEATURES, COLOURS = 160, 96  # numbers of a vector, of its two parts
DIMENSIONS = FEATURES + COLOURS
COLOUR_SHARE = 0.3  # of the cosine
THREADS = 1  # of one call: a second takes half as much time again of the processors, which others need


class ModelUnavailable(Exception):
    """There are no vectors now: the model's file is missing or damaged, or onnxruntime does not run here."""


class Model:
    """A network that has been loaded. Threads may share one."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def vector(self, square: NDArray[np.uint8], colours: NDArray[np.float32]) -> NDArray[np.float32]:
        """(DIMENSIONS,), of unit length, of a square of RGB and the histogram of its colours.

        Raises ModelUnavailable.
        """
        try:
            (vectors,) = self._session.run(["vectors"], {"pictures": square[None], "colours": colours[None]})
        except Exception as error:  # onnxruntime's exceptions share no class of their own
            raise ModelUnavailable(f"The model has failed: {error}") from error
        return np.asarray(vectors[0], np.float32)


def load(path: Path = MODEL_FILE) -> Model:
    """Reads and checks a model's file. Raises ModelUnavailable."""
    try:
        source = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"The model's file cannot be read: {error.strerror}.") from error
    if hashlib.sha256(source).hexdigest() != CHECKSUM:
        raise ModelUnavailable("The model's file is damaged: its checksum is another.")
    return Model(session_of(source, ModelUnavailable))


def session_of(source: bytes, failure: type[Exception] = RuntimeError) -> Any:
    """An onnxruntime session of a model's bytes."""
    try:
        import onnxruntime  # here, for a process that sees no pictures need not pay its 40 MB

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = THREADS
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # a missing library, a processor that it does not know, a broken graph: no vectors
        raise failure(f"onnxruntime does not load the model: {error}") from error


_lock = threading.Lock()
_loaded: Model | None = None


def loaded() -> Model:
    """This process's model. Raises ModelUnavailable; the next call tries again."""
    global _loaded
    with _lock:
        if _loaded is None:
            _loaded = load()
        return _loaded


def _begin_anew() -> None:
    """In a child: a session's threads and locks do not survive a fork, nor does a lock that another thread held."""
    global _lock, _loaded
    _lock, _loaded = threading.Lock(), None


os.register_at_fork(after_in_child=_begin_anew)
