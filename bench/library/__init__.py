"""The standard library and the author's path: a file for each row."""

from bench.library import exchange, http_client
from bench.row import Row


async def measure() -> list[Row]:
    """The rows of issue 9."""
    return [*await exchange.measure(), *await http_client.measure()]
