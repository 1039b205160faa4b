"""The supervisor behind `manage.py up`: runs the whole product on one machine.

It imports neither Django nor asyncio: it is one of five processes that stay in memory while nothing happens, and the
first thing on the way to a ready editor. A poll loop over pipes, timers and signals is all it needs.
"""

from config.supervisor.product import main

__all__ = ["main"]
