"""`python -m procurement.portal`: the whole portal on this machine, the processes of the Procfile under a supervisor.

Everything it keeps is in `var/`. What dies is started again; Ctrl-C, or SIGTERM, ends all of it. With `--prepare` it
only makes what a start needs (secrets, tables, static files, demo), for commands that work without the web.
"""

import os
import secrets
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path

import django
from cryptography.fernet import Fernet
from django.core.management import call_command

from procurement import alive
from procurement.supervisor import Process, Supervisor, commands_of
from procurement.valkey import answers, embedded_url

BASE_DIR = Path(__file__).resolve().parent.parent
LAST_PORT = 65535
SECONDS_TO_START = 60
# Nobody can do anything without these; the others' work waits for them in the database.
ESSENTIAL = frozenset({"valkey", "web"})
# For how many seconds a process may show no sign of work before it counts as hanging. The web is asked every ten, and
# may be busy; the scheduler goes round a few times a second, but may wait for a locked database; a worker without work
# shows itself once a minute.
PATIENCE = {"web": 90.0, "scheduler": 120.0, "worker": 300.0}


def main() -> int:
    port = _number("PORT", 8000, LAST_PORT)
    sandbox_port = _number("SANDBOX_PORT", min(port + 100, LAST_PORT), LAST_PORT)
    _set_environment(port, sandbox_port)
    if "--prepare" in sys.argv[1:]:
        _prepare(sandbox_port, starting=False)
        return 0
    for number, name in ((port, "PORT"), (sandbox_port, "SANDBOX_PORT")):
        if not _is_free(number):
            sys.exit(f"tongkuan: port {number} is taken. Choose another: make run {name}={number + 1}")
    var_dir = Path(os.environ["VAR_DIR"])
    if not os.environ.get("REDIS_URL") and answers(embedded_url(var_dir)):
        sys.exit(f"tongkuan: a portal is running in {var_dir} already.")
    accounts = _prepare(sandbox_port, starting=True)
    return _supervise(port, sandbox_port, accounts)


def _set_environment(port: int, sandbox_port: int) -> None:
    """What the settings and every process of the Procfile read. What the operator set stays."""
    sandbox = f"127.0.0.1:{sandbox_port}"
    for name, value in {
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "VAR_DIR": str(BASE_DIR / "var"),
        "OFFER_IMAGE_SOURCES": f"http://{sandbox}",
        "FETCH_ALLOWED_HOSTS": sandbox,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }.items():
        os.environ[name] = os.environ.get(name) or value
    os.environ |= {
        "VAR_DIR": str(Path(os.environ["VAR_DIR"]).resolve()),
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
    }
    _make_secrets(Path(os.environ["VAR_DIR"]) / "portal.env")


def _number(name: str, default: int, most: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdigit() or not 0 < int(text) <= most:
        sys.exit(f"tongkuan: {name} must be a number from 1 to {most}, not {text!r}.")
    return int(text)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _make_secrets(path: Path) -> None:
    """The keys of this installation, made once: whoever copies `var/` copies them along."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(
        f"SECRET_KEY={secrets.token_urlsafe(50)}\nCREDENTIAL_KEYS={Fernet.generate_key().decode()}\nHTTPS=false\n"
    )


def _prepare(sandbox_port: int, *, starting: bool) -> str:
    """Bring the database and the static files up to date; on an empty database, make the demo."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    demo = import_module("procurement.demo")  # its models need the set-up above
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    demo.make_on_empty_database(sandbox)
    if starting:
        # The sandbox listens beside the portal, whose port may change from one start to the next.
        demo.follow_sandbox(sandbox)
    return str(demo.sign_in_text())


def _supervise(port: int, sandbox_port: int, accounts: str) -> int:
    commands = commands_of((BASE_DIR / "Procfile").read_text())
    if os.environ.get("REDIS_URL"):
        del commands["valkey"]
    alive_files = Path(os.environ["VAR_DIR"]) / "alive"
    copies = {"worker": _number("WORKERS", 2, 64)}
    supervisor = Supervisor(
        [
            Process(f"{name}.{number}", command, essential=name in ESSENTIAL, patience=PATIENCE.get(name, 0.0))
            for name, command in commands.items()
            for number in range(1, copies.get(name, 1) + 1)
        ],
        folder=BASE_DIR,
        environment=os.environ,
        last="valkey.1",
        say=_say,
        alive_files=alive_files,
    )
    supervisor.start()
    alive.probe(f"http://127.0.0.1:{port}/healthz", alive_files / "web.1")
    threading.Thread(target=_announce, args=(port, sandbox_port, accounts), daemon=True).start()
    return supervisor.run()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _announce(port: int, sandbox_port: int, accounts: str) -> None:
    """Say where the portal is once it, and the marketplace beside it, answer."""
    deadline = time.monotonic() + SECONDS_TO_START
    address = f"http://127.0.0.1:{port}"
    waiting = [f"{address}/healthz", f"http://127.0.0.1:{sandbox_port}/healthz"]
    while waiting and time.monotonic() < deadline:
        waiting = [url for url in waiting if not _answers(url)]
        time.sleep(0.1)
    if waiting:
        _say(f"\ntongkuan: {waiting[0]} did not become ready; the lines above say why.\n")
    else:
        _say(f"\n  Tongkuan is ready: {address}\n\n{accounts}\n  Ctrl-C ends it.\n\n")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310  our own loopback addresses
            return True
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
