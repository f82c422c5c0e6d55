"""What tests of imports share: a folder for uploads, and alice's browser."""

from pathlib import Path

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path) -> Path:
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


@pytest.fixture
def browser(alice, signed_in) -> Client:
    return signed_in(alice)
