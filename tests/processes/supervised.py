"""`python -m tests.processes.supervised JSON`: the supervisor over given shell commands, with short pauses."""

import json
import os
import sys
from pathlib import Path

from procurement import supervisor

asked = json.loads(sys.argv[1])
supervisor.PAUSES = (0.05, 0.1)
supervisor.SECONDS_AT_ONCE = 0.5
supervisor.SECONDS_BETWEEN_LATER_TRIES = asked.get("later", 1000.0)
supervisor.SECONDS_TO_END = asked.get("to_end", 20.0)


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


processes = [
    supervisor.Process(
        name, command, essential=name in asked.get("essential", []), patience=asked.get("patience", {}).get(name, 0.0)
    )
    for name, command in asked["commands"].items()
]
running = supervisor.Supervisor(
    processes,
    folder=Path.cwd(),
    environment=os.environ,
    last="last",
    say=say,
    alive_files=Path(os.environ["FOLDER"], "alive"),
)
running.start()
sys.exit(running.run())
