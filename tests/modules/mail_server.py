"""A mail server on loopback that keeps what it gets, or refuses it as a test wants."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.transport.certificates import Authority


@dataclass
class Taken:
    """A mail as the server got it."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    encrypted: bool
    user: str | None


@dataclass
class MailServer:
    """`refuses`: what it answers to a sender, a recipient, or the whole (`data`) instead of taking it."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    #: Says nothing more from the greeting on.
    silent: bool = False

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "data" in self.refuses:
            return self.refuses["data"]
        content = envelope.original_content
        assert content is not None
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
        encrypted = server.transport.get_extra_info("sslcontext") is not None
        self.taken.append(Taken(envelope.mail_from or "", envelope.rcpt_tos, message, encrypted, user))
        return "250 taken"


def certificate(authority: Authority) -> ssl.SSLContext:
    """What a mail server shows that the authority vouches for."""
    options = authority.options("mail")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.certificate, options.key)
    return context


def _check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ann", b"s3cret")
    return AuthResult(success=good, handled=good, auth_data=data)


@asynccontextmanager
async def mail_server(
    *, trust: ssl.SSLContext | None = None, implicit: bool = False, auth: bool = False
) -> AsyncIterator[MailServer]:
    """A running one; `trust` is its certificate, for STARTTLS or, `implicit`, from the start."""
    one = MailServer()
    loop = asyncio.get_running_loop()
    protocols: list[asyncio.BaseProtocol] = []

    def connected() -> asyncio.BaseProtocol:
        protocol: asyncio.BaseProtocol = (
            asyncio.Protocol()
            if one.silent
            else SMTP(
                one,
                hostname="mail.test",
                loop=loop,
                tls_context=None if implicit else trust,
                authenticator=_check if auth else None,
                auth_require_tls=not implicit,
            )
        )
        protocols.append(protocol)
        return protocol

    server = await loop.create_server(connected, "127.0.0.1", 0, ssl=trust if implicit else None)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        for protocol in protocols:
            if isinstance(protocol, SMTP) and protocol._handler_coroutine is not None:
                protocol._handler_coroutine.cancel()
                await asyncio.gather(protocol._handler_coroutine, return_exceptions=True)
