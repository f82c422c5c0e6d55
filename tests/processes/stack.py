"""The portal's background processes as an operator runs them, in a folder of their own, to be killed one by one."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import Fernet

from procurement.valkey import answers, embedded_url
from tests.sandbox.running import Sandbox

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 4
PATIENCE_SECONDS = 60


class Stack:
    """`with Stack(folder) as stack`: nothing runs until it is started, and nothing is left when the block ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.log = folder / "processes.log"
        clean = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")}
        self.environment = clean | {
            "DJANGO_SETTINGS_MODULE": "procurement.settings",
            "VAR_DIR": str(folder),
            "SECRET_KEY": "only-for-tests-" + "k" * 50,
            "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
            "HTTPS": "false",
            "CALL_LEASE_SECONDS": str(LEASE_SECONDS),
        }

    def __enter__(self) -> Self:
        self.manage("migrate", "--verbosity", "0")
        return self

    def __exit__(self, *unused: object) -> None:
        for name in reversed(list(self.running)):
            self.kill(name)

    def manage(self, *arguments: str, stdin: bytes | None = None) -> str:
        """Run a management command, or any module with `-m`, to its end; answers what it printed."""
        command = [sys.executable, *(["manage.py"] if arguments[0] != "-m" else []), *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def start(self, *names: str) -> None:
        """Start `manage.py NAME` for each; waits until Valkey answers, when it is among them."""
        for name in names:
            self._start(name, name)
            if name == "valkey":
                self.wait_for(lambda: answers(embedded_url(self.folder)), "Valkey to answer")

    def start_workers(self, number: int) -> list[str]:
        """Start so many workers; answers the names by which they can be killed."""
        names = [f"worker-{place}" for place in range(number)]
        for name in names:
            self._start(name, "worker")
        return names

    def _start(self, name: str, command: str) -> None:
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "manage.py", command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """kill -9: the process itself, not its children; they are to notice by themselves."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if name == "valkey":
            self.wait_for(lambda: not answers(embedded_url(self.folder)), "Valkey to be gone")

    def ask(self, sandbox: Sandbox, wanted: int) -> int:
        """Start a search for a photo of the sandbox's; answers the job's id."""
        question = {"base_url": sandbox.url, "app_key": sandbox.app_key, "secret": sandbox.secret, "wanted": wanted}
        photo = self.folder / "photo.jpg"
        photo.write_bytes(sandbox.query())
        return int(self.manage("-m", "tests.processes.ask", json.dumps(question | {"photo": str(photo)})))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database past Django, as it is on the disk."""
        connection = sqlite3.connect(self.folder / "tongkuan.sqlite3", timeout=20)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def wait_for(self, condition: Any, what: str) -> Any:
        """Wait until the condition holds; answers what it was."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := condition()):
            assert time.monotonic() < deadline, f"waited in vain for {what}:\n{self.log.read_text()[-3000:]}"
            time.sleep(0.05)
        return found
