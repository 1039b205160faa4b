"""The runtime: hops, requests, expressions, and how soon a flow of thousands of nodes runs. Peers in the same run."""

from bench import deploy, expressions, hops, http_flow, mappings
from bench.row import Row


async def measure() -> list[Row]:
    rows: list[Row] = []
    for part in (hops, http_flow, deploy, expressions, mappings):
        rows += await part.measure()
    return rows
