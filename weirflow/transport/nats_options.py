"""How to reach NATS, from the environment."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit


class NatsOptionError(ValueError):
    """A setting that cannot be used; the text says which and what it should be, and holds no secret."""


@dataclass(frozen=True, slots=True)
class NatsOptions:
    """``servers`` are URLs, which may hold user and password and are therefore never shown; ``shown`` may be."""

    servers: tuple[str, ...] = field(repr=False)
    credentials: str = ""
    certificate: str = ""
    key: str = ""
    authority: str = ""

    @classmethod
    def from_environment(cls) -> NatsOptions | None:
        """Read ``WEIRFLOW_NATS_*``; None without a URL. Raises ``NatsOptionError``."""
        name = "WEIRFLOW_NATS_URL" if os.environ.get("WEIRFLOW_NATS_URL") else "TINY_NATS_URL"
        servers = tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())
        if not servers:
            return None
        for server in servers:
            # The text of a URL that is wrong may still hold a password: it is not repeated.
            if "://" in server and urlsplit(server).scheme not in ("nats", "tls", "ws", "wss"):
                raise NatsOptionError(
                    f"{name} must be nats://host:port or tls://host:port, several with commas between"
                )
        options = cls(
            servers,
            os.environ.get("WEIRFLOW_NATS_CREDENTIALS", ""),
            os.environ.get("WEIRFLOW_NATS_CERT", ""),
            os.environ.get("WEIRFLOW_NATS_KEY", ""),
            os.environ.get("WEIRFLOW_NATS_CA", ""),
        )
        for path in (options.credentials, options.certificate, options.key, options.authority):
            if path and not os.path.isfile(path):
                raise NatsOptionError(f"{path}, which a WEIRFLOW_NATS_ setting names, is not a file")
        if bool(options.certificate) != bool(options.key):
            raise NatsOptionError("WEIRFLOW_NATS_CERT and WEIRFLOW_NATS_KEY belong together; set both or none")
        return options

    @property
    def shown(self) -> str:
        """The servers without user and password, for logs and errors."""
        return ", ".join(_without_user(server) for server in self.servers)

    def tls(self) -> ssl.SSLContext | None:
        """The client's side of TLS; None where no setting asks for it (a ``tls://`` URL then trusts the system)."""
        if not self.authority and not self.certificate:
            return None
        context = ssl.create_default_context(cafile=self.authority or None)
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key)
        return context


def _without_user(server: str) -> str:
    scheme, mark, rest = server.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"
