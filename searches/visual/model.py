"""The network's file, loaded once per process when it is first needed, and never used across a fork."""

import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL_FILE = Path(__file__).parent / "weights" / "eye.onnx"
CHECKSUM = "af97d12bc4bf40a756d2f561edaaffdb683232dbdee7271ca582da78b6d91b38"
SIDE = 224  # pixels of the square that the network sees
THREADS = 1  # of a process: two workers share the processors, and a thread more costs more than it gives


class ModelUnavailable(Exception):
    """There are no vectors now: the model's file is missing or damaged, or onnxruntime does not run here."""


class Model:
    """A network that has been loaded. Threads may share one."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def features(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Of squares of RGB, (n, SIDE, SIDE, 3): (n, d), each row of unit length. Raises ModelUnavailable."""
        try:
            (features,) = self._session.run(["features"], {"pictures": pictures})
        except Exception as error:  # onnxruntime's exceptions share no class of their own
            raise ModelUnavailable(f"The model has failed: {error}") from error
        return np.asarray(features, np.float32)


def load(path: Path = MODEL_FILE) -> Model:
    """Reads and checks a model's file. Raises ModelUnavailable."""
    try:
        source = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"The model's file cannot be read: {error.strerror}.") from error
    if hashlib.sha256(source).hexdigest() != CHECKSUM:
        raise ModelUnavailable("The model's file is damaged: its checksum is another.")
    try:
        import onnxruntime  # 40 MB and 0.2 s that a process without pictures need not pay

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = THREADS
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # a missing library, a processor that it does not know, a broken graph: no vectors
        raise ModelUnavailable(f"onnxruntime does not load the model: {error}") from error
    return Model(session)


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
