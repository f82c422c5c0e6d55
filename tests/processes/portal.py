"""The whole portal as `make run` starts it, for tests and benches that want the real thing."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self

import psutil
import redis
import requests

from procurement.valkey import embedded_url
from tests.processes.stack import ROOT, Stack

SEARCH = {"order": "similarity", "wanted": "50", "preparation": "basic"}


class Portal(Stack):
    """The portal under its supervisor, with everything it keeps in a folder of the test's."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        super().__init__(folder)
        for name in ("SECRET_KEY", "CREDENTIAL_KEYS", "HTTPS"):
            del self.environment[name]
        self.port, sandbox_port = free_ports(2)
        self.environment |= {"PORT": str(self.port), "SANDBOX_PORT": str(sandbox_port), "WORKERS": str(workers)}
        self.sandbox_address = f"http://127.0.0.1:{sandbox_port}"
        self.address = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def launch(self) -> None:
        self.log.write_text("")
        with self.log.open("ab") as log:
            self.running["portal"] = subprocess.Popen(
                [sys.executable, "-m", "procurement.portal"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for(lambda: "Tongkuan is ready" in self.log.read_text(), "the portal to be ready")

    def interrupt(self) -> list[psutil.Process]:
        """Ctrl-C; answers every process there was."""
        process = self.running.pop("portal")
        family = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 0
        return family

    def password(self, username: str) -> str:
        """As it was printed."""
        found = re.search(rf"^ +{username} +(\S+)$", self.log.read_text(), re.MULTILINE)
        assert found, f"no password of {username} was printed"
        return found[1]

    def sign_in(self) -> requests.Session:
        """The buyer's browser, as far as forms go."""
        session = requests.Session()
        page = session.get(f"{self.address}/accounts/sign-in/?next=/")
        form = self.form_fields(page.text) | {"username": "buyer", "password": self.password("buyer")}
        session.post(page.url, data=form, headers={"Referer": page.url}).raise_for_status()
        return session

    def form_fields(self, page: str) -> dict[str, str]:
        """What a page's forms would send if nobody typed: hidden values, filled texts, checked boxes."""
        fields = InputValues()
        fields.feed(page)
        return fields.values

    def sandbox_control(self, method: str, name: str, body: Any = None) -> Any:
        """The sandbox's control door: calls, faults, settings."""
        answer = requests.request(
            method, f"{self.sandbox_address}/_sandbox/{name}", json=body, headers={"X-Sandbox-Control": "1"}, timeout=10
        )
        answer.raise_for_status()
        return answer.json()

    def forget_pace(self) -> None:
        """As if the window were over in which a 429 slows everybody down."""
        with redis.Redis.from_url(embedded_url(self.folder)) as server:
            for key in server.keys("tongkuan:calls:*:pace"):
                server.delete(key)

    def search(self, session: requests.Session, photo: Path) -> int:
        """Send the search form for a photo; answers the search's id."""
        page = session.get(f"{self.address}/search/new/")
        answer = session.post(
            page.url,
            data=self.form_fields(page.text) | {"title": photo.stem, "rights": "on", **SEARCH},
            files={"image": (photo.name, photo.read_bytes(), "image/jpeg")},
            headers={"Referer": page.url},
        )
        found = re.search(r"/searches/(\d+)/", answer.url)
        assert found, answer.text
        return int(found[1])

    def process(self, command: str) -> psutil.Process:
        """The first process of the portal's whose command line ends with `command`, once there is one."""

        def look() -> psutil.Process | None:
            for child in psutil.Process(self.running["portal"].pid).children():
                with suppress(psutil.NoSuchProcess):
                    if " ".join(child.cmdline()).endswith(command):
                        return child
            return None

        found: psutil.Process = self.wait_for(look, f"{command} to run")
        return found


class InputValues(HTMLParser):
    """Collects the values of a page's `input` elements by name."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        chosen = kind not in ("checkbox", "radio") or "checked" in given
        if tag == "input" and name and chosen and kind not in ("file", "submit"):
            self.values[name] = given.get("value") or ""


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
