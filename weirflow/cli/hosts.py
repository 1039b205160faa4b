"""Asking module hosts over their link: what they keep in memory, and no resource tells."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from weirflow.cli.failures import Exit, Failure
from weirflow.kube.client import list_all
from weirflow.kube.peers import Peer, Peers, keep_lease
from weirflow.kube.resources import LEASE, Object

if TYPE_CHECKING:
    from weirflow.kube.client import ClusterClient

ANSWER_SECONDS = 5.0
MAX_FRAME = 16 << 20


async def peers_of(cluster: ClusterClient) -> Peers:
    """Who serves what, as the Leases say now. A host that was killed is among them for a while more."""
    leases, _ = await list_all(cluster, LEASE, keep=keep_lease)
    peers = Peers()
    for lease in leases:
        if not _has_run_out(lease):
            peers.put(lease["metadata"]["name"], lease)
    return peers


async def ask_hosts(cluster: ClusterClient, hosts: list[Peer], question: dict[str, Any]) -> dict[str, Any]:
    """What each host answers, by identity; hosts that do not are missing. Raises ``Failure`` where none does."""
    from weirflow.runtime.link_key import bearer, read_link_key

    if not hosts:
        return {}
    key = bearer(await read_link_key(cluster))
    answers = await asyncio.gather(*(_ask(host, key, question) for host in hosts))
    heard = {host.identity: answer[0] for host, answer in zip(hosts, answers, strict=True) if answer is not None}
    if not heard:
        where = ", ".join(host.address or host.identity for host in hosts)
        text = (
            f"no module host answers ({where}); run this where their addresses can be reached, or look at the flow in "
            "the editor, which has other ways to them"
        )
        raise Failure(text, code="no_host", exit=Exit.UNREACHABLE)
    return heard


async def _ask(host: Peer, key: str, question: dict[str, Any]) -> tuple[Any] | None:
    """The answer, in a tuple because it may be null; None where none came."""
    import aiohttp

    try:
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            aiohttp.ClientSession() as session,
            session.ws_connect(
                f"{host.address}/link/telemetry", headers={"Authorization": key}, max_msg_size=MAX_FRAME
            ) as link,
        ):
            await link.send_json({"ask": 1, **question})
            async for message in link:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return None
                said = message.json()
                if said.get("answer") == 1:
                    return (next((value for name, value in said.items() if name != "answer"), None),)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
    return None


def _has_run_out(lease: Object) -> bool:
    """By the times written in it: who asks once cannot wait and see. A minute is allowed for clocks that differ."""
    from datetime import UTC, datetime

    spec = lease.get("spec") or {}
    try:
        renewed = datetime.fromisoformat(str(spec.get("renewTime")).replace("Z", "+00:00"))
    except ValueError:
        return False
    return (datetime.now(UTC) - renewed).total_seconds() > float(spec.get("leaseDurationSeconds") or 15) + 60.0
