"""The ways by which a host and its like reach each other, as its settings say."""

from __future__ import annotations

from collections.abc import Collection

from weirflow.runtime.deadlines import TimerWheel
from weirflow.runtime.link_key import BearerCheck, bearer, messages_key
from weirflow.runtime.options import HostOptions
from weirflow.runtime.shared_key import SharedKey
from weirflow.transport import Transport
from weirflow.transport.foreign import ForeignGrpc
from weirflow.transport.grpc import GrpcTransport


def make_transports(
    options: HostOptions, identity: str, modules: Collection[str], key: SharedKey, wheel: TimerWheel
) -> list[Transport]:
    """The one by which others reach this host, then those by which it can call only."""

    def shared() -> bytes:
        return messages_key(key.value)

    check = BearerCheck(shared, key.doubt)
    grpc = GrpcTransport(options.grpc, lambda: bearer(shared()), check.allows, wheel, refused=key.doubt)
    foreign = ForeignGrpc(options.grpc)
    if options.nats is None:
        return [grpc, foreign]
    # Only here: who does without NATS does without its client too.
    from weirflow.transport.nats import NatsTransport

    return [NatsTransport(options.nats, identity, sorted(modules), wheel), grpc, foreign]


def opens_at_once(options: HostOptions) -> bool:
    """Whether there may be callers that this host cannot see coming, by their Leases."""
    grpc = options.grpc
    return options.nats is not None or grpc.foreign or grpc.has_tls or grpc.port != 0
