"""The standard library and the author's path: a file for each row."""

from bench.library import code, exchange, http_client, new_to_canvas
from bench.row import Row


async def measure() -> list[Row]:
    """The rows of issue 9."""
    return [
        *await code.measure(),
        *await exchange.measure(),
        *await http_client.measure(),
        *await new_to_canvas.measure(),
    ]
