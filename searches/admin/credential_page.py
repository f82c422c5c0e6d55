"""What the credentials' pages show beside the form and the list: state, use, tokens, and who shares the load."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from searches.admin import usage, usage_chart
from searches.admin.protocols import label_of
from searches.admin.state import State, of_trouble, state_of, token_notes, worked_since
from searches.credentials import last_trouble
from searches.formats import day_and_clock
from searches.marketplaces import Marketplace
from searches.models import Credential
from searches.outgoing import outgoing_address


@dataclass(frozen=True, slots=True)
class SharedLoad:
    """Credentials of one marketplace, and what they may do together."""

    protocol: str
    names: str
    per_minute: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the account of use. `part`: one of those that make up the figure above."""

    label: str
    value: str
    note: str = ""
    part: bool = False


def about(credential: Credential, protocol: Marketplace | None) -> dict[str, Any]:
    """The context of a credential's own page, beside its form."""
    used, state = usage.use_of(credential), state_of(credential)
    return {
        "protocol_label": label_of(credential),
        "state": state,
        "can_resume": credential.is_paused or credential.is_on_trial,
        "authorizes_at": protocol.source if protocol and protocol.authorizing else "",
        # Said once, and where it matters most.
        "token_notes": [note for note in token_notes(credential) if note.text != state.detail],
        "last_success": day_and_clock(credential.last_success_at) if credential.last_success_at else "–",
        "last_error": _last_error(credential, state),
        "figures": list(_figures(credential, used)),
        "days": [(f"{day.day:%Y-%m-%d}", day.calls, day.failed, day.cached) for day in reversed(used.days)],
        "chart": usage_chart.draw(used.days),
        "shared_load": [load for load in shared_load() if load.protocol == label_of(credential)],
    }


def _last_error(credential: Credential, state: State) -> str:
    trouble = last_trouble(credential)
    if trouble is None or credential.last_error_at is None:
        return "–"
    when, words = day_and_clock(credential.last_error_at), of_trouble(trouble)
    if words in state.detail:
        return f"{when} [{trouble.code}]"
    return (
        _("%(time)s (it worked since)") % {"time": when} + f": {words}"
        if worked_since(credential)
        else f"{when}: {words}"
    )


def _figures(credential: Credential, used: usage.Use) -> Iterator[Figure]:
    if used.minute is None:
        yield Figure(_("This minute"), _("unknown"), _("Valkey does not answer: no call is made"))
    else:
        of_minute = {"calls": f"{used.minute.in_window:,}", "most": f"{credential.calls_per_minute:,}"}
        yield Figure(_("This minute"), _("%(calls)s of %(most)s") % of_minute)
    yield Figure(_("Today, in China"), calls_today(used.today.calls, credential.calls_per_day))
    yield Figure(_("In 30 days"), f"{used.calls:,}")
    answers = used.calls + used.cached
    share = _("%(share)d %% of all answers") % {"share": round(100 * used.cached / answers)} if answers else ""
    yield Figure(_("From the cache"), f"{used.cached:,}", share)
    yield Figure(_("Failed"), f"{used.failed:,}")
    for kind, number in used.errors:
        yield Figure(kind, f"{number:,}", part=True)


def calls_today(calls: int, most: int | None) -> str:
    """`12 of 5,000`, or without a limit `12`."""
    return _("%(calls)s of %(most)s") % {"calls": f"{calls:,}", "most": f"{most:,}"} if most else f"{calls:,}"


def allow_list(protocol: Marketplace | None) -> dict[str, Any]:
    """What the form says of allow-lists: nothing for protocols that have none."""
    return {"allow_list": {"address": outgoing_address()} if protocol and protocol.allow_list else None}


def shared_load() -> list[SharedLoad]:
    """The marketplaces with several credentials switched on."""
    return list(_shared_load())


def _shared_load() -> Iterator[SharedLoad]:
    by_protocol: dict[str, list[Credential]] = defaultdict(list)
    for credential in Credential.objects.usable().order_by("name"):
        by_protocol[credential.marketplace].append(credential)
    for credentials in by_protocol.values():
        if len(credentials) > 1:
            yield SharedLoad(
                protocol=label_of(credentials[0]),
                names=", ".join(credential.name for credential in credentials),
                per_minute=sum(credential.calls_per_minute for credential in credentials),
            )


def origins(credential: Credential) -> list[str]:
    """Where its form may send the browser beside this portal: to the page where people are asked."""
    parts = urlsplit(credential.auth_url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme in ("http", "https") and parts.netloc else []
