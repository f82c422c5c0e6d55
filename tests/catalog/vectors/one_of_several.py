"""`python -m tests.catalog.vectors.one_of_several NUMBER`: keeps, deletes and searches where others do the same.

Fails at the first search that does not find what is committed, or finds what is not there.
"""

import sys

import django

django.setup()

from accounts.models import Team  # noqa: E402  models need the set-up
from catalog.models import Item, ItemPicture  # noqa: E402
from catalog.vectors import exact, keep, nearest  # noqa: E402
from tests.catalog.vectors.rows import vectors  # noqa: E402

ROUNDS, AT_ONCE = 12, 8

number = int(sys.argv[1])
# So that files are made all the time.
exact.LONGEST_TAIL, exact.TAIL_SHARE = 5, 0.0
team = Team.objects.get().pk
table = vectors(ROUNDS * AT_ONCE, seed=number, groups=ROUNDS * AT_ONCE)
for turn in range(ROUNDS):
    mine = table[turn * AT_ONCE : (turn + 1) * AT_ONCE]
    pictures = []
    for place in range(AT_ONCE):
        item = Item.objects.create(team_id=team, code=f"{number}-{turn}-{place}", name="Bag")
        pictures.append(ItemPicture.objects.create(item=item, team_id=team, sha256="0", width=8, height=8))
    keep({picture.pk: vector for picture, vector in zip(pictures, mine, strict=True)})
    if turn % 3 == number % 3:
        # As a process that has just been started.
        exact.SNAPSHOTS.forget()
    for picture, vector in zip(pictures, mine, strict=True):
        (near,) = nearest([team], vector, limit=1)
        assert (near.picture, round(near.cosine, 4)) == (picture.pk, 1.0), (near, picture.pk)
    gone = pictures[0].pk
    Item.objects.get(pk=pictures[0].item_id).delete()
    assert gone not in {near.picture for near in nearest([team], mine[0], limit=500)}
