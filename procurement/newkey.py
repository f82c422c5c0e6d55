"""`python -m procurement.newkey` prints a key for CREDENTIAL_KEYS; it needs no settings, since those ask for one."""

import sys

from cryptography.fernet import Fernet

if __name__ == "__main__":
    sys.stdout.write(Fernet.generate_key().decode() + "\n")
