"""Which way a host's messages to other processes take."""

from __future__ import annotations

from collections.abc import Sequence

from weirflow.runtime.link_key import BearerCheck, messages_key
from weirflow.runtime.options import HostOptions
from weirflow.transport import Transport
from weirflow.transport.calls import Timers


def chosen_transports(
    options: HostOptions, identity: str, modules: Sequence[str], link_key: bytes, timers: Timers
) -> list[Transport]:
    """NATS where it is set up, else gRPC; all hosts of a cluster choose alike."""
    if options.nats is not None:
        from weirflow.transport.nats import NatsTransport

        return [NatsTransport(options.nats, identity, modules, timers)]
    from weirflow.transport.grpc import GrpcTransport

    key = messages_key(link_key)
    return [GrpcTransport(options.grpc, f"Bearer {key.hex()}", BearerCheck(key).allows, timers)]
