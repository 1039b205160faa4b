"""`weirflow signal`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weirflow.cli import complete
from weirflow.cli.command import command
from weirflow.cli.nodes import NODE_HELP
from weirflow.cli.out import Out
from weirflow.cli.values import DATA_HELP
from weirflow.cli.where import KUBECONFIG_HELP

if TYPE_CHECKING:
    from weirflow.kube.client import ClusterClient

HELP = f"""Send one message to a port of a node, and wait until it is handled.

{NODE_HELP}

PORT is an input, or a button of the control panel by its name or title. The message goes through the cluster: a restart
of the host loses nothing, and the leading replica handles it once.
"""


@command("signal", help=HELP)
@click.argument("node", shell_complete=complete.nodes)
@click.argument("port", shell_complete=complete.ports_of_node)
@click.option("--data", default=None, help=f"The message ({{}}). {DATA_HELP}")
@click.option("--timeout", type=click.FloatRange(0.1, 3600), default=30.0, help="Seconds to wait for it (30).")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
def signal(out: Out, node: str, port: str, data: str | None, timeout: float, kubeconfig: Path | None) -> None:
    """Send it."""
    from weirflow.cli.cluster import in_cluster
    from weirflow.cli.values import read_value
    from weirflow.cli.where import find_cluster

    value = read_value(data, "--data") if data is not None else {}

    async def send(cluster: ClusterClient) -> dict[str, Any]:
        from weirflow.cli.nodes import find_node
        from weirflow.cli.ports import message_for
        from weirflow.cli.signals import send_signal

        found = await find_node(cluster, node)
        target, message = await message_for(cluster, found, port, value)
        out.progress(f"waiting for {found.name}")
        operation = await send_signal(cluster, found, target, message, seconds=timeout)
        return {"node": found.name, "port": port, "state": "done", "id": operation}

    sent = in_cluster(find_cluster(kubeconfig), send)
    out.answer(sent, f"{sent['node']} has handled it")
