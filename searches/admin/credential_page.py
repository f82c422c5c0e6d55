"""What the credentials' pages show beside the form and the list: state, use, tokens, and who shares the load."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from searches.admin import usage, usage_chart
from searches.admin.protocols import label_of
from searches.admin.state import in_words, state_of, token_notes, worked_since
from searches.credentials import last_trouble
from searches.marketplaces import Marketplace
from searches.models import Credential
from searches.outgoing import outgoing_address


@dataclass(frozen=True, slots=True)
class SharedLoad:
    """Credentials of one marketplace, and what they may do together."""

    protocol: str
    names: str
    per_minute: int


def about(credential: Credential, protocol: Marketplace | None) -> dict[str, Any]:
    """The context of a credential's own page, beside its form."""
    trouble = last_trouble(credential)
    used = usage.use_of(credential)
    return {
        "protocol": protocol,
        "protocol_label": label_of(credential),
        "state": state_of(credential),
        "can_resume": credential.is_paused or credential.is_on_trial,
        "token_notes": token_notes(credential),
        "used": used,
        "days": [(day, usage_chart.label(day)) for day in reversed(used.days)],
        "chart": usage_chart.draw(used.days),
        "trouble": in_words(trouble) if trouble else "",
        "worked_since": worked_since(credential),
        "shared_load": [load for load in shared_load() if load.protocol == label_of(credential)],
    }


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
