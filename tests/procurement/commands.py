"""`manage.py` as an operator runs it: another process, an environment of its own, nothing inherited but the PATH."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "only-for-tests-" + "k" * 50


def production(folder: Path, **changes: str) -> dict[str, str]:
    """The least that production has to be told, with everything it keeps in `folder`."""
    return {
        # The virtual environment's own programs come first, as in the container.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "VAR_DIR": str(folder),
        "SECRET_KEY": SECRET_KEY,
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "portal.example",
        **changes,
    }


def run(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in the project's folder to its end."""
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def manage(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(["python", "manage.py", *arguments], environment)
