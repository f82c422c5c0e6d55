"""Which browser the tests drive. `python -m tests.browser.chromium --install` brings it where that is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic")
MISSING = "no Chromium found: the browser tests need one (install `chromium`, or set $CHROMIUM to its path)"


def path() -> str | None:
    """`$CHROMIUM`, else the first known name on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def _can_install() -> bool:
    return Path("/etc/debian_version").exists() and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> int:
    if path() is None and _can_install():
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", *PACKAGES], check=True, env=quiet, stdout=subprocess.DEVNULL)
    if path() is not None:
        return 0
    sys.stderr.write(f"tests: {MISSING}\n")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(_install() if "--install" in sys.argv else 0)
