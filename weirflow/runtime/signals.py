"""Handling TinySignals: each is one message for one port, handled once by the leader, then deleted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from weirflow.context import LONGEST_OPERATION, derive_operation_id
from weirflow.errors import Fail, NotLeader, Problem, problem_of
from weirflow.kube.backoff import Backoff
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import Conflict, NotFound
from weirflow.kube.informer import Informer
from weirflow.kube.resources import (
    ANNOTATION_BY,
    ANNOTATION_OPERATION_ID,
    TINY_SIGNAL,
    Object,
    decode_json,
)
from weirflow.runtime.deadlines import Until
from weirflow.runtime.node import Node
from weirflow.spec import CONTROL_PORT, STATE_PORT

log = logging.getLogger(__name__)

_SECONDS = 60.0
#: Of a person.
_LONGEST_NAME = 150
_TRANSIENT = ("cluster_unreachable", "storage_full", "not_ready", "not_leader")


class Signals:
    """``nodes`` are those of this host by name; a signal for a node that is not there yet waits for it."""

    def __init__(
        self,
        cluster: ClusterClient,
        resources: Informer,
        nodes: Mapping[str, Node],
        again: Callable[[str], None],
    ) -> None:
        self._cluster, self._resources, self._nodes, self._again = cluster, resources, nodes, again
        #: Signals that were handled and whose end is not stored yet: name -> uid and problem (None: all went well).
        self._done: dict[str, tuple[str, Problem | None]] = {}

    def node_changed(self, node: str) -> None:
        """A node appeared, or its leadership changed: signals that wait for it may be handled now."""
        for name, signal in self._resources.objects.items():
            if (signal.get("spec") or {}).get("node") == node:
                self._again(name)

    async def handle(self, name: str) -> None:
        """Work on one signal, level-triggered. Raises for another attempt after a pause."""
        signal = self._resources.objects.get(name)
        if signal is None or (signal.get("status") or {}).get("error"):
            # Only now: until the watch shows the end, another turn would handle the signal a second time.
            self._done.pop(name, None)
            return
        uid = signal["metadata"]["uid"]
        if self._done.get(name, ("", None))[0] != uid:
            node = self._nodes.get(signal["spec"]["node"])
            if node is None or not node.lease.is_leader:
                return
            self._done[name] = uid, await self._deliver(node, signal)
        problem = self._done[name][1]
        try:
            if problem is None:
                await self._cluster.delete(TINY_SIGNAL, name, uid=uid)
            else:
                log.warning("signal %s failed: %s", name, problem.message, extra={"node": signal["spec"]["node"]})
                node = self._nodes.get(signal["spec"]["node"])
                told = problem.to_json() if node is None else node.concealer.problem(problem.to_json())
                status = {"error": (told or {}).get("message", ""), "problem": told}
                await self._cluster.patch_status(TINY_SIGNAL, name, {"status": status})
        except (NotFound, Conflict):
            log.debug("signal %s is gone already", name)

    async def _deliver(self, node: Node, signal: Object) -> Problem | None:
        """Hand the message over until it is handled or refused. Returns the problem, if any."""
        spec, metadata = signal["spec"], signal["metadata"]
        operation = (metadata.get("annotations") or {}).get(ANNOTATION_OPERATION_ID) or derive_operation_id(
            metadata["uid"]
        )
        by = (metadata.get("annotations") or {}).get(ANNOTATION_BY, "")[:_LONGEST_NAME]
        if len(operation) > LONGEST_OPERATION:
            operation = derive_operation_id("long", operation)
        try:
            data = decode_json(spec.get("data"))
        except ValueError:
            return Problem("signal_invalid", f"the data of signal {metadata['name']} is not base64 JSON; send it again")
        backoff = Backoff(0.1, 2.0)
        ctx = node.services.begin(operation, _SECONDS)
        while True:
            # The same operation id each time: what an attempt without an answer has done is not done again.
            attempt = node.services.begin(operation, ctx.remaining())
            try:
                with Until(node.shared.wheel, ctx.deadline, f"signal {metadata['name']}"):
                    if by:
                        node.state.history.asked(operation, by)
                    if spec.get("port") == CONTROL_PORT:
                        await node.control(attempt, {} if data is None else data)
                    elif spec.get("port") == STATE_PORT:
                        await node.edit_state(attempt, data)
                        log.info("%s has set a field of the state", by or "somebody", extra={"node": node.name})
                    else:
                        await node.handle(attempt, str(spec.get("port")), data)
            except NotLeader:
                if not node.lease.is_leader:
                    raise
                pause = backoff.pause()
            except Fail as error:
                pause = backoff.pause()
                if error.code not in _TRANSIENT or pause >= ctx.remaining():
                    return problem_of(error)
            else:
                return None
            await asyncio.sleep(pause)
