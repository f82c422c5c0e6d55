"""Which offers of a search show the same picture: resellers show the factory's own photo.

By fingerprints (searches/imaging/hashing.py), and what is the same as a same one belongs to it. Found once, when all
of a search's pictures were looked at, and kept with the offers: the comparison only reads numbers.
"""

from collections.abc import Iterable, Mapping, Sequence

from searches.imaging import SAME_PICTURE, Fingerprint, same_picture
from searches.models import OfferPicture, SearchJob, SupplierMatch

AT_ONCE = 500
# Fingerprints' lowest bits hold three means of nine bits each, the first of which is the brightness, in halves of
# steps; `distance` counts two for each half. So what is the same is near in brightness.
MEAN_BITS, NEAREST = 9, SAME_PICTURE // 2


def find(job: SearchJob) -> None:
    """Number the offers of the search that show the same picture. The caller holds the job's row."""
    offers = list(SupplierMatch.objects.filter(job=job).values_list("pk", "image_url", "photo_group"))
    fingerprints = _fingerprints({url for _pk, url, _group in offers if url})
    same = same_pictures(fingerprints)
    members: dict[str, list[int]] = {}
    for pk, url, _group in offers:
        if url:
            members.setdefault(same.get(url, url), []).append(pk)
    groups = {pk: min(pks) for pks in members.values() if len(pks) > 1 for pk in pks}
    changed = [SupplierMatch(pk=pk, photo_group=groups.get(pk)) for pk, _url, was in offers if groups.get(pk) != was]
    SupplierMatch.objects.bulk_update(changed, ["photo_group"], batch_size=AT_ONCE)


def same_pictures(fingerprints: Mapping[str, Fingerprint]) -> dict[str, str]:
    """For each address one address that stands for all that show the same picture as it does."""
    in_order = sorted(fingerprints, key=lambda url: (_brightness(fingerprints[url]), url))
    stands_for = {url: url for url in in_order}
    first = 0
    for place, url in enumerate(in_order):
        while _brightness(fingerprints[in_order[first]]) < _brightness(fingerprints[url]) - NEAREST:
            first += 1
        for other in in_order[first:place]:
            if same_picture(fingerprints[url], fingerprints[other]):
                _join(stands_for, url, other)
    return {url: _root(stands_for, url) for url in in_order}


def _brightness(fingerprint: Fingerprint) -> int:
    return fingerprint.hash >> 2 * MEAN_BITS & (1 << MEAN_BITS) - 1


def _join(stands_for: dict[str, str], one: str, other: str) -> None:
    roots = sorted((_root(stands_for, one), _root(stands_for, other)))
    stands_for[roots[1]] = roots[0]


def _root(stands_for: dict[str, str], url: str) -> str:
    while stands_for[url] != url:
        stands_for[url] = url = stands_for[stands_for[url]]
    return url


def _fingerprints(urls: Iterable[str]) -> dict[str, Fingerprint]:
    found: dict[str, Fingerprint] = {}
    wanted: Sequence[str] = sorted(urls)
    for start in range(0, len(wanted), AT_ONCE):
        some = OfferPicture.objects.at(wanted[start : start + AT_ONCE]).exclude(perceptual_hash=None)
        for picture in some.only("url", "perceptual_hash", "blocks"):
            fingerprint = picture.fingerprint
            if fingerprint is not None:
                found[picture.url] = fingerprint
    return found
