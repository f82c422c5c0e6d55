"""The Dockerfile as a list of instructions, and what its last stage tells a container to run."""

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

from tests.procurement.commands import ROOT


class Instruction(NamedTuple):
    word: str
    rest: str


def instructions(path: Path = ROOT / "Dockerfile") -> list[Instruction]:
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", "").splitlines()
    return [Instruction(*line.split(" ", 1)) for line in joined if line]


def final_stage() -> list[Instruction]:
    every = instructions()
    return every[max(place for place, instruction in enumerate(every) if instruction.word == "FROM") :]


def last(word: str) -> str:
    """The last such instruction of the final stage: the one that counts."""
    return [instruction.rest for instruction in final_stage() if instruction.word == word][-1]


def command() -> list[str]:
    return list(json.loads(last("CMD")))


def health_command() -> list[str]:
    return list(json.loads(re.sub(r".*? CMD ", "", last("HEALTHCHECK"), count=1)))


def environment(stage: list[Instruction]) -> dict[str, str]:
    pairs = [pair for instruction in stage if instruction.word == "ENV" for pair in shlex.split(instruction.rest)]
    return dict(pair.split("=", 1) for pair in pairs)
