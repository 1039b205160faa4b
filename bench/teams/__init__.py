"""Many people at once: in one flow, and in an installation that has been in use for long."""

from bench.row import Row
from bench.teams import back, coedit, frame, pages


async def measure() -> list[Row]:
    """Each part starts a product of its own: what one leaves behind must not weigh on the next."""
    return [*await coedit.measure(), *await frame.measure(), *await pages.measure(), *await back.measure()]
