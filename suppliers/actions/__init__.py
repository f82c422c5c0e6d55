"""What people do with supplier lists: one verb, one transaction each."""

from suppliers.actions.approving import decide, decide_all, figures_of, propose, propose_all, withdraw
from suppliers.actions.changing import Changes, Outcome, change_entries, change_entry, is_lead, remove_entry
from suppliers.actions.lists import create_list, delete_list, rename_list, set_questions
from suppliers.actions.saving import SNAPSHOT, Saved, refresh_entry, save_matches
from suppliers.actions.talking import MOST_FILES, attach, comment, mark_read, remove_attachment

__all__ = [
    "MOST_FILES",
    "SNAPSHOT",
    "Changes",
    "Outcome",
    "Saved",
    "attach",
    "change_entries",
    "change_entry",
    "comment",
    "create_list",
    "decide",
    "decide_all",
    "delete_list",
    "figures_of",
    "is_lead",
    "mark_read",
    "propose",
    "propose_all",
    "refresh_entry",
    "remove_attachment",
    "remove_entry",
    "rename_list",
    "save_matches",
    "set_questions",
    "withdraw",
]
