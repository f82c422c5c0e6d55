"""Pictures in a bucket: moto's S3 server on loopback, and the product's own doors before it."""

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image

from searches import prepared
from searches.actions import delete_search, keep_query_image
from searches.bucket import BucketFailed
from searches.imaging import BASIC, ImageRejected
from searches.models import QueryImage, SearchJob
from searches.storages import walk
from tests.searches.conftest import work
from tests.searches.kept import keep_house
from tests.searches.pages import photo

pytestmark = pytest.mark.django_db
SECRET = "bucket-secret-that-nobody-may-read"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Its address. No other server of this process may listen at it, so it finds its port by itself."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        running.stop()


def options(server: str, **changes: object) -> dict[str, object]:
    given = {"bucket_name": f"photos-{uuid.uuid4().hex}", "endpoint_url": server, "region_name": "eu-central-1"}
    return given | {"access_key": "portal", "secret_key": SECRET, "addressing_style": "auto"} | changes


def use(settings: object, **given: object) -> None:
    backend = {"BACKEND": "searches.bucket.BucketStorage", "OPTIONS": given}
    settings.STORAGES = settings.STORAGES | {"default": backend}


@pytest.fixture
def bucket(settings: object, server: str, media_folder) -> Iterator[None]:
    """An empty one, instead of the folder, which has to stay untouched."""
    use(settings, **options(server))
    default_storage.connection.create_bucket(
        Bucket=default_storage.bucket_name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    yield
    assert not media_folder.exists()


@pytest.fixture
def image(bucket, team, alice) -> QueryImage:
    return keep_query_image(team=team, user=alice, data=photo(), name="mug.png")


def names(beginning: str = "") -> list[str]:
    return [file.name for file in walk(beginning)]


def test_an_upload_is_kept_and_prepared(image, team) -> None:
    original, (derived,) = f"queries/{team.pk}/{image.sha256[:2]}/{image.sha256}.png", names("derived/")
    assert names("queries/") == [image.file.name] == [original]
    assert derived.startswith(f"derived/{image.sha256[:2]}/{image.sha256}-basic-")
    with default_storage.open(original) as file:
        assert file.read() == photo()


def test_the_same_photo_again_is_one_file(image, team, bob) -> None:
    assert keep_query_image(team=team, user=bob, data=photo(), name="again.png") == image
    assert names("queries/") == [image.file.name]


def test_a_refused_picture_leaves_nothing(bucket, team, alice) -> None:
    with pytest.raises(ImageRejected):
        keep_query_image(team=team, user=alice, data=photo()[:-200], name="mug.png")
    assert names() == []


def test_pictures_come_through_our_own_views(image, alice, charlie, signed_in) -> None:
    address = f"/searches/pictures/{image.pk}/"
    response = signed_in(alice).get(address)
    assert response.getvalue() == photo()
    assert response["Content-Type"] == "image/png"
    thumb = signed_in(alice).get(f"{address}thumb/")
    assert max(Image.open(io.BytesIO(thumb.content)).size) <= 256
    assert not any("X-Amz" in value for answer in (response, thumb) for value in answer.headers.values())
    for path in (address, f"{address}thumb/"):
        assert signed_in(charlie).get(path).status_code == 404


def test_no_address_leads_past_the_views(image) -> None:
    with pytest.raises(ValueError, match="own views"):
        _ = image.file.url


def test_a_search_runs_through_the_pipeline(bucket, start, sandbox) -> None:
    job = work(start())
    assert job.status == SearchJob.Status.DONE
    assert job.matches.count() == 50
    assert len(names("derived/")) == 1


def test_what_was_prepared_is_not_prepared_again(image) -> None:
    first = prepared.jpeg_of(image, BASIC)
    default_storage.delete(image.file.name)
    assert prepared.jpeg_of(QueryImage.objects.get(), BASIC) == first


def test_a_stump_is_made_anew_under_its_own_name(image) -> None:
    whole, (name,) = prepared.jpeg_of(image, BASIC), names("derived/")
    default_storage.delete(name)
    default_storage.save(name, ContentFile(whole[:500]))
    assert prepared.jpeg_of(image, BASIC) == whole
    assert names("derived/") == [name]


def test_of_two_that_prepare_at_once_one_file_stays(image, monkeypatch) -> None:
    (name,) = names("derived/")
    monkeypatch.setattr(prepared, "kept", lambda name: None)
    assert prepared.jpeg_of(image, BASIC)
    assert names("derived/") == [name]


def test_a_photo_that_is_gone_is_not_found(image, alice, signed_in) -> None:
    for name in names():
        default_storage.delete(name)
    default_storage.delete(image.file.name)  # a second time is no error
    for path in ("", "thumb/"):
        assert signed_in(alice).get(f"/searches/pictures/{image.pk}/{path}").status_code == 404


def test_files_are_walked_in_order_from_any_name_on(bucket) -> None:
    for name in ("a/2/x.jpg", "a/10/x.jpg", "a/1/y.jpg", "a/1/x.jpg", "b/1/x.jpg"):
        default_storage.save(name, ContentFile(b"x"))
    assert names("a/") == ["a/1/x.jpg", "a/1/y.jpg", "a/10/x.jpg", "a/2/x.jpg"]
    assert [file.name for file in walk("a/", after="a/1/x.jpg")] == ["a/1/y.jpg", "a/10/x.jpg", "a/2/x.jpg"]
    assert names("a/1/y") == ["a/1/y.jpg"]
    assert names("c/") == []


@pytest.mark.parametrize("changes", [{"bucket_name": "nobodys"}, {"endpoint_url": "http://127.0.0.1:9"}])
def test_a_bucket_that_fails_does_so_as_a_disk_would_and_tells_no_key(settings, server, changes) -> None:
    use(settings, **options(server, **changes))
    for action in (
        lambda: default_storage.save("x.jpg", ContentFile(b"x")),
        lambda: list(walk("queries/")),
        lambda: default_storage.open("x.jpg").read(),
    ):
        with pytest.raises((BucketFailed, FileNotFoundError)) as caught:
            action()
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_deleted_search_takes_its_files_along(bucket, start, django_capture_on_commit_callbacks) -> None:
    job = work(start())
    assert len(names()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        delete_search(job=job)
    keep_house()
    assert names() == []


def test_photos_expire_and_orphans_are_found(image, monkeypatch, django_capture_on_commit_callbacks) -> None:
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: later)
    orphan = default_storage.save(f"queries/7/ab/{'ab' * 32}.png", ContentFile(b"upload"))
    with django_capture_on_commit_callbacks(execute=True):
        keep_house()
    keep_house()
    assert names() == [orphan]
    call_command("removeorphans", stdout=io.StringIO())
    assert names() == []
