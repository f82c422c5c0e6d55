"""The scheduler's second thread: it removes what is kept no longer, while the first one goes on handing out slots."""

import logging
import threading

from django.db import Error, close_old_connections, connection

from batches.retention import expire_batches
from catalog.imports import actions as imports
from dossiers.stock import take_stock
from exports import writing
from searches import retention
from suppliers import pictures

logger = logging.getLogger(__name__)

SECONDS_UNTIL_THE_FIRST = SECONDS_BETWEEN_STEPS = 1
# When nothing was left to do.
SECONDS_BETWEEN_ROUNDS = 60


def start(stopping: threading.Event) -> threading.Thread:
    """Begin; the thread ends with the step it has when `stopping` is set."""
    thread = threading.Thread(target=_keep_house, args=[stopping], name="housekeeping", daemon=True)
    thread.start()
    return thread


def _keep_house(stopping: threading.Event) -> None:
    pause = SECONDS_UNTIL_THE_FIRST
    while not stopping.wait(pause):
        close_old_connections()
        try:
            more = retention.step(expire_batches, imports.expire, pictures.expire, writing.expire, take_stock)
        except Error as error:
            # The next round may find it back.
            logger.warning("The database does not answer (%s)", type(error).__name__)
            more = False
        pause = SECONDS_BETWEEN_STEPS if more else SECONDS_BETWEEN_ROUNDS
    connection.close()
