"""Uploads while they arrive: what is larger than a picture may be takes no room on the disk."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from searches.imaging import MAX_BYTES


class CappedUpload(TemporaryFileUploadHandler):
    """Keeps one byte more than a picture may have, and the true size: the form then refuses it beside its field."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = MAX_BYTES + 1 - start
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)
