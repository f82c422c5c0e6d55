"""What administrators see of searching: the credentials."""

from searches.admin.credentials import CredentialAdmin

__all__ = ["CredentialAdmin"]
