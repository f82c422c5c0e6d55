"""Who is meant by an @ in a comment."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from accounts.models import Membership, User
from suppliers.models import SupplierList

# An @ within a word belongs to a mail address; Chinese goes on without a space.
_AT = re.compile(r"(?<![A-Za-z0-9_.])[@＠]")
# What is shown of a name that is nobody's.
_WORD = re.compile(r"[\w.+\-]{1,150}")
# More names than that in one comment are nobody in particular.
MOST_PEOPLE, MOST_STRANGERS = 50, 10


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Whom a text names: those who are told, members who do not see the list, and names that are nobody's here."""

    told: list[User]
    blind: list[User]
    strangers: list[str]


def mentioned_in(text: str, supplier_list: SupplierList) -> Mentioned:
    """A query for the members and one for each that is meant; none for a text without an @."""
    if not _AT.search(text):
        return Mentioned([], [], [])
    members = [member.user for member in _members(supplier_list)]
    names = _names_of(members)
    found = list(_found(text, names))
    people = list(dict.fromkeys(user for user, _word in found if user))[:MOST_PEOPLE]
    strangers = list(dict.fromkeys(word for user, word in found if user is None))[:MOST_STRANGERS]
    told = [user for user in people if _sees(user, supplier_list)]
    return Mentioned(
        told=told,
        blind=[user for user in people if user not in told],
        strangers=strangers,
    )


def _members(supplier_list: SupplierList) -> Iterable[Membership]:
    return Membership.objects.filter(team=supplier_list.team_id, user__is_active=True).select_related("user")


def _names_of(users: Iterable[User]) -> dict[str, User]:
    """User names, and full names, the longest first: `@anna.li` is not `@anna`."""
    names = {name.casefold(): user for user in users for name in (user.get_full_name(), user.username) if name}
    return dict(sorted(names.items(), key=lambda named: -len(named[0])))


def _found(text: str, names: Mapping[str, User]) -> Iterator[tuple[User | None, str]]:
    for at in _AT.finditer(text):
        rest = text[at.end() :]
        begin = rest[:200].casefold()
        name = next((name for name in names if begin.startswith(name) and _ends(begin[len(name) :])), None)
        word = _WORD.match(rest)
        if name:
            yield names[name], name
        elif word and (stripped := word[0].rstrip(".-+")):
            yield None, stripped


def _ends(rest: str) -> bool:
    """Whether a name ends here; Chinese goes on without a space."""
    return not (rest[:1].isascii() and (rest[:1].isalnum() or rest[:1] == "_"))


def _sees(user: User, supplier_list: SupplierList) -> bool:
    return SupplierList.objects.for_user(user).filter(pk=supplier_list.pk).exists()
