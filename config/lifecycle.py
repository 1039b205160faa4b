"""What runs in the web process besides answering: begun before it says it is ready, ended before it goes."""

import asyncio
import logging

from editor.process import live_side, stop_live_side

logger = logging.getLogger(__name__)
STOP_SECONDS = 0.8
"""The supervisor gives the whole process 1.2 s."""


async def start() -> None:
    """Begins the live side in the server's event loop: what was not pushed when we last stopped is pushed now."""
    live_side()


async def stop() -> None:
    """Ends the live side, bounded: whatever it could not finish stands in the database as dirty."""
    try:
        await asyncio.wait_for(stop_live_side(), STOP_SECONDS)
    except TimeoutError:
        logger.warning("the live side did not stop within %.1f s", STOP_SECONDS)
    except Exception:
        logger.exception("the live side failed while it stopped")
