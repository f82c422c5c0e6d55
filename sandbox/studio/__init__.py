"""The photo studio of the demo catalogue: models, materials, sets and camera, rendered from fixed seeds.

Run `python -m sandbox.studio` to make `sandbox/catalogue/` anew. It needs mitsuba, which nothing else in the
project does; so no other part of the project may import this package.
"""
