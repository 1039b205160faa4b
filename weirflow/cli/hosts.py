"""Asking module hosts over their links: what they keep in memory, and no resource tells."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from weirflow.cli.failures import Exit, Failure
from weirflow.kube.client import list_all
from weirflow.kube.peers import GRACE, Peer, Peers, keep_lease
from weirflow.kube.resources import LEASE, Object

if TYPE_CHECKING:
    import aiohttp

    from weirflow.kube.client import ClusterClient
    from weirflow.kube.http import HttpCluster
    from weirflow.kube.pod_proxy import PodProxy

ANSWER_SECONDS = 5.0


async def peers_of(cluster: ClusterClient) -> Peers:
    """Who serves what, as the Leases say now. A host that was killed is among them for a while: seconds on this
    machine."""
    leases, _ = await list_all(cluster, LEASE, keep=keep_lease)
    peers = Peers()
    for lease in leases:
        if not _has_run_out(lease):
            peers.put(lease["metadata"]["name"], lease)
    return peers


class Hosts:
    """The hosts of one cluster, for one command. Each is reached as the editor reaches it: at its own address, else, in
    a pod, through the API server. Sockets stay open until ``close``. ``silent`` says of each host that did not answer
    last why not."""

    def __init__(self, cluster: HttpCluster) -> None:
        self._cluster = cluster
        self._sockets: dict[str, aiohttp.ClientWebSocketResponse] = {}
        self._session: aiohttp.ClientSession | None = None
        self._pods: PodProxy | None = None
        self._key = b""
        self.silent: dict[str, str] = {}

    async def ask(self, hosts: list[Peer], question: dict[str, Any]) -> dict[str, Any]:
        """What each host answers, by identity; those that do not are missing, and in ``silent``."""
        if not hosts:
            return {}
        if not self._key:
            self._key = await _key(self._cluster)
        answers = await asyncio.gather(*(self._of(host, question) for host in hosts))
        return {host.identity: answer[0] for host, answer in zip(hosts, answers, strict=True) if answer is not None}

    async def close(self) -> None:
        """Close all that is open."""
        for socket in self._sockets.values():
            await socket.close()
        if self._session is not None:
            await self._session.close()
        if self._pods is not None:
            await self._pods.close()

    async def _of(self, host: Peer, question: dict[str, Any]) -> tuple[Any] | None:
        """The answer, in a tuple because it may be null; None where none came."""
        import aiohttp

        reason = f"{host.identity} does not answer in time"
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                socket = self._sockets.get(host.identity)
                if socket is None or socket.closed:
                    socket, reason = await self._open(host)
                if socket is not None:
                    self._sockets[host.identity] = socket
                    answer = await _answer(socket, question)
                    self.silent.pop(host.identity, None)
                    return (answer,)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            reason = f"{host.identity}: {error}" if str(error) else reason
            if (socket := self._sockets.pop(host.identity, None)) is not None:
                await socket.close()
        self.silent[host.identity] = reason
        return None

    async def _open(self, host: Peer) -> tuple[aiohttp.ClientWebSocketResponse | None, str]:
        """The socket to the host, by the first way that leads there; else why none does."""
        import aiohttp

        from weirflow.kube.pod_proxy import PodProxy
        from weirflow.runtime.link_ways import LinkRefused, ways_to

        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
            self._pods = PodProxy(self._cluster.config)
        ways = ways_to(host, self._session, self._pods)
        for way in ways:
            try:
                socket, _ = await way.reach(host.identity, self._key)
            except (aiohttp.ClientError, LinkRefused, OSError, TimeoutError, ValueError) as error:
                way.failed(error)
                continue
            return socket, ""
        return None, "; ".join(way.failure for way in ways) or f"{host.identity} says no address"


async def _key(cluster: HttpCluster) -> bytes:
    from weirflow.runtime.link_key import LinkKeyError, read_link_key

    try:
        return await read_link_key(cluster)
    except LinkKeyError as error:
        raise Failure(str(error), code="bad_link_key", exit=Exit.REFUSED) from error


async def _answer(socket: aiohttp.ClientWebSocketResponse, question: dict[str, Any]) -> Any:
    import aiohttp

    await socket.send_str(json.dumps({"ask": 1, **question}))
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT and (said := message.json()).get("answer") == 1:
            return next((value for name, value in said.items() if name != "answer"), None)
    raise ConnectionError("it ended the connection")


def _has_run_out(lease: Object) -> bool:
    """By the times written in it: who asks once cannot wait and see. A minute is allowed for clocks that differ; a host
    of this machine, by its name, has this clock."""
    from datetime import UTC, datetime

    from weirflow.runtime.identity import machine_name

    spec = lease.get("spec") or {}
    here = str(spec.get("holderIdentity") or "").startswith(f"{machine_name()}-")
    try:
        renewed = datetime.fromisoformat(str(spec.get("renewTime")).replace("Z", "+00:00"))
    except ValueError:
        return False
    allowed = float(spec.get("leaseDurationSeconds") or 15) + (GRACE if here else 60.0)
    return (datetime.now(UTC) - renewed).total_seconds() > allowed
