"""Sending one message to one port by a TinySignal, and waiting for what became of it."""

from __future__ import annotations

import asyncio
import getpass
import uuid
from typing import TYPE_CHECKING, Any

from weirflow.cli.failures import Exit, Failure
from weirflow.kube.errors import NotFound
from weirflow.kube.resources import (
    ANNOTATION_BY,
    ANNOTATION_OPERATION_ID,
    LABEL_PROJECT,
    TINY_SIGNAL,
    encode_json,
)

if TYPE_CHECKING:
    from weirflow.cli.nodes import FoundNode
    from weirflow.kube.client import ClusterClient

LOOK_SECONDS = 0.05


async def send_signal(
    cluster: ClusterClient, node: FoundNode, port: str, data: Any, *, seconds: float, wait: bool = True
) -> str:
    """Have ``data`` handled at ``port`` once; returns the operation id. Raises ``Failure`` with the node's problem, and
    where nobody has handled it in time: then it is taken back."""
    name = uuid.uuid4().hex
    project = node.name.partition(".")[0]
    signal = TINY_SIGNAL.new(
        name,
        metadata={
            "labels": {LABEL_PROJECT: project},
            "annotations": {ANNOTATION_OPERATION_ID: name, ANNOTATION_BY: getpass.getuser()},
        },
        spec={"node": node.name, "port": port, "data": encode_json(data)},
    )
    await cluster.create(TINY_SIGNAL, signal)
    if wait:
        await _handled(cluster, name, node, seconds)
    return name


async def _handled(cluster: ClusterClient, name: str, node: FoundNode, seconds: float) -> None:
    status: dict[str, Any] = {}
    try:
        async with asyncio.timeout(seconds):
            while not status.get("error"):
                await asyncio.sleep(LOOK_SECONDS)
                status = (await cluster.get(TINY_SIGNAL, name)).get("status") or {}
    except NotFound:
        return
    except TimeoutError:
        await _take_back(cluster, name)
        text = (
            f"nobody has handled it within {seconds:g} s; does a host serve {node.module}? weirflow components says. "
            "It was taken back"
        )
        raise Failure(text, code="not_handled", exit=Exit.UNREACHABLE, node=node.name) from None
    await _take_back(cluster, name)
    problem = status.get("problem") or {"message": status["error"], "code": "failed"}
    # Most problems name their node themselves.
    text = problem["message"] if node.name in problem["message"] else f"{node.name}: {problem['message']}"
    raise Failure(text, code=str(problem["code"]), problem=problem)


async def _take_back(cluster: ClusterClient, name: str) -> None:
    try:
        await cluster.delete(TINY_SIGNAL, name)
    except NotFound:
        return
