"""What an empty installation starts with: a team, its people and its catalogue, the sandbox's accounts, one search."""

import secrets

from django.conf import settings
from django.db import transaction

from accounts.models import Membership, Team, User
from procurement.demo_catalogue import make_catalogue
from searches.actions import keep_query_image, start_search
from searches.marketplaces import PROTOCOLS, Marketplace
from searches.models import Credential

ACCOUNTS_FILE = "demo-accounts.txt"
PHOTO = settings.BASE_DIR / "sandbox" / "catalogue" / "queries" / "mug-01.jpg"
SANDBOX_NAME = "1688 sandbox"
# The sandbox's own defaults (`manage.py sandbox --help`): test data, not secrets of anybody.
SANDBOX_APP_KEY, SANDBOX_SECRET, SANDBOX_TOKEN = "1000000", "test123", "token-123"
# What the demo searches. The others can be tried beside it: the sandbox speaks every protocol.
DEMO_MARKETPLACE = "image_search_md5"

PEOPLE = (
    ("buyer", "Li Mei", Membership.Role.BUYER, False),
    ("lead", "Wang Jun", Membership.Role.LEAD, False),
    ("viewer", "Chen Yu", Membership.Role.VIEWER, False),
    ("admin", "Zhao Lan", Membership.Role.VIEWER, True),
)


def make_on_empty_database(sandbox_url: str) -> None:
    """Make the demo unless somebody can sign in already."""
    if User.objects.exists():
        return
    passwords = {username: secrets.token_urlsafe(9) for username, *_ in PEOPLE}
    path = settings.VAR_DIR / ACCOUNTS_FILE
    path.touch(mode=0o600)
    path.write_text("".join(f"    {username:8}{password}\n" for username, password in passwords.items()))
    _make(sandbox_url, passwords)


def follow_sandbox(sandbox_url: str) -> None:
    """Point the demo's credentials at the sandbox that is about to start."""
    ours = Credential.objects.filter(name__regex=rf"^{SANDBOX_NAME}( \d+)?$")
    ours.update(base_url=sandbox_url)
    ours.exclude(auth_url="").update(auth_url=sandbox_url)


def sign_in_text() -> str:
    """How to sign in: the demo's accounts, where they are kept, or that there are others."""
    path = settings.VAR_DIR / ACCOUNTS_FILE
    if not path.exists():
        return "  Sign in with the accounts of this installation.\n"
    return f"  Sign in as (kept in {path}):\n{path.read_text()}"


@transaction.atomic
def _make(sandbox_url: str, passwords: dict[str, str]) -> None:
    team = Team.objects.create(name="Homeware")
    for username, name, role, is_administrator in PEOPLE:
        user = User(username=username, first_name=name)
        user.is_staff = user.is_superuser = is_administrator
        user.set_password(passwords[username])
        user.save()
        Membership.objects.create(team=team, user=user, role=role)
    others = (key for key in PROTOCOLS if key != DEMO_MARKETPLACE)
    for number, key in enumerate((DEMO_MARKETPLACE, *others), 1):
        name = SANDBOX_NAME if number == 1 else f"{SANDBOX_NAME} {number}"
        _credential(name, PROTOCOLS[key], sandbox_url).save()
    make_catalogue(team, User.objects.get(username="buyer"))
    _search_for_photo(team)


def _credential(name: str, marketplace: Marketplace, sandbox_url: str) -> Credential:
    """The sandbox's account, with just the keys that the protocol knows."""
    keys = {key.name for key in marketplace.keys}
    credential = Credential(
        name=name,
        marketplace=marketplace.key,
        base_url=sandbox_url,
        auth_url=sandbox_url if marketplace.authorizing else "",
        app_key=SANDBOX_APP_KEY if "app_key" in keys else "",
        calls_per_minute=marketplace.calls_per_minute,
    )
    credential.keep_secret(SANDBOX_SECRET if "secret" in keys else "")
    credential.keep_token(SANDBOX_TOKEN if "token" in keys else "")
    return credential


def _search_for_photo(team: Team) -> None:
    buyer = User.objects.get(username="buyer")
    image = keep_query_image(team=team, user=buyer, data=PHOTO.read_bytes(), name=PHOTO.name)
    # Valkey is not up yet: the scheduler rings once it is.
    start_search(
        user=buyer, team=team, images=[image], marketplaces=[DEMO_MARKETPLACE], title="Demo: glazed mug", ring=False
    )
