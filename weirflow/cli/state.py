"""`weirflow state`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weirflow.cli import complete
from weirflow.cli.command import command
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nearest import nearest, perhaps
from weirflow.cli.nodes import NODE_HELP, FoundNode
from weirflow.cli.out import Out, styled, table
from weirflow.cli.values import DATA_HELP
from weirflow.cli.where import KUBECONFIG_HELP

if TYPE_CHECKING:
    from weirflow.kube.http import HttpCluster

HELP = f"""Show the state that a node keeps, set a field of it, or watch it change.

{NODE_HELP}

With --set the field is changed only if nobody else has changed it meanwhile. Secret fields are never shown.
"""
WATCH_SECONDS = 240


@command("state", help=HELP)
@click.argument("node", shell_complete=complete.nodes)
@click.option("--set", "assignment", metavar="FIELD=VALUE", help=f"Set a field. VALUE is {DATA_HELP}")
@click.option("--watch", is_flag=True, help="Show each change, until Ctrl-C.")
@click.option("--timeout", type=click.FloatRange(0.1, 3600), default=30.0, help="Seconds that --set waits (30).")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
def state(out: Out, node: str, assignment: str | None, watch: bool, timeout: float, kubeconfig: Path | None) -> None:
    """Get, set or watch."""
    from weirflow.cli.cluster import in_cluster
    from weirflow.cli.where import find_cluster

    field, value = _assignment(assignment) if assignment is not None else ("", None)

    async def work(cluster: HttpCluster) -> None:
        from weirflow.cli.nodes import find_node

        found = await find_node(cluster, node)
        if assignment is not None:
            await _set(cluster, found, field, value, timeout)
        document = await read_state(cluster, found)
        if not watch:
            out.answer(document, _text(document))
            return
        out.line(document, _text(document))
        async for changed in _changes(cluster, found):
            if changed["fields"] != document["fields"] or changed["version"] != document["version"]:
                document = changed
                out.line(document, "\n" + _text(document))

    in_cluster(find_cluster(kubeconfig), work)


async def read_state(cluster: HttpCluster, node: FoundNode) -> dict[str, Any]:
    """``{node, running, epoch, version, fields{name: value}}``: of the leading host, else the texts that are stored."""
    from weirflow.kube.resources import TINY_NODE

    told = await _told(cluster, node)
    if told is not None:
        return told
    metadata = ((await cluster.get(TINY_NODE, node.name)).get("status") or {}).get("metadata") or {}
    fields = {key: text for key, text in sorted(metadata.items()) if not key.startswith("state-")}
    hidden = {key: "(sealed)" for key, text in fields.items() if str(text).startswith(("sealed:", "gAAAA"))}
    return {
        "node": node.name,
        "running": False,
        "epoch": _number(metadata.get("state-epoch")),
        "version": _number(metadata.get("state-version")),
        "fields": {**fields, **hidden},
    }


async def _told(cluster: HttpCluster, node: FoundNode) -> dict[str, Any] | None:
    """What the leading host tells of it; None where nobody serves the module."""
    answer = await _asked(cluster, node)
    if answer is None:
        return None
    if not answer.get("kept"):
        raise Failure(f"{node.name} keeps no state: {node.component} has none", code="no_state", exit=Exit.MISSING)
    fields = {}
    for field in answer["fields"]:
        value = "(secret)" if field.get("secret") else field.get("value", field.get("beginning"))
        fields[field["name"]] = value
    return {
        "node": node.name,
        "running": True,
        "epoch": answer["epoch"],
        "version": answer["version"],
        "fields": fields,
    }


async def _asked(cluster: HttpCluster, node: FoundNode) -> dict[str, Any] | None:
    """What a host says of it; None where none serves it, or answers: what is stored can be read all the same."""
    from weirflow.cli.hosts import Hosts, peers_of

    peers = await peers_of(cluster)
    leader = peers.leader(node.module)
    replicas = [leader] if leader is not None and (leader.address or leader.pod) else peers.replicas(node.module)
    hosts = Hosts(cluster)
    try:
        answers = await hosts.ask(replicas, {"state": node.name})
    finally:
        await hosts.close()
    found = next((answer for answer in answers.values() if answer is not None), None)
    return found if isinstance(found, dict) else None


async def _set(cluster: HttpCluster, node: FoundNode, field: str, value: Any, seconds: float) -> None:
    from weirflow.cli.signals import send_signal
    from weirflow.spec import STATE_PORT

    answer = await _asked(cluster, node)
    if answer is None:
        text = (
            f"no host of {node.module} answers from here, and only that may change a state; start one: weirflow run, "
            "or change it in the editor, which has other ways to hosts"
        )
        raise Failure(text, code="not_running", exit=Exit.UNREACHABLE)
    fields = {one["name"]: one for one in answer.get("fields") or ()}
    if field not in fields:
        close = nearest(field, list(fields))
        has = ", ".join(fields) or "no state"
        text = f"the state of {node.name} has no field {field!r}{perhaps(close) or f'; it has {has}'}"
        raise Failure(text, code="unknown_field", exit=Exit.MISSING, suggestions=close)
    was = fields[field].get("digest") or ""
    await send_signal(cluster, node, STATE_PORT, {"field": field, "value": value, "was": was}, seconds=seconds)


async def _changes(cluster: HttpCluster, node: FoundNode) -> Any:
    """The state at each change of the node's resource, for ever."""
    from weirflow.kube.errors import Gone
    from weirflow.kube.resources import TINY_NODE

    selector = f"metadata.name={node.name}"
    while True:
        page = await cluster.list(TINY_NODE, field_selector=selector)
        if not page.get("items"):
            raise Failure(f"{node.name} was deleted", code="no_node", exit=Exit.MISSING)
        try:
            async for event in cluster.watch(
                TINY_NODE,
                resource_version=str(page["metadata"]["resourceVersion"]),
                timeout_seconds=WATCH_SECONDS,
                inactivity_seconds=WATCH_SECONDS + 15.0,
                field_selector=selector,
            ):
                if event.type == "DELETED":
                    raise Failure(f"{node.name} was deleted", code="no_node", exit=Exit.MISSING)
                yield await read_state(cluster, node)
        except Gone:
            await asyncio.sleep(0.1)


def _assignment(text: str) -> tuple[str, Any]:
    from weirflow.cli.values import read_value

    field, equals, value = text.partition("=")
    if not equals or not field:
        raise Failure(f"--set takes FIELD=VALUE, such as value=3; it is {text!r}", code="usage", exit=Exit.USAGE)
    return field.strip(), read_value(value, "the value of --set")


def _text(document: dict[str, Any]) -> str:
    rows = [(name, _value(value)) for name, value in document["fields"].items()]
    note = "" if document["running"] else "  (as it is stored: no host that serves it answers)"
    head = f"{document['node']}  version {document['version']} of epoch {document['epoch']}{note}"
    return "\n".join(filter(None, [styled(head, "dim"), table(rows)]))


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else text[:400] + "..."


def _number(text: Any) -> int:
    return int(text) if str(text or "").isdecimal() else 0
