"""Renders the demo catalogue: `python -m sandbox.studio [--only mug-01] [--samples 9] [--jobs 2] [--draft]`.

Pictures that exist are kept (so a broken-off run goes on where it stopped) unless --again is given.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from pathlib import Path

from sandbox.studio.listing import manifest
from sandbox.studio.products import table
from sandbox.studio.rendering import one_thread, take_to_file
from sandbox.studio.shots import shots_of

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"
DRAFT_SCALE = 1 / 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.studio", description=__doc__)
    parser.add_argument("--only", help="products whose id begins so")
    parser.add_argument("--samples", type=int, default=9, help="light paths a pixel (a square number)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--draft", action="store_true", help="a third of the size, strongly compressed")
    parser.add_argument("--again", action="store_true", help="take pictures that exist, too")
    parser.add_argument("--to", type=Path, default=CATALOGUE, help="the folder to write to")
    options = parser.parse_args()
    scale = DRAFT_SCALE if options.draft else 1.0
    options.to.mkdir(parents=True, exist_ok=True)
    text = json.dumps(manifest(scale), ensure_ascii=False, indent=1)
    (options.to / "manifest.json").write_text(text + "\n", encoding="utf-8")
    tasks = [
        (shot, product, options.samples, scale, options.to)
        for product in table()
        if product.id.startswith(options.only or "")
        for shot in shots_of(product)
        if options.again or not (options.to / shot.file).exists()
    ]
    with multiprocessing.get_context("spawn").Pool(options.jobs, initializer=one_thread) as pool:
        for number, (file, seconds) in enumerate(pool.imap_unordered(take_to_file, tasks), 1):
            sys.stdout.write(f"{number}/{len(tasks)} {file} {seconds:.1f} s\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
