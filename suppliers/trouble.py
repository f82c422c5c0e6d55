"""Why something was not done to an entry, for those who asked for it."""

from suppliers.models import ListEntry, SupplierList


class ChangedMeanwhile(Exception):
    """Somebody changed the entry since it was shown. `entry` is as it is now; nothing was overwritten."""

    def __init__(self, entry: ListEntry) -> None:
        super().__init__(f"entry {entry.pk} is at version {entry.version}")
        self.entry = entry


class Held(Exception):
    """What is proposed or approved changes only together with its withdrawal. `entry` is as it is."""

    def __init__(self, entry: ListEntry) -> None:
        super().__init__(f"entry {entry.pk} is {entry.stage}")
        self.entry = entry


class ListHeld(Exception):
    """A list with approved choices is not deleted."""

    def __init__(self, supplier_list: SupplierList, approved: int) -> None:
        super().__init__(f"list {supplier_list.pk} has {approved} approved choices")
        self.approved = approved
