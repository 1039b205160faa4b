"""Where modules that this host may not serve itself take messages: read from Leases and from TinyModules."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from weirflow.errors import Fail, Problem
from weirflow.kube.client import ClusterClient
from weirflow.kube.informer import Informer
from weirflow.kube.peers import Peers
from weirflow.kube.resources import TINY_MODULE, Object
from weirflow.transport.base import FOREIGN

#: A host that ends without a word is found out by its Lease's running out, of which no watch tells.
_FOUND_SECONDS = 5.0


class Directory:
    """``has_nats``: this host can reach NATS. ``on_change`` hears of each TinyModule that appears, changes or goes."""

    def __init__(
        self, cluster: ClusterClient, peers: Peers, on_change: Callable[[str], None], *, has_nats: bool
    ) -> None:
        self._peers, self._has_nats = peers, has_nats
        self._copies = Informer(cluster, TINY_MODULE, keep=_slim)
        self._on_change = on_change
        self._copies.on_change(lambda name, _new, _old: self._module_changed(name))
        #: The modules that some host serves, as seen last.
        self._served: frozenset[str] = frozenset()
        #: What was found lately, and until when it is not looked for again.
        self._found: dict[str, tuple[float, Sequence[str]]] = {}

    def start(self) -> None:
        """Begin to read."""
        self._copies.start()

    async def stop(self) -> None:
        """End reading."""
        await self._copies.stop()

    def moved(self) -> frozenset[str]:
        """The modules that hosts have begun or ceased to serve since this was asked last. For every news of Leases."""
        self._found.clear()
        before, self._served = self._served, frozenset().union(*(peer.modules for peer in self._peers.hosts()))
        return before ^ self._served

    def problem(self, module: str) -> Problem | None:
        """Why messages for ``module`` would reach nobody now."""
        try:
            self.addresses(module)
        except Fail as error:
            return error.problem
        return None

    def addresses(self, module: str) -> Sequence[str]:
        """Where messages for ``module`` are taken, each of them will do; none: its hosts are about to say.
        Raises ``Fail`` when nobody serves it."""
        now = time.monotonic()
        known = self._found.get(module)
        if known is None or known[0] < now:
            known = self._found[module] = now + _FOUND_SECONDS, self._look_up(module)
        return known[1]

    def _look_up(self, module: str) -> Sequence[str]:
        replicas = self._peers.replicas(module)
        said = [peer.messages for peer in replicas if peer.messages]
        if self._has_nats and any(address.startswith("nats://") for address in said):
            # Any of them, as their queue group decides; those that are without NATS are asked next.
            return [_subject(module), *(address for address in said if not address.startswith("nats://"))]
        if replicas:
            return said
        known = self._copies.objects.get(module)
        if known is None:
            if not self._copies.synced.is_set():
                return []
            raise _absent(
                "module_unknown",
                f"there is no module {module or '?'} in this cluster; start a host that serves it, or install it",
            )
        if known["signals"]:
            raise _absent(
                "module_down",
                f"no host serves the module {module} at present; start one, by hand: weirflow run <its package>",
            )
        return [self._foreign(module, known["addr"])]

    def _module_changed(self, name: str) -> None:
        self._found.pop(name, None)
        self._on_change(name)

    def _foreign(self, module: str, address: str) -> str:
        """The address of a module that is not made with this SDK."""
        if address.startswith("nats://"):
            if not self._has_nats:
                raise _absent(
                    "nats_missing", f"module {module} takes messages by NATS only; set WEIRFLOW_NATS_URL for this host"
                )
            return address + FOREIGN
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal():
            raise _absent(
                "module_down",
                f"module {module} says no address for messages ({address or 'nothing'}); does it run? its log says",
            )
        return f"module://{address}"


def public_address(messages: str, module: str) -> str:
    """What the TinyModule says of where ``module`` takes messages, in the form that modules of others know."""
    return _subject(module) if messages.startswith("nats://") else messages.removeprefix("grpc://")


def _absent(code: str, message: str) -> Fail:
    return Fail(message, code=code, retryable=True)


def _subject(module: str) -> str:
    return f"nats://tinymodule.{module}.msg"


def _slim(module: Object) -> Object:
    """``addr`` is for modules of others, and ours where ``signals`` is true, whose hosts are found by their Leases."""
    status = module.get("status") or {}
    metadata = {key: module["metadata"][key] for key in ("name", "resourceVersion")}
    return {"metadata": metadata, "addr": str(status.get("addr") or ""), "signals": status.get("signals") is True}
