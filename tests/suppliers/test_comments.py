"""Comments, and the people whom they name."""

import pytest
from django.core import mail

from accounts.models import Membership
from accounts.sharing import Audience
from suppliers.actions import comment
from suppliers.mentions import mentioned_in
from suppliers.models import Comment, Mention
from tests.factories import MembershipFactory, UserFactory
from tests.searches.pages import text_of


@pytest.fixture
def anna(team):
    user = UserFactory(username="anna.li", first_name="安娜", last_name="")
    return MembershipFactory(user=user, team=team, role=Membership.Role.BUYER).user


def address(entry) -> str:
    return f"/lists/{entry.supplier_list_id}/entries/{entry.pk}/"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@bob look", ["bob"]),
        ("@BOB, @alice: look", ["bob", "alice"]),
        ("@bob请看", ["bob"]),
        ("＠bob", ["bob"]),
        ("请@安娜看一下", ["anna.li"]),
        ("ask @anna.li.", ["anna.li"]),
        ("@bobby", []),
        ("write to someone@bob", []),
        ("@@bob", ["bob"]),
        ("@bob @bob", ["bob"]),
        ("no mention", []),
        ("@", []),
    ],
)
def test_who_is_meant(text, told, alice, bob, anna, spring):
    assert [user.username for user in mentioned_in(text, spring).told] == told


def test_a_stranger_stays_text_and_the_writer_is_told(alice, charlie, loner, entry, signed_in):
    client = signed_in(alice)
    client.post(f"{address(entry)}comments/", {"text": "ask @charlie and @nobody-at-all, or mail x@example.com"})
    page = client.get(address(entry))
    assert "Nobody in the team is called @charlie, @nobody-at-all" in text_of(page)
    assert "@charlie and @nobody-at-all" in text_of(page)
    assert not Mention.objects.exists()


def test_whoever_does_not_see_the_list_is_not_told(alice, bob, spring, entry, signed_in):
    spring.audience = Audience.PRIVATE
    spring.save()
    client = signed_in(alice)
    client.post(f"{address(entry)}comments/", {"text": "@bob look"})
    assert "bob cannot see this list, and was not told" in text_of(client.get(address(entry)))
    assert not Mention.objects.exists()


def test_mentions_wait_on_the_lists_page_until_they_are_read(alice, bob, entry, signed_in):
    signed_in(alice).post(f"{address(entry)}comments/", {"text": "@bob <b>look</b>"})
    client = signed_in(bob)
    page = client.get("/lists/")
    said = text_of(page)
    assert "1 unread" in said
    assert "@bob <b>look</b>" in said
    assert "<b>look" not in page.content.decode()
    comment_id = Comment.objects.get().pk
    assert f"{address(entry)}#comment-{comment_id}" in page.content.decode()
    client.head(address(entry))
    assert Mention.objects.get().read_at is None
    client.get(address(entry))
    assert "unread" not in text_of(client.get("/lists/"))
    assert mail.outbox == []


def test_reading_everything_at_once_reads_ones_own(alice, bob, anna, entry, signed_in):
    comment(user=alice, entry=entry, text="@bob @anna.li")
    signed_in(bob).post("/lists/read/")
    assert Mention.objects.get(user=bob).read_at is not None
    assert Mention.objects.get(user=anna).read_at is None


def test_mentions_of_a_list_that_one_no_longer_sees_are_gone(alice, bob, spring, entry, signed_in):
    comment(user=alice, entry=entry, text="@bob secret")
    spring.audience = Audience.PRIVATE
    spring.save()
    assert "secret" not in signed_in(bob).get("/lists/").content.decode()


def test_oneself_is_not_told(alice, entry):
    comment(user=alice, entry=entry, text="@alice note to myself")
    assert not Mention.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_what_is_no_comment(alice, entry, text, signed_in):
    answer = signed_in(alice).post(f"{address(entry)}comments/", {"text": text})
    assert answer.status_code == 422
    assert 'id="id_text_error"' in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_very_long_run_of_mentions_is_bounded(alice, bob, entry, signed_in):
    client = signed_in(alice)
    client.post(f"{address(entry)}comments/", {"text": " ".join(f"@nobody{number}" for number in range(350))})
    assert text_of(client.get("/lists/")).count("@nobody") == 10


def test_viewers_write_nothing(vera, entry, signed_in):
    assert signed_in(vera).post(f"{address(entry)}comments/", {"text": "hello"}).status_code == 403
    assert not Comment.objects.exists()
