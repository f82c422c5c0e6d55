"""Pictures that callers uploaded, to be searched for by an id."""

import hashlib
from threading import Lock

MOST_KEPT = 200


class Uploads:
    """The last pictures uploaded. The same picture has the same id, in every sandbox."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._pictures: dict[str, bytes] = {}
        self._lock = Lock()

    def keep(self, data: bytes) -> str:
        """The picture's id: 18 digits, the first of them not 0."""
        number = int(hashlib.sha256(data).hexdigest()[:16], 16)
        image_id = str(10**17 + number % (9 * 10**17))
        with self._lock:
            self._pictures.pop(image_id, None)
            self._pictures[image_id] = data
            while len(self._pictures) > self._most:
                del self._pictures[next(iter(self._pictures))]
        return image_id

    def get(self, image_id: str) -> bytes | None:
        with self._lock:
            return self._pictures.get(image_id)

    def clear(self) -> None:
        with self._lock:
            self._pictures.clear()
