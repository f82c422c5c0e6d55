"""Our own eye on every search: each offer's picture is compared with the photo, whatever the marketplace says.

`beginning` writes a `Look` for a call that is done, `doorbell` rings for it, `jobs` is what a worker does then, and
`progress` says on the page how far it is. Whose pictures need no fetching, such as those of a catalogue of the team's
own, writes `Sighting.visual` and `SupplierMatch.visual` with its offers and asks for no look (`beginning.wants_look`).
See docs/decisions/0014-our-own-similarity.md.
"""
