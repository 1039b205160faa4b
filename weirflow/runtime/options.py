"""What a module host is told by its environment."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from weirflow.kube.lease import LeaseTimes
from weirflow.outbound.entries import BadEntry, Entry, read_entry
from weirflow.outbound.policy import Policy
from weirflow.sandbox.memory import memory_for_code
from weirflow.sandbox.rule import rule
from weirflow.transport.grpc_options import GrpcOptions
from weirflow.transport.nats_options import NatsOptions


class OptionError(Exception):
    """An environment variable that cannot be understood; the text says which and what it should be."""


#: Names a browser or client may have used for a listener on the loopback interface.
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class HostOptions:
    """``http_port`` is the flows' listener's, ``http_hosts`` the names it answers to (``*``: any). ``http_fd`` is a
    socket that listens on that port already, for all replicas of this machine, ``slot`` which of them this is.
    ``link_host`` and ``link_port`` (0: a free one) are the telemetry link's. ``metrics_token`` opens the metrics beside
    the link's key; with ``metrics_open`` programs of this machine need neither; with ``metrics_nodes`` they tell
    of nodes one by one.
    ``cluster_seconds`` bounds the wait for a cluster at the start. ``by_hand``: a person runs this host for a while, as
    `weirflow run` does; its modules are in the palette only as long as somebody serves them."""

    home: Path
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    http_hosts: frozenset[str] = LOOPBACK_HOSTS
    http_fd: int | None = None
    link_host: str = "127.0.0.1"
    link_port: int = 0
    metrics_token: str = field(default="", repr=False)
    metrics_open: bool = False
    metrics_nodes: bool = False
    log_level: str = "INFO"
    ready_fd: int | None = None
    slot: int = 0
    by_hand: bool = False
    cluster_seconds: float = 60.0
    lease: LeaseTimes = field(default_factory=LeaseTimes)
    grpc: GrpcOptions = field(default_factory=GrpcOptions)
    #: What the operator allows and denies for every project.
    outbound: Policy = field(default_factory=Policy)
    nats: NatsOptions | None = None

    @classmethod
    def from_environment(cls) -> HostOptions:
        """Read ``WEIRFLOW_*``. Raises ``OptionError``."""
        try:
            grpc, nats = GrpcOptions.from_environment(), NatsOptions.from_environment()
            rule()
            memory_for_code()
        except ValueError as error:
            raise OptionError(str(error)) from error
        return cls(
            home=Path(os.environ.get("WEIRFLOW_HOME", "var")),
            http_port=_port("WEIRFLOW_HTTP_PORT", 8080),
            http_hosts=LOOPBACK_HOSTS | _names("WEIRFLOW_HTTP_HOSTS"),
            link_host=_address("WEIRFLOW_LINK_HOST", "127.0.0.1"),
            link_port=_port("WEIRFLOW_LINK_PORT", 0),
            metrics_token=os.environ.get("WEIRFLOW_METRICS_TOKEN", ""),
            metrics_open=_flag("WEIRFLOW_METRICS_OPEN"),
            metrics_nodes=_flag("WEIRFLOW_METRICS_NODES"),
            log_level=os.environ.get("WEIRFLOW_LOG_LEVEL", "INFO").upper(),
            http_fd=_listening("WEIRFLOW_HTTP_FD"),
            ready_fd=_number("WEIRFLOW_READY_FD"),
            slot=_number("WEIRFLOW_SLOT") or 0,
            lease=_lease_times(),
            outbound=operators_outbound(),
            grpc=grpc,
            nats=nats,
        )


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise OptionError(f"{name} is {text!r}; it must be a port number from 0 to 65535")
    return int(text)


def _flag(name: str) -> bool:
    text = os.environ.get(name) or "0"
    if text not in ("0", "1"):
        raise OptionError(f"{name} is {text!r}; it must be 0 or 1")
    return text == "1"


def _number(name: str) -> int | None:
    text = os.environ.get(name, "")
    return int(text) if text.isdecimal() else None


def _listening(name: str) -> int | None:
    fd = _number(name)
    if fd is not None:
        try:
            probe = socket.socket(fileno=fd)
            listens = probe.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            probe.detach()
        except OSError:
            listens = 0
        if not listens:
            raise OptionError(f"{name} is {fd}; it must be the number of an inherited socket that listens")
    return fd


def _address(name: str, default: str) -> str:
    text = os.environ.get(name) or default
    try:
        return str(ip_address(text))
    except ValueError:
        raise OptionError(f"{name} is {text!r}; it must be an IP address of this machine, or 0.0.0.0 for all") from None


def _lease_times() -> LeaseTimes:
    text = os.environ.get("WEIRFLOW_LEASE_SECONDS")
    if not text:
        return LeaseTimes()
    try:
        duration, deadline, retry = map(float, text.split(","))
        times = LeaseTimes(duration, deadline, retry)
        if not (1 <= duration < 3600 and deadline < duration and retry > 0 and times.patience > 0):
            raise ValueError
    except ValueError:
        raise OptionError(
            f"WEIRFLOW_LEASE_SECONDS is {text!r}; it must be three numbers of seconds such as 15,10,2: the Lease's "
            "duration, when its holder gives up, which is earlier, and how often others look, less than half of that"
        ) from None
    return times


def operators_outbound() -> Policy:
    """What whoever runs the host allows and denies for every project. Raises ``OptionError``."""
    return Policy(
        operator_allow=_entries_from("WEIRFLOW_OUTBOUND_ALLOW"), operator_deny=_entries_from("WEIRFLOW_OUTBOUND_DENY")
    )


def _entries_from(name: str) -> tuple[Entry, ...]:
    lines = [part for part in os.environ.get(name, "").split(",") if part.strip()]
    try:
        return tuple(read_entry(line, words=True) for line in lines)
    except BadEntry as error:
        raise OptionError(f"{name} has an entry that cannot be understood: {error}") from error


def _names(name: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in os.environ.get(name, "").split(",") if part.strip())
