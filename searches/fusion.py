"""Several photos of one item, one order: reciprocal rank fusion.

G. V. Cormack, C. L. A. Clarke, S. Büttcher: "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning
Methods", SIGIR 2009: an offer's score is the sum of 1 / (k + rank) over the lists that hold it, and k = 60 is what
they found best. A list here is what one photo found at one marketplace; a photo that did not find the offer adds
nothing. Only ranks are used: similarities of two photos, or of two marketplaces, are measured with different rulers.

An offer belongs to one marketplace, so its score is made of that marketplace's lists alone. Ordering several
marketplaces by it interleaves them: a first place at one counts as much as a first place at the other, which says
nothing about whose offers resemble the item more. A marketplace that answered fewer of the photos is at a
disadvantage, as its offers have fewer terms.
"""

from collections.abc import Iterable
from math import fsum

K = 60


def fused(ranks: Iterable[int]) -> float:
    """The score of an offer that photos found at these ranks, 1 being the first. Their order changes nothing.

    From 0, for none, to `photos` / 61.
    """
    return fsum(1 / (K + rank) for rank in ranks)
