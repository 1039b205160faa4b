"""What is looked at before a module is served by hand: whether its name is free for it, and whether messages would find
their way between the hosts of the cluster and this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.hosts import peers_of
from weirflow.cli.out import Out

if TYPE_CHECKING:
    from weirflow.kube.http import HttpCluster
    from weirflow.kube.peers import Peer
    from weirflow.runtime.options import HostOptions
    from weirflow.spec import Module

Look = Callable[["HttpCluster"], Awaitable[None]]

KNOCK_SECONDS = 1.5
PATIENCE_SECONDS = 2.5
"""How long a host is waited for that says an address and does not answer: it may just be starting anew."""
MAX_KNOCKED = 32
NATS_PORT = 4222
"""Of addresses that name none; those of hosts do."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
GUIDE = "docs/cli.md, A cluster elsewhere"


def looks(out: Out, module: Module, options: HostOptions, mine: str) -> Look:
    """All of them. ``mine`` is what the names of this person's own hosts on this machine begin with."""

    async def look(cluster: HttpCluster) -> None:
        others = [peer for peer in (await peers_of(cluster)).hosts() if not peer.identity.startswith(mine)]
        await check_name(cluster, module, others)
        await check_ways(out, others, options, cluster.config.server)

    return look


async def check_name(cluster: HttpCluster, module: Module, others: list[Peer]) -> None:
    """Who serves a module of this name already may lack none of its components here: half of the messages come here.
    Raises ``Failure``."""
    from weirflow.kube.errors import NotFound
    from weirflow.kube.resources import TINY_MODULE

    serving = [peer.identity for peer in others if module.name in peer.modules]
    if not serving:
        return
    try:
        known = await cluster.get(TINY_MODULE, module.name)
    except NotFound:
        return
    announced = {str(entry.get("name")) for entry in (known.get("status") or {}).get("components") or ()}
    if lacking := sorted(announced - module.components.keys()):
        shown = ", ".join(lacking[:5]) + (" ..." if len(lacking) > 5 else "")
        text = (
            f"{module.name} is served by {', '.join(serving[:3])} already, with components that this module does not "
            f"have ({shown}): their messages would come here, too, and fail. Serve it under another name: "
            f"weirflow run --as {module.name}-dev, or give it another one in its Module(...)"
        )
        raise Failure(text, code="name_taken", exit=Exit.IN_THE_WAY, hosts=serving, components=lacking)


async def check_ways(out: Out, others: list[Peer], options: HostOptions, server: str) -> None:
    """Messages go from host to host, not through the cluster: each has to reach the other. Raises ``Failure`` that says
    what is missing for that."""
    by_nats = [peer for peer in others if peer.messages.startswith("nats://")]
    by_call = [peer for peer in others if not peer.messages.startswith("nats://") and (peer.messages or peer.address)]
    if by_nats and options.nats is None:
        raise _far(f"{_named(by_nats)} takes messages by NATS; set WEIRFLOW_NATS_URL to the same server here", by_nats)
    if by_nats and options.nats is not None and not await _any_answers(list(map(_with_scheme, options.nats.servers))):
        raise _far(f"NATS at {options.nats.shown} does not answer from here; is the address right?", by_nats)
    if by_call and not by_nats and options.nats is not None:
        text = f"{_named(by_call)} takes messages by gRPC, and this host would by NATS; set WEIRFLOW_NATS_URL there too"
        raise _far(f"{text}, or unset it here", by_call)
    # One of this machine's that does not answer has died, or is starting anew.
    if by_call and not by_nats and not any(map(_is_of_here, by_call)):
        if not await _any_answers([url for peer in by_call for url in (peer.messages, peer.address) if url]):
            raise _far(
                f"{_named(by_call)} cannot be reached from here ({by_call[0].messages or by_call[0].address}): the "
                "cluster is on another machine. Messages need a way between its module hosts and this one: set "
                "WEIRFLOW_NATS_URL, the same there and here, or have them lead through a tunnel",
                by_call,
            )
        if not any(map(_is_on_loopback, by_call)) and options.grpc.advertised in LOOPBACK:
            raise _far(
                f"{_named(by_call)} could not reach this host, which would listen on {options.grpc.advertised}: set "
                "WEIRFLOW_GRPC_HOST, _ADVERTISED, _CERT, _KEY and _CA, or WEIRFLOW_NATS_URL there and here",
                by_call,
            )
    if _is_far(others, server) and options.link_host in LOOPBACK and not options.link_port:
        out.note(
            "the cluster is on another machine: its editor shows no values on cards, no messages and no runs of this "
            f"host, whose link is open to this machine alone (WEIRFLOW_LINK_HOST and _PORT; {GUIDE})"
        )


def _far(what: str, hosts: list[Peer]) -> Failure:
    text = f"{what} ({GUIDE})"
    return Failure(text, code="no_way", exit=Exit.UNREACHABLE, hosts=[peer.identity for peer in hosts])


def _named(hosts: list[Peer]) -> str:
    return hosts[0].identity if len(hosts) == 1 else f"each of {len(hosts)} hosts ({hosts[0].identity} ...)"


async def _any_answers(urls: list[str]) -> bool:
    """One that does is enough: a host that was killed has its Lease for a minute, and answers no more."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE_SECONDS
    while True:
        if any(await asyncio.gather(*map(_knock, urls[:MAX_KNOCKED]))):
            return True
        if loop.time() > until:
            return False
        await asyncio.sleep(0.5)


async def _knock(url: str) -> bool:
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(KNOCK_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port or NATS_PORT)
    except (OSError, TimeoutError, ValueError):
        return False
    writer.close()
    return True


def _with_scheme(server: str) -> str:
    return server if "://" in server else f"nats://{server}"


def _is_on_loopback(peer: Peer) -> bool:
    return urlsplit(peer.messages or peer.address).hostname in LOOPBACK


def _is_of_here(peer: Peer) -> bool:
    """By its name: a tunnel makes addresses of another machine look as those of this one."""
    from weirflow.runtime.identity import machine_name

    return peer.identity.startswith(f"{machine_name()}-")


def _is_far(others: list[Peer], server: str) -> bool:
    if others:
        return not any(map(_is_of_here, others))
    return urlsplit(server).hostname not in LOOPBACK
