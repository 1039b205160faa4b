"""The runtime: hops, requests, and how soon a flow of thousands of nodes runs. Node-RED beside it in the same run."""

from bench import deploy, expressions, hops, http_flow
from bench.row import Row


async def measure() -> list[Row]:
    flows = await hops.measure() + await http_flow.measure() + await deploy.measure()
    return flows + await expressions.measure()
