"""The prices and places of a search's filtered offers as pictures, each with its numbers in a table beside it."""

from searches.pictured.ofsearch import Pictured, pictured_of

__all__ = ("Pictured", "pictured_of")
