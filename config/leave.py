"""Ending a process whose work is done and stored."""

import logging
import os
import sys
from typing import NoReturn

from django.db import connections


def leave(exit_code: int) -> NoReturn:
    """Ends the process without taking the interpreter apart, which may cost a second: more than it is given."""
    connections.close_all()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)
