"""What completes an argument that is begun: names that the cluster, the server or this folder has.

A shell waits for it, so that it takes at most ``SECONDS``; whatever goes wrong completes nothing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    import click

    from weirflow.cli.nodes import FoundNode
    from weirflow.kube.http import HttpCluster

SECONDS = 2.0
"""Unless ``WEIRFLOW_COMPLETION_SECONDS`` says how long."""
Complete = Callable[["click.Context", "click.Parameter", str], list[CompletionItem]]


def _completing(find: Callable[[click.Context], Iterable[str]]) -> Complete:
    """``find`` gives the names; those that go on as what is begun are kept."""

    def complete(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
        found: list[str] = []

        def look() -> None:
            with suppress(Exception, SystemExit):
                found.extend(find(ctx))

        looking = threading.Thread(target=look, name="completion", daemon=True)
        looking.start()
        looking.join(_seconds())
        fold = begun.casefold()
        return [CompletionItem(name) for name in sorted(set(found)) if name.casefold().startswith(fold) and name]

    return complete


def _seconds() -> float:
    try:
        return max(0.1, min(60.0, float(os.environ["WEIRFLOW_COMPLETION_SECONDS"])))
    except (KeyError, ValueError):
        return SECONDS


def _components(ctx: click.Context) -> Iterable[str]:
    from weirflow.cli.components import offers_of

    for offer in offers_of(ctx.params.get("package"), ctx.params.get("kubeconfig")):
        yield offer["name"]
        yield f"{offer['module']}/{offer['name']}"


def _ports_of_component(ctx: click.Context) -> Iterable[str]:
    from weirflow.cli.components import offers_of
    from weirflow.cli.offers import pick

    # Where an option lacks its value yet, nothing has been parsed: the arguments are as they were typed.
    wanted = ctx.params.get("component") or next(one for one in ctx.args if not one.startswith("-"))
    offer = pick(offers_of(ctx.params.get("package"), ctx.params.get("kubeconfig")), wanted)
    return [port["name"] for port in offer["ports"]]


def _nodes(ctx: click.Context) -> Iterable[str]:
    from weirflow.cli.nodes import all_nodes

    for node in _in_cluster(ctx, all_nodes):
        yield from _names(node)


def _names(node: FoundNode) -> Iterable[str]:
    yield node.title or node.name
    # Its component may be that of many.
    if node.title:
        yield node.component


def _ports_of_node(ctx: click.Context) -> Iterable[str]:
    from weirflow.cli.nodes import find_node
    from weirflow.cli.ports import ports_of

    async def look(cluster: HttpCluster) -> list[str]:
        inputs, buttons = await ports_of(cluster, await find_node(cluster, ctx.params["node"])) or ([], {})
        return [*inputs, *buttons]

    found: list[str] = _in_cluster(ctx, look)
    return found


def _in_cluster(ctx: click.Context, work: Callable[[HttpCluster], Any]) -> Any:
    from weirflow.cli.cluster import in_cluster
    from weirflow.cli.where import find_cluster

    return in_cluster(find_cluster(ctx.params.get("kubeconfig")), work)


def _packages(_ctx: click.Context) -> Iterable[str]:
    from weirflow.cli.package import packages_in

    return packages_in(Path.cwd())


def _projects(_ctx: click.Context) -> Iterable[str]:
    from weirflow.cli.accounts import find_account
    from weirflow.cli.server import Server

    return [row["name"] for row in Server(find_account()).rows("/projects", "projects")]


def _flows(ctx: click.Context) -> Iterable[str]:
    from weirflow.cli.accounts import find_account
    from weirflow.cli.server import Server

    return [row["name"] for row in Server(find_account()).flows(ctx.params.get("project"))]


components = _completing(_components)
ports_of_component = _completing(_ports_of_component)
nodes = _completing(_nodes)
ports_of_node = _completing(_ports_of_node)
packages = _completing(_packages)
projects = _completing(_projects)
flows = _completing(_flows)
