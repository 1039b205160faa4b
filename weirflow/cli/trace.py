"""`weirflow trace`."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weirflow.cli.command import command
from weirflow.cli.nodes import NODE_HELP
from weirflow.cli.out import Out
from weirflow.cli.where import KUBECONFIG_HELP

if TYPE_CHECKING:
    from weirflow.cli.runs import Runs
    from weirflow.kube.client import ClusterClient

HELP = f"""Show recorded runs as trees: which messages went where, how long each took, and what failed.

With NODE the newest runs of its flow that came by there, with RUN that one (32 hex digits, as --json has them).
{NODE_HELP}

Which runs are recorded: docs/observability.md. Secrets are not in them.
"""
FOLLOW_SECONDS = 1.0
_RUN = re.compile(r"[0-9a-f]{32}")


@command("trace", help=HELP)
@click.argument("what", metavar="NODE|RUN")
@click.option("--errors", is_flag=True, help="Only runs that failed.")
@click.option("--limit", type=click.IntRange(1, 100), default=5, help="How many runs (5).")
@click.option("--follow", is_flag=True, help="Show runs as they end, until Ctrl-C.")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
def trace(out: Out, what: str, errors: bool, limit: int, follow: bool, kubeconfig: Path | None) -> None:
    """Show them."""
    from weirflow.cli.cluster import in_cluster
    from weirflow.cli.where import find_cluster

    async def work(cluster: ClusterClient) -> None:
        from weirflow.cli.runs import Runs

        runs = Runs(cluster)
        if _RUN.fullmatch(what):
            run = await runs.one(what)
            out.answer(run, await runs.tree(run))
            return
        node = await runs.find(what)
        found = await runs.through(node, errors=errors, limit=limit)
        if follow:
            await _follow(out, runs, node, found, errors=errors)
        texts = [await runs.tree(run) for run in found]
        nothing = f"no recorded run came by {node.name} yet; --follow waits for one"
        out.answer({"node": node.name, "flow": node.flow, "runs": found}, "\n\n".join(texts) or nothing)

    in_cluster(find_cluster(kubeconfig), work)


async def _follow(out: Out, runs: Runs, node: Any, found: list[dict[str, Any]], *, errors: bool) -> None:
    """For ever: the newest 1,000 that were shown are remembered."""
    shown = {run["trace"]: None for run in found if run["state"] != "running"}
    since = min((run["at"] for run in found), default=int(time.time() * 1000))
    for run in reversed(found):
        out.line(run, await runs.tree(run))
    out.progress(f"waiting for runs that come by {node.name}")
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        for run in reversed(await runs.through(node, errors=errors, limit=20, since=since, but=shown)):
            if run["state"] != "running":
                shown[run["trace"]] = None
                out.line(run, "\n" + await runs.tree(run))
        for old in list(shown)[:-1000]:
            del shown[old]
