"""The pages of exports: their asker's and nobody else's, and nobody's once they may not see what a file is of."""

import pytest
from django.core.files.storage import default_storage

from exports import jobs, views, writing
from exports.models import Export
from tests.exports.making import ask, content, stored
from tests.searches.pages import text_of

pytestmark = pytest.mark.django_db


def test_nothing_yet_says_how_to_begin(alice, signed_in) -> None:
    page = text_of(signed_in(alice).get("/exports/"))
    assert "Nothing exported yet" in page
    assert "XLSX with pictures" in page


def test_it_waits_is_written_and_can_be_downloaded(export, alice, signed_in) -> None:
    client = signed_in(alice)
    waiting = client.get(f"/exports/{export.pk}/")
    assert "waits for a worker" in text_of(waiting)
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    Export.objects.update(state="writing", rows_done=1200, rows_all=4800)
    fragment = client.get(f"/exports/{export.pk}/", headers={"HX-Request": "true"})
    assert "1,200 of 4,800 written" in text_of(fragment)
    assert 'value="25"' in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    Export.objects.update(state="queued")
    jobs.write_export(export.pk)
    page = client.get(f"/exports/{export.pk}/").content.decode()
    assert "hx-trigger" not in page
    assert f'href="/exports/{export.pk}/file/"' in page
    assert 'href="/notes/7/"' in page
    answer = client.get(f"/exports/{export.pk}/file/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Spring.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.getvalue() == content(Export.objects.get())


def test_the_list_has_all_of_them_and_goes_on_asking_while_one_is_written(
    written, alice, team, signed_in, notes
) -> None:
    client = signed_in(alice)
    assert "hx-trigger" not in client.get("/exports/").content.decode()
    ask(alice, team, label="Autumn <b>")
    page = client.get("/exports/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert page.index("Autumn &lt;b&gt;") < page.index("Spring")
    assert "<html" not in client.get("/exports/", headers={"HX-Request": "true"}).content.decode()


def test_queries_do_not_grow_with_the_exports(
    written, notes, alice, team, signed_in, django_assert_max_num_queries
) -> None:
    for number in range(15):
        ask(alice, team, subject=number + 100)
    notes.asked = 0
    client = signed_in(alice)
    with django_assert_max_num_queries(8):
        client.get("/exports/")
    assert notes.asked == 1


@pytest.mark.parametrize("name", ["bob", "vera", "charlie", "loner"])
def test_nobody_else_has_it(name, written, request, signed_in) -> None:
    stranger = signed_in(request.getfixturevalue(name))
    for address in ("", "file/", "delete/"):
        assert stranger.get(f"/exports/{written.pk}/{address}").status_code == 404
    assert stranger.post(f"/exports/{written.pk}/delete/").status_code == 404
    assert "Spring" not in text_of(stranger.get("/exports/"))
    assert stored() == [written.file_name]


def test_nobody_anonymous_gets_anywhere(written, signed_in) -> None:
    for address in ("", f"{written.pk}/", f"{written.pk}/file/", f"{written.pk}/delete/"):
        assert signed_in(None).get(f"/exports/{address}").url.startswith("/accounts/sign-in/")


def test_who_left_the_team_has_it_no_longer(written, alice, signed_in) -> None:
    client = signed_in(alice)
    alice.memberships.all().delete()
    assert client.get(f"/exports/{written.pk}/file/").status_code == 404
    assert "Spring" not in text_of(client.get("/exports/"))


def test_what_it_is_of_is_asked_again_when_it_is_downloaded(written, notes, alice, signed_in) -> None:
    notes.visible = False
    client = signed_in(alice)
    assert client.get(f"/exports/{written.pk}/file/").status_code == 404
    page = client.get(f"/exports/{written.pk}/")
    assert "not shown to you any more" in text_of(page)
    assert "/file/" not in page.content.decode()
    assert "/notes/7/" not in page.content.decode()


def test_a_file_that_the_storage_lost_is_not_found(written, alice, signed_in) -> None:
    default_storage.delete(written.file_name)
    assert signed_in(alice).get(f"/exports/{written.pk}/file/").status_code == 404


def test_deleting_says_what_goes_first(written, alice, signed_in, django_capture_on_commit_callbacks) -> None:
    client = signed_in(alice)
    assert "What it is of stays" in text_of(client.get(f"/exports/{written.pk}/delete/"))
    assert stored() == [written.file_name]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/exports/{written.pk}/delete/", follow=True)
    assert "is gone" in text_of(answer)
    assert (stored(), Export.objects.count()) == ([], 0)


def test_why_it_failed_is_told(export, alice, signed_in, notes) -> None:
    Export.objects.update(state="failed", error_message=writing.STORAGE)
    assert "ask an administrator" in text_of(signed_in(alice).get("/exports/"))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a/b: c?", 'filename="a-b- c-.csv"'),
        ("春季 新品", "filename*=utf-8''%E6%98%A5"),
        ("...", 'filename="export.csv"'),
        ("😀 \u202egpj.exe", "-gpj.exe.csv"),
    ],
)
def test_the_file_is_called_as_it_was_asked_for(title, name, written, alice, signed_in) -> None:
    Export.objects.update(label=title)
    answer = signed_in(alice).get(f"/exports/{written.pk}/file/")
    assert name in answer.headers["Content-Disposition"]
    assert answer.getvalue()


@pytest.mark.parametrize("page", ["x", "0", "-1", "99999999999999999999"])
def test_pages_that_are_not_there_are_another(page, written, alice, signed_in) -> None:
    assert signed_in(alice).get("/exports/", {"page": page}).status_code == 200


def test_every_kind_has_a_type() -> None:
    assert set(views.TYPES) == set(Export.Kind)
