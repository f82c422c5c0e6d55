"""A few offers beside each other: offers as columns, properties as rows, the best of each row marked.

Takes `OfferFields`, so that what a search found and what a list keeps are compared by the same words.
"""

from searches.sidebyside.board import Board, Column, Group, Row, board_of
from searches.sidebyside.candidates import Candidate, Subject
from searches.sidebyside.chosen import FEWEST, MOST, Chosen, chosen_from
from searches.sidebyside.groups import GROUPS, Properties
from searches.sidebyside.values import Best, Property, Value

__all__ = (
    "FEWEST",
    "GROUPS",
    "MOST",
    "Best",
    "Board",
    "Candidate",
    "Chosen",
    "Column",
    "Group",
    "Properties",
    "Property",
    "Row",
    "Subject",
    "Value",
    "board_of",
    "chosen_from",
)
