"""Connections of gRPC, on both sides: limits, signs of life, TLS. Everything that imports gRPC is imported late: a host
that never meets another one does without."""

from __future__ import annotations

import functools
from pathlib import Path

import grpc
from grpc import aio

from weirflow.transport.grpc_options import GrpcOptions

#: The longest payload or result, in bytes.
MESSAGE_BYTES = 4 * 2**20
#: A batch is closed once it is as long as this.
BATCH_BYTES = 256 * 1024
_FRAME_BYTES = MESSAGE_BYTES + 2 * BATCH_BYTES

_BOTH = [
    ("grpc.max_receive_message_length", _FRAME_BYTES),
    ("grpc.max_send_message_length", _FRAME_BYTES),
    # A peer that has been paused or cut off is noticed within 15 seconds while calls are under way.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.ping_timeout_ms", 5_000),
    ("grpc.http2.max_pings_without_data", 0),
]
_SERVER = [
    *_BOTH,
    ("grpc.so_reuseport", 0),
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
    ("grpc.keepalive_permit_without_calls", 1),
]
_CLIENT = [
    *_BOTH,
    ("grpc.enable_http_proxy", 0),
    ("grpc.enable_retries", 0),
    # Each link is a connection of its own: one to a process that is gone must not be handed to the next.
    ("grpc.use_local_subchannel_pool", 1),
]


def open_channel(target: str, options: GrpcOptions) -> aio.Channel:
    """A channel to ``host:port``, by TLS where this host has certificates."""
    if not options.has_tls:
        return aio.insecure_channel(target, options=_CLIENT)
    key, certificate, authority = _read(options)
    credentials = grpc.ssl_channel_credentials(authority, key, certificate)
    return aio.secure_channel(target, credentials, options=_CLIENT)


def open_server(options: GrpcOptions) -> tuple[aio.Server, int]:
    """A server that listens, not yet started, and its port. Raises ``OSError`` when the port is taken."""
    server = aio.server(options=_SERVER)
    where = f"{options.host}:{options.port}"
    try:
        if not options.has_tls:
            port = server.add_insecure_port(where)
        else:
            key, certificate, authority = _read(options)
            credentials = grpc.ssl_server_credentials([(key, certificate)], authority, require_client_auth=True)
            port = server.add_secure_port(where, credentials)
    except RuntimeError:
        port = 0
    if not port:
        raise OSError(f"gRPC cannot listen on {where}: another program does; set WEIRFLOW_GRPC_PORT to a free port")
    return server, port


@functools.cache
def _read(options: GrpcOptions) -> tuple[bytes, bytes, bytes]:
    return tuple(Path(path).read_bytes() for path in (options.key, options.certificate, options.authority))  # type: ignore[return-value]
