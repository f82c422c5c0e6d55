"""What a list is narrowed to: each a parameter of the address. What cannot be read there has no effect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from types import MappingProxyType

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from accounts.scope import id_of
from searches.addresses import changed
from searches.filters import words_of
from suppliers.models import DECIDED, ListEntry, Stage, Status, tags_in

LONGEST_WORDS, LONGEST_TAG_TEXT = 200, 60
SEARCHED = ("title", "supplier_name", "supplier_location", "note")
ME, NOBODY = "me", "nobody"
DAYS_SOON = 7
DUE = MappingProxyType(
    {
        "overdue": gettext_lazy("overdue"),
        "soon": gettext_lazy("within 7 days"),
        "later": gettext_lazy("later"),
        "none": gettext_lazy("without a day"),
    }
)
STAGES = MappingProxyType(
    {
        Stage.PROPOSED.value: pgettext_lazy("approval", "proposed"),
        Stage.APPROVED.value: pgettext_lazy("approval", "approved"),
        Stage.SENT_BACK.value: pgettext_lazy("approval", "sent back"),
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a filter's values: the address that asks for it, and how many entries it has (None: not counted)."""

    value: str
    label: str
    url: str
    is_on: bool
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What an address asks for. `who`: "me", "nobody", an id, or "" for everybody."""

    params: QueryDict
    words: str = ""
    statuses: Sequence[str] = ()
    who: str = ""
    tag: str = ""
    due: str = ""
    stage: str = ""
    today: date = field(default_factory=timezone.localdate)

    @property
    def is_active(self) -> bool:
        return bool(self.words or self.statuses or self.who or self.tag or self.due or self.stage)

    def condition(self, user: User, *, with_status: bool = True) -> Q:
        """`user`: who "me" is."""
        found = Q()
        for word in words_of(self.words):
            found &= reduce(lambda any_of, name: any_of | Q(**{f"{name}__icontains": word}), SEARCHED, Q())
        if with_status and self.statuses:
            found &= Q(status__in=self.statuses)
        if self.who:
            found &= Q(assignee=None) if self.who == NOBODY else Q(assignee=user if self.who == ME else int(self.who))
        if self.tag:
            found &= Q(tags__contains=f"\n{self.tag}\n")
        if self.stage:
            found &= Q(stage=self.stage)
        return found & self._due()

    def statuses_with(self, counts: dict[str, int]) -> list[Choice]:
        """Each status as a switch beside the others."""
        return [
            Choice(
                value=status.value,
                label=str(status.label),
                url=changed(self.params, status=self._toggled(status.value)),
                is_on=status.value in self.statuses,
                number=counts.get(status.value, 0),
            )
            for status in Status
        ]

    def chips(self, names: dict[str, str]) -> list[Chip]:
        """What is on beside the statuses, each with the address without it. `names`: of members, by id."""
        said = {
            "q": self.words,
            "who": self.who and {ME: _("mine"), NOBODY: _("nobody’s")}.get(self.who, names.get(self.who, self.who)),
            "tag": self.tag and f"#{self.tag}",
            "due": self.due and _("due: %(when)s") % {"when": DUE[self.due]},
            "stage": str(STAGES.get(self.stage, "")),
        }
        return [Chip(label, changed(self.params, **{name: None})) for name, label in said.items() if label]

    def _due(self) -> Q:
        soon = self.today + timedelta(days=DAYS_SOON)
        return {
            "overdue": Q(due_on__lt=self.today) & ~Q(status__in=DECIDED),
            "soon": Q(due_on__gte=self.today, due_on__lte=soon),
            "later": Q(due_on__gt=soon),
            "none": Q(due_on=None),
        }.get(self.due, Q())

    def _toggled(self, status: str) -> list[str]:
        rest = [other for other in self.statuses if other != status]
        return rest if status in self.statuses else [*rest, status]


def narrowing_of(params: QueryDict) -> Narrowing:
    who = params.get("who", "")
    return Narrowing(
        params=params,
        words=words_asked(params),
        statuses=[status.value for status in Status if status.value in params.getlist("status")],
        who=who if who in (ME, NOBODY) or id_of(who) else "",
        tag=" ".join(params.get("tag", "")[:LONGEST_TAG_TEXT].replace("\0", "").split()),
        due=params.get("due", "") if params.get("due", "") in DUE else "",
        stage=params.get("stage", "") if params.get("stage", "") in STAGES else "",
    )


def words_asked(params: QueryDict) -> str:
    """What is searched for, without what databases refuse: NUL, and more words than one condition may have."""
    return params.get("q", "")[:LONGEST_WORDS].replace("\0", "").strip()


def tags_of(columns: Iterable[str]) -> list[str]:
    """All tags of a list, each once, from the different values of its entries' columns."""
    return sorted({tag for text in columns for tag in tags_in(text)}, key=str.casefold)


def entries_with_tags(list_id: int) -> list[str]:
    """The tags that a list's entries have: one query."""
    columns = ListEntry.objects.filter(supplier_list=list_id).exclude(tags="").order_by()
    return tags_of(columns.values_list("tags", flat=True).distinct())
