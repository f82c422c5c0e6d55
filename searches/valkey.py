"""The connection to Valkey, which rooms below searches have, too."""

from accounts.valkey import connection

__all__ = ["connection"]
