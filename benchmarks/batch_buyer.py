"""Somebody who has batches of photos searched for, by the portal's pages."""

from io import BytesIO
from typing import Any

import requests

from benchmarks.batch_photos import archive_of
from tests.processes.portal import Portal


class Buyer:
    """The demo's buyer, signed in. Everything raises requests.RequestException when it is refused."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self.session = portal.sign_in()

    def put_together(self, photos: list[bytes], *, title: str, wanted: int) -> int:
        """Send the photos as one ZIP, part by part; answers the batch."""
        portal = self._portal
        form = portal.form_fields(self.session.get(f"{portal.address}/batches/new/").text)
        asked = {"title": title, "marketplaces": "image_search_md5", "wanted": wanted}
        question = {"order": "similarity", "preparation": "basic"}
        batch = int(self._post("/batches/new/", data=form | asked | question).url.rstrip("/").rpartition("/")[2])
        data = archive_of(photos)
        announced = {"name": "photos.zip", "size": len(data), "fingerprint": f"photos of {batch}"}
        file = self._post(f"/batches/{batch}/files/", json=announced).json()
        parts = BytesIO(data)
        while part := parts.read(file["part_bytes"]):
            offset = parts.tell() - len(part)
            self._post(f"/batches/{batch}/files/{file['file']}/part/?offset={offset}", data=part)
        return batch

    def start(self, batch: int) -> None:
        self._post(f"/batches/{batch}/start/", data={"rights": "on"})

    def _post(self, path: str, **request: Any) -> requests.Response:
        """As the browser would."""
        token = {"X-CSRFToken": self.session.cookies["csrftoken"]}
        answer = self.session.post(f"{self._portal.address}{path}", headers=token, timeout=60, **request)
        answer.raise_for_status()
        return answer
