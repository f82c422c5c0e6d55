"""What tests of looks share: a host of pictures, and a search whose offers show them."""

from tests.searches.looks.hosting import found, host

__all__ = ("found", "host")
