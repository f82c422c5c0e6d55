"""Why a change of a saved thing is not made. Each says what happened, what was kept, and what to do next."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from saved.models import Named
from saved.names import framed
from searches.formats import clock


class Refused(ValidationError):
    """Nothing was written. `current`: the row as it is now."""

    def __init__(self, message: str, *, code: str, current: Named) -> None:
        super().__init__(message, code=code)
        self.current = current


class Locked(Refused):
    def __init__(self, current: Named) -> None:
        text = _("“%(name)s” is locked, and stays as it is. Save your changes as your own copy, or have it unlocked.")
        super().__init__(text % {"name": framed(current.name)}, code="locked", current=current)


class Outdated(Refused):
    """Somebody saved another version in between."""

    def __init__(self, current: Named) -> None:
        who = str(current.changed_by) if current.changed_by else _("somebody who left")
        text = _(
            "%(who)s changed “%(name)s” at %(time)s, after you had opened it. "
            "Theirs is kept, and yours is not saved over it."
        )
        said = text % {"who": framed(who), "name": framed(current.name), "time": clock(current.changed_at)}
        super().__init__(said, code="outdated", current=current)
