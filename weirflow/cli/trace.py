"""`weirflow trace`."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weirflow.cli import complete
from weirflow.cli.command import command
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nodes import NODE_HELP
from weirflow.cli.out import Out
from weirflow.cli.where import KUBECONFIG_HELP

if TYPE_CHECKING:
    from weirflow.cli.accounts import Account
    from weirflow.cli.runs import Runs
    from weirflow.cli.server_runs import ServerRuns
    from weirflow.kube.http import HttpCluster

HELP = f"""Show recorded runs as trees: which messages went where, how long each took, and what failed.

With NODE the newest runs of its flow that came by there, with RUN that one (32 hex digits, as --json has them).
{NODE_HELP}

The module hosts are asked. Where some cannot be reached from here, or no cluster is named, the server is asked that
you have signed in to by `weirflow login`.

Which runs are recorded: docs/observability.md. Secrets are not in them.
"""
FOLLOW_SECONDS = 1.0
_RUN = re.compile(r"[0-9a-f]{32}")


@command("trace", help=HELP)
@click.argument("what", metavar="NODE|RUN", shell_complete=complete.nodes)
@click.option("--errors", is_flag=True, help="Only runs that failed.")
@click.option("--limit", type=click.IntRange(1, 100), default=5, help="How many runs (5).")
@click.option("--follow", is_flag=True, help="Show runs as they end, until Ctrl-C.")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
def trace(out: Out, what: str, errors: bool, limit: int, follow: bool, kubeconfig: Path | None) -> None:
    """Show them."""
    from weirflow.cli.cluster import in_cluster
    from weirflow.cli.where import find_cluster

    async def show(runs: Runs | ServerRuns, *, whole: bool = False) -> None:
        try:
            await _show(out, runs, what, errors=errors, limit=limit, follow=follow, whole=whole)
        finally:
            await runs.close()

    async def of_hosts(cluster: HttpCluster, *, whole: bool = False) -> None:
        from weirflow.cli.runs import Runs

        await show(Runs(cluster), whole=whole)

    account, where = _account(), None
    try:
        where = find_cluster(kubeconfig)
        return in_cluster(where, lambda cluster: of_hosts(cluster, whole=account is not None))
    except Failure as failure:
        elsewhere = ("no_host",) if kubeconfig is not None else ("no_host", "no_cluster", "unreachable")
        if account is None or failure.code not in elsewhere:
            raise
        why = failure
    out.note(f"{why.message.partition(';')[0].partition('. ')[0]}; asking {account.url}")
    from weirflow.cli.server import Server
    from weirflow.cli.server_runs import ServerRuns

    try:
        asyncio.run(show(ServerRuns(Server(account))))
    except Failure as failure:
        if why.code != "no_host" or where is None:
            raise
        # It may be the server of another cluster.
        out.note(f"{account.url} does not know either: {failure.message}")
        in_cluster(where, of_hosts)
    return None


async def _show(
    out: Out, runs: Runs | ServerRuns, what: str, *, errors: bool, limit: int, follow: bool, whole: bool
) -> None:
    """``whole``: where a host is silent nothing is shown, but a failure raised: somebody else can be asked."""
    from weirflow.cli.run_tree import drawn

    if _RUN.fullmatch(what):
        run = await runs.one(what)
        _missing(out, runs, whole)
        out.answer(run, drawn(run, await runs.titles()))
        return
    node = await runs.find(what)
    found = await runs.through(node, errors=errors, limit=limit)
    _missing(out, runs, whole)
    if follow:
        await _follow(out, runs, node, found, errors=errors)
    titles = await runs.titles()
    nothing = f"no recorded run came by {node.name} yet; --follow waits for one"
    document = {"node": node.name, "flow": node.flow, "runs": found, "silent": sorted(runs.silent)}
    out.answer(document, "\n\n".join(drawn(run, titles) for run in found) or nothing)


def _missing(out: Out, runs: Runs | ServerRuns, whole: bool) -> None:
    """Say what is not among the runs."""
    if not runs.silent:
        return
    reasons = "; ".join(runs.silent.values())
    if whole:
        raise Failure(f"not every host can be asked from here: {reasons}", code="no_host", exit=Exit.UNREACHABLE)
    out.note(f"what {', '.join(sorted(runs.silent))} did is missing: {reasons}")


async def _follow(out: Out, runs: Runs | ServerRuns, node: Any, found: list[dict[str, Any]], *, errors: bool) -> None:
    """For ever: the newest 1,000 that were shown are remembered."""
    from weirflow.cli.run_tree import drawn

    titles = await runs.titles()
    shown = {run["trace"]: None for run in found if run["state"] != "running"}
    since = min((run["at"] for run in found), default=int(time.time() * 1000))
    for run in reversed(found):
        out.line(run, drawn(run, titles))
    out.progress(f"waiting for runs that come by {node.name}")
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        for run in reversed(await runs.through(node, errors=errors, limit=20, since=since, but=shown)):
            if run["state"] != "running":
                shown[run["trace"]] = None
                out.line(run, "\n" + drawn(run, titles))
        for old in list(shown)[:-1000]:
            del shown[old]


def _account() -> Account | None:
    """The server that the person is signed in to, if any."""
    from weirflow.cli.accounts import find_account

    try:
        return find_account()
    except Failure:
        return None
