"""Run the benchmarks: `python -m benchmarks [NAME]`, or with ONLY=NAME in the environment.

Prints one line of JSON a figure on standard output. NAME is the start of a figure's name, such as `imaging` or
`imaging.prepare`; modules that hold no such figure are not run.
"""

import os
import sys
from importlib import import_module

# Each is a module of this package with `figures() -> Iterator[Figure]`, whose names begin with the module's.
MODULES = (
    "imaging",
    "protocols",
    "search",
    "looks",
    "limiter",
    "comparison",
    "workbooks",
    "visual",
    "vectors",
    "batch",
    "catalog_import",
    "postgres",
)


def main(only: str) -> int:
    chosen = [module for module in MODULES if f"{module}.".startswith(only) or only.startswith(f"{module}.")]
    if not chosen:
        print(f"no benchmark begins with {only!r}: choose among {', '.join(MODULES)}", file=sys.stderr)
        return 2
    for module in chosen:
        for figure in import_module(f"benchmarks.{module}").figures():
            if figure.name.startswith(only):
                print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ONLY", "")))
