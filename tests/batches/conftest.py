"""What tests of batches share: a batch that is put together, a folder for uploads, and `imagebatch` at a shell."""

from pathlib import Path

import pytest

from accounts.models import Team, User
from batches import actions
from batches.models import Batch
from tests.batches.commandline import folder, run, sandbox
from tests.factories import MARKETPLACE, CredentialFactory

__all__ = ("folder", "run", "sandbox")


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path) -> Path:
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


@pytest.fixture
def batch(alice: User, team: Team) -> Batch:
    """Alice's, with nothing in it yet."""
    CredentialFactory()
    return actions.create_batch(
        user=alice, team=team, title="Spring", marketplaces=[MARKETPLACE], question={"wanted": 50}
    )


@pytest.fixture
def browser(alice, batch, signed_in):
    return signed_in(alice)
