"""`manage.py imagesearch PHOTO PHOTO …`: sides of one item."""

import csv

import pytest

from searches.models import SearchJob

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(tmp_path, sandbox) -> list:
    """Three files: two products, and the first of them again under another name."""
    paths = [tmp_path / name for name in ("blue plate.jpg", "other side.jpg", "copy.jpg")]
    for path, product in zip(paths, ("plate-01", "ring-01", "plate-01"), strict=True):
        path.write_bytes(sandbox.query(product))
    return paths


def test_several_photos_are_one_search(run, sides) -> None:
    ended = run(*sides, "--json", "--limit", "5")
    assert ended.status == 0
    job = SearchJob.objects.get()
    assert [image.name for image in job.photos] == ["blue plate.jpg", "other side.jpg"]
    assert job.title == "blue plate"
    found = ended.result["matches"]
    assert {match["photos_of"] for match in found} == {2}
    best = list(job.matches.order_by("-fused", "price", "rank", "pk").values_list("offer_id", flat=True)[:5])
    assert [match["offer_id"] for match in found] == best
    assert found[0]["photos"] == 2


def test_only_what_all_photos_found(run, sides, tmp_path) -> None:
    path = tmp_path / "offers.csv"
    assert run(*sides[:2], "--min-photos", "2", "--limit", "500", "--csv", path).status == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["photos_of"]]
    assert rows
    assert {(row["photos"], row["photos_of"]) for row in rows} == {("2", "2")}
    assert len(rows) == SearchJob.objects.get().matches.filter(photos_count=2).count()


def test_a_refused_photo_leaves_the_rest_standing(run, sides, sandbox) -> None:
    sides[1].write_bytes(b"words")
    ended = run(*sides[:2], "--json")
    assert ended.status == 3
    assert "other side.jpg: The file is not a picture we can read." in ended.err
    assert "[unsupported]" in ended.err
    assert (ended.result["status"], ended.result["total"]) == ("done", 50)
    assert len(sandbox.calls()) == 1


def test_without_a_single_good_photo_there_is_no_search(run, sides) -> None:
    for path in sides:
        path.write_bytes(b"words")
    ended = run(*sides)
    assert ended.status == 3
    assert ended.err.count("[unsupported]") == 3
    assert not SearchJob.objects.exists()


def test_a_failed_call_names_its_photo(run, sides, sandbox) -> None:
    sandbox.fault("110", times=1)
    ended = run(*sides[:2], "--json")
    assert ended.status == 4
    assert "1688 (MD5 gateway), photo 1:" in ended.err
    assert (ended.result["status"], ended.result["total"]) == ("partial", 50)


@pytest.mark.parametrize(
    ("photos", "options", "said"),
    [
        (["a.jpg"] * 9, [], "up to 8 photos of one item: these are 9"),
        (["-", "-"], [], "Standard input can be one photo only."),
        (["a.jpg", "b.jpg"], ["--min-photos", "3"], "--min-photos must be from 1 to 2."),
        (["a.jpg"], ["--min-photos", "0"], "--min-photos must be from 1 to 1."),
    ],
)
def test_wrong_use_is_told_before_anything_is_read(photos, options, said, run) -> None:
    ended = run(*photos, *options)
    assert ended.status == 2
    assert said in ended.err
    assert not SearchJob.objects.exists()
