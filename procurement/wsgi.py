"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from searches.imaging import start_reading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procurement.settings")

application = get_wsgi_application()

# Each process that serves pages loads this file itself, so what reads pictures is its own child and ends with it. It
# loads its libraries now, while nobody waits for it.
start_reading()
