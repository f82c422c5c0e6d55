"""Why an offer's picture was not compared, in the words of the comparison's cells."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# Beside the codes of `FetchRefused` and of `ImageRejected`.
NO_PICTURE, NOT_LISTED = "none", "host"

WORDS: Mapping[str, str] = MappingProxyType(
    {
        NO_PICTURE: gettext_noop("The marketplace shows no picture of it."),
        NOT_LISTED: gettext_noop("Its picture is on a host that is not the marketplace’s, and was not fetched."),
        "address": gettext_noop("The address of its picture cannot be read."),
        "not-public": gettext_noop("Its picture is not on the public internet."),
        "unreachable": gettext_noop("The host of its picture could not be reached."),
        "too-slow": gettext_noop("Its picture took too long to load."),
        "refused": gettext_noop("The host did not hand out its picture."),
        "redirects": gettext_noop("The address of its picture leads on too many times."),
        "too-large": gettext_noop("Its picture is too large to be fetched."),
        "empty": gettext_noop("Its picture is an empty file."),
        "too-many-pixels": gettext_noop("Its picture has too many pixels to be read."),
        "too-costly": gettext_noop("Reading its picture takes too much time or memory."),
        "unsupported": gettext_noop("What its address leads to is no picture."),
        "svg": gettext_noop("Its picture is a drawing without pixels."),
        "truncated": gettext_noop("Its picture stops before its end."),
        "damaged": gettext_noop("Its picture is damaged."),
    }
)


def words_of(reason: str) -> str:
    """ "" for an offer that was compared, or waits for it."""
    if not reason:
        return ""
    why = _(WORDS[reason]) if reason in WORDS else _("Its picture cannot be had.")
    return _("Not compared: %(why)s") % {"why": why}
