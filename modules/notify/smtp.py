"""A mail on its way to the server: connected through the guard, encrypted as asked, its refusals in words."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import Literal, cast

import aiosmtplib

from modules.notify.mail import Mail
from weirflow import Fail
from weirflow.outbound import Outbound

#: Characters of what a server says that are passed on.
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails go. `trust` None: no encryption."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    username: str
    password: str
    trust: ssl.SSLContext | None
    seconds: float


async def deliver(mail: Mail, server: Server, outbound: Outbound) -> dict[str, str]:
    """Hand the mail over. Returns the recipients that the server refused, and why; it has taken it for all others.
    Raises `Fail` where it took it for none."""
    where = f"{server.host}:{server.port}"
    try:
        async with asyncio.timeout(server.seconds):
            return await _deliver(mail, server, outbound)
    except TimeoutError:
        # The library's own timeouts are TimeoutErrors too.
        raise Fail(
            f"{where} did not take the mail within {server.seconds:g} s; is it the right host and port?",
            code="email_unreachable",
            retryable=True,
        ) from None
    except aiosmtplib.SMTPException as error:
        raise _in_words(error, where) from None
    except (OSError, EOFError) as error:
        raise _broken(error, where) from None


async def _deliver(mail: Mail, server: Server, outbound: Outbound) -> dict[str, str]:
    sock = await outbound.connect(server.host, server.port, timeout=server.seconds)
    client = aiosmtplib.SMTP(
        hostname=server.host,
        sock=sock,
        use_tls=server.security == "tls",
        start_tls=False,
        tls_context=server.trust,
        timeout=server.seconds,
        # Else the own name would be looked up, in a thread and past the guard.
        local_hostname=mail.sender.rpartition("@")[2],
    )
    try:
        try:
            await client.connect()
        except ValueError:
            # The library has looked at its options and not at the socket yet.
            sock.close()
            raise
        await client.ehlo()
        if server.security == "starttls":
            if not client.supports_extension("starttls"):
                raise aiosmtplib.SMTPNotSupported("it offers no STARTTLS")
            await client.starttls()
        if server.username:
            await client.login(server.username, server.password)
        refused, _ = await client.sendmail(mail.sender, list(mail.recipients), mail.data)
        if client.transport is not None:
            # Its answer is not waited for: the mail is taken, whatever becomes of the connection.
            cast("asyncio.Transport", client.transport).write(b"QUIT\r\n")
        return {address: _said(code, text) for address, (code, text) in refused.items()}
    finally:
        # The socket is the connection's from `connect` on, which closes it.
        client.close()


def _in_words(error: aiosmtplib.SMTPException, where: str) -> Fail:
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return _refusal(
                error, "email_auth", f"{where} refuses the user name or the password", "many want an app password here"
            )
        case aiosmtplib.SMTPSenderRefused():
            return _refusal(
                error, "email_sender", f"{where} refuses the sender", "use an address that this account may send from"
            )
        case aiosmtplib.SMTPRecipientsRefused(recipients=[*recipients]):
            first = recipients[0]
            some = ", ".join(each.recipient for each in recipients[:3])
            return _refusal(first, "email_recipient", f"{where} refuses {some}", "check the addresses")
        case aiosmtplib.SMTPNotSupported():
            what = f"{where} cannot do what the settings ask for ({error.message[:_SHOWN]}); check port and encryption"
            return Fail(what, code="email_tls", permanent=True)
        case aiosmtplib.SMTPResponseException():
            return _refusal(error, "email_rejected", f"{where} does not take the mail", "see what it says")
    return _broken(error, where)


def _refusal(error: aiosmtplib.SMTPException, code: str, what: str, advice: str) -> Fail:
    """A refusal for now (4xx) may be tried again, one for good (5xx) not."""
    assert isinstance(error, aiosmtplib.SMTPResponseException)
    said = _said(error.code, error.message)
    if 400 <= error.code < 500:
        return Fail(f"{what} for now: {said}; try again later", code="email_later", retryable=True)
    return Fail(f"{what}: {said}; {advice}", code=code, permanent=True)


def _broken(error: BaseException, where: str) -> Fail:
    """A connection that ended, or could not be encrypted."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Fail(
            f"the certificate of {where} is not trusted: {cause.verify_message}; use the name that stands in it, or "
            "give its authority in the settings",
            code="email_tls",
            permanent=True,
        )
    if cause is not None:
        reason = cause.reason if isinstance(cause, ssl.SSLError) else cause
        text = f"{where} does not speak TLS as the settings say ({reason}); check port and encryption"
        return Fail(text, code="email_tls", permanent=True)
    text = f"the connection to {where} broke: {str(error)[:_SHOWN]}; is it the right host and port?"
    return Fail(text, code="email_unreachable", retryable=True)


def _said(code: int, text: str) -> str:
    return f"{code} {' '.join(text.split())}"[:_SHOWN]
