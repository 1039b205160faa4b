"""How gRPC listens and how it proves who it is, from the environment."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path


class GrpcOptionError(ValueError):
    """A setting that cannot be used; the text says which and what it should be."""


@dataclass(frozen=True, slots=True)
class GrpcOptions:
    """``certificate``, ``key`` and ``authority`` are PEM files, all or none; ``advertised`` is the name by which others
    reach this host. ``foreign``: modules of others may call here without the link's key."""

    host: str = "127.0.0.1"
    port: int = 0
    advertised: str = "127.0.0.1"
    certificate: str = ""
    key: str = ""
    authority: str = ""
    foreign: bool = False

    @classmethod
    def from_environment(cls) -> GrpcOptions:
        """Read ``WEIRFLOW_GRPC_*``. Raises ``GrpcOptionError``."""
        host = os.environ.get("WEIRFLOW_GRPC_HOST") or "127.0.0.1"
        port = os.environ.get("WEIRFLOW_GRPC_PORT") or "0"
        if not port.isdecimal() or int(port) > 65535:
            raise GrpcOptionError(f"WEIRFLOW_GRPC_PORT is {port!r}; it must be a port number from 0 to 65535")
        foreign = os.environ.get("WEIRFLOW_GRPC_FOREIGN") or "0"
        if foreign not in ("0", "1"):
            raise GrpcOptionError(f"WEIRFLOW_GRPC_FOREIGN is {foreign!r}; it must be 0 or 1")
        certificate, key, authority = files = (
            os.environ.get("WEIRFLOW_GRPC_CERT", ""),
            os.environ.get("WEIRFLOW_GRPC_KEY", ""),
            os.environ.get("WEIRFLOW_GRPC_CA", ""),
        )
        if any(files) and not all(files):
            raise GrpcOptionError("WEIRFLOW_GRPC_CERT, _KEY and _CA belong together; set all three or none")
        for path in filter(None, files):
            if not Path(path).is_file():
                raise GrpcOptionError(f"{path}, which a WEIRFLOW_GRPC_ setting names, is not a file")
        if not all(files) and not _is_loopback(host):
            raise GrpcOptionError(
                f"WEIRFLOW_GRPC_HOST is {host!r}: others can reach that, so it needs TLS on both sides; "
                "set WEIRFLOW_GRPC_CERT, _KEY and _CA"
            )
        advertised = os.environ.get("WEIRFLOW_GRPC_ADVERTISED") or os.environ.get("POD_IP") or ""
        advertised = advertised or (host if _is_one(host) else "")
        if not advertised:
            raise GrpcOptionError(
                f"WEIRFLOW_GRPC_HOST is {host!r}, which is no address to call; say by which name others reach this "
                "host in WEIRFLOW_GRPC_ADVERTISED"
            )
        return cls(host, int(port), advertised, certificate, key, authority, foreign == "1")

    @property
    def has_tls(self) -> bool:
        return bool(self.certificate)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _is_one(host: str) -> bool:
    """Whether the address is one and not all of the machine's."""
    return host not in ("0.0.0.0", "::", "[::]", "*")  # noqa: S104 compared, not bound
