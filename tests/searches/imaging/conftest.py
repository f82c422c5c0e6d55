"""What tests of pictures share."""

from collections.abc import Iterator

import pytest
from PIL import ImageFile


def _decoders(of: type) -> Iterator[type]:
    for decoder in of.__subclasses__():
        yield decoder
        yield from _decoders(decoder)


@pytest.fixture
def decoded(monkeypatch) -> list[str]:
    """The formats whose pixels were decoded, as it happens."""
    names: list[str] = []

    def noting(load):
        def noted(picture):
            names.append(picture.format)
            return load(picture)

        return noted

    for decoder in {ImageFile.ImageFile, *_decoders(ImageFile.ImageFile)}:
        if "load" in vars(decoder):
            monkeypatch.setattr(decoder, "load", noting(vars(decoder)["load"]))
    return names
