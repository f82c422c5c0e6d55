"""What `nearest` finds, and what it must not find, whichever way it looks."""

import numpy as np
import pytest
from django.utils import timezone

from catalog.models import Item, ItemPicture
from catalog.vectors import Near, keep, nearest
from searches.visual import DIMENSIONS
from tests.catalog.vectors.rows import add_items, turned, vectors

pytestmark = pytest.mark.usefixtures("each_way")


def test_the_nearest_come_first_with_their_cosines(team):
    far, near, equal = add_items(team, 3)
    keep({far.pk: turned(0.5), near.pk: turned(0.1), equal.pk: turned()})
    assert nearest([team.pk], turned()) == [
        Near(equal.item_id, equal.pk, 1.0),
        Near(near.item_id, near.pk, pytest.approx(0.9, abs=1e-5)),
        Near(far.item_id, far.pk, pytest.approx(0.5, abs=1e-5)),
    ]


def test_an_item_comes_once_by_its_best_picture(team):
    pictures = add_items(team, 2, pictures=3)
    keep({picture.pk: turned(away) for picture, away in zip(pictures, (0.3, 0.1, 0.2, 0.4, 0.6, 0.5), strict=True)})
    assert [near.picture for near in nearest([team.pk], turned())] == [pictures[1].pk, pictures[3].pk]
    assert [near.picture for near in nearest([team.pk], turned(), limit=1)] == [pictures[1].pk]


def test_equal_ones_come_by_id(team):
    pictures = add_items(team, 30)
    keep({picture.pk: turned(0.2) for picture in reversed(pictures)})
    assert [near.item for near in nearest([team.pk], turned(), limit=30)] == [p.item_id for p in pictures]


def test_other_teams_are_not_looked_at(team, charlies_team):
    ours, theirs = add_items(team, 2), add_items(charlies_team, 200)
    keep({picture.pk: turned() for picture in theirs} | {picture.pk: turned(0.9) for picture in ours})
    assert [near.picture for near in nearest([team.pk], turned(), limit=50)] == [picture.pk for picture in ours]
    both = nearest([team.pk, charlies_team.pk], turned(), limit=500)
    assert [near.picture for near in both] == [picture.pk for picture in (*theirs, *ours)]
    assert nearest([], turned()) == []


def test_archiving_and_deleting_need_no_call(team):
    archived, deleted, without, left = add_items(team, 4)
    keep({picture.pk: turned() for picture in (archived, deleted, without, left)})
    assert len(nearest([team.pk], turned())) == 4
    Item.objects.filter(pk=archived.item_id).update(archived_at=timezone.now())
    Item.objects.filter(pk=deleted.item_id).delete()
    without.delete()
    assert [near.picture for near in nearest([team.pk], turned())] == [left.pk]
    Item.objects.filter(pk=archived.item_id).update(archived_at=None)
    assert [near.picture for near in nearest([team.pk], turned())] == [archived.pk, left.pk]


def test_what_was_kept_anew_is_found_by_its_new_vector(team):
    first, second = add_items(team, 2)
    keep({first.pk: turned(), second.pk: turned(0.3)})
    nearest([team.pk], turned())
    keep({first.pk: turned(0.6)})
    assert [(near.picture, near.cosine) for near in nearest([team.pk], turned())] == [
        (second.pk, pytest.approx(0.7, abs=1e-5)),
        (first.pk, pytest.approx(0.4, abs=1e-5)),
    ]


def test_vectors_of_another_version_are_not_found(team):
    old, current = add_items(team, 2)
    keep({old.pk: turned(), current.pk: turned()})
    ItemPicture.objects.filter(pk=old.pk).update(vector_version="before")
    assert [near.picture for near in nearest([team.pk], turned())] == [current.pk]


def test_keeping_takes_trouble_and_lease_away_and_leaves_out_the_deleted(team):
    picture, deleted = add_items(team, 2)
    ItemPicture.objects.filter(pk=picture.pk).update(trouble="model", lease_until=timezone.now())
    ids = picture.pk, deleted.pk
    deleted.delete()
    assert keep(dict.fromkeys(ids, turned())) == 1
    picture.refresh_from_db()
    assert (picture.trouble, picture.lease_until) == ("", None)
    assert np.array_equal(np.frombuffer(picture.vector, "<f4"), turned())
    assert keep({}) == 0


def test_a_vector_of_another_shape_is_refused(team):
    (picture,) = add_items(team, 1)
    with pytest.raises(ValueError, match=str(DIMENSIONS)):
        keep({picture.pk: np.ones(3, np.float32)})
    with pytest.raises(ValueError, match=str(DIMENSIONS)):
        nearest([team.pk], np.ones((1, DIMENSIONS), np.float32))


def test_many_are_found_as_a_plain_product_finds_them(team):
    pictures = add_items(team, 300)
    table = vectors(300)
    keep({picture.pk: vector for picture, vector in zip(pictures, table, strict=True)})
    for query in vectors(5, seed=2):
        best = np.argsort(-(table @ query))[:20]
        assert [near.picture for near in nearest([team.pk], query, limit=20)] == [pictures[i].pk for i in best]
