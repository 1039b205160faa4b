"""Mail."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import StringConstraints, ValidationInfo, field_validator

from modules.notify.addresses import read_address
from modules.notify.mail import make_mail
from modules.notify.sent import Sent
from modules.notify.smtp import Server, deliver
from modules.notify.turns import Turns
from modules.off_loop import off_loop
from weirflow import Component, Context, Field, Model, Result, input, output

#: The definition of what is passed on beside the mail.
CONTEXT = "email-context"
#: Connections to the server at once.
AT_ONCE = 4
AddressText = Annotated[str, StringConstraints(max_length=320)]


class Attachment(Model):
    """A file that goes along."""

    filename: str = Field(title="File name", description="Without a folder", configurable=True)
    content_type: str = Field(
        "application/octet-stream", title="Content type", description="Such as application/pdf", configurable=True
    )
    base64: str = Field(title="Content", description="Base64 of its bytes", configurable=True)


class MailInput(Model):
    """A mail. What is left out is that of the settings."""

    to: list[AddressText] = Field(
        default_factory=list,
        title="To",
        description="ann@example.com or Ann <ann@example.com>",
        configurable=True,
        max_length=1000,
    )
    cc: list[AddressText] = Field(
        default_factory=list, title="Cc", description="Get a copy", configurable=True, max_length=1000
    )
    bcc: list[AddressText] = Field(
        default_factory=list,
        title="Bcc",
        description="Get a copy that nobody is told of",
        configurable=True,
        max_length=1000,
    )
    sender: str = Field(
        "", alias="from", title="From", description="In place of that of the settings", configurable=True
    )
    reply_to: str = Field("", title="Reply to", description="Where answers go, if not to From", configurable=True)
    subject: str = Field("", title="Subject", description="One line", configurable=True)
    text: str = Field("", title="Text", description="Plain text", configurable=True)
    html: str = Field("", title="HTML", description="Beside the text, or alone", configurable=True)
    attachments: list[Attachment] = Field(
        default_factory=list, title="Attachments", description="Files", configurable=True, max_length=100
    )
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class SentOutput(Model):
    """A mail that the server has taken."""

    message_id: str = Field(title="Message id", description="As it stands in the mail")
    accepted: int = Field(title="Accepted", description="Recipients that the server took")
    refused: dict[str, str] = Field(title="Refused", description="Recipients that it did not take, and why")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


@dataclass(frozen=True, slots=True)
class MailSent:
    """What the server made of a mail."""

    id: str
    accepted: int
    refused: dict[str, str]


class Email(Component):
    """Sends mail by SMTP.

    The settings name the server; a message has the recipients, the subject and the text. What the server has taken
    leaves by `sent`, with the recipients that it refused. Addresses and subjects are checked: none of them can add a
    header.

    **Encryption.** STARTTLS (port 587) or TLS from the start (port 465), with the certificate checked; where the server
    does not offer it nothing is sent. *None* is for a relay on the own machine or network, without a user name. For an
    authority of your own give its certificate.

    Servers are reached through the project's rules for calls to other machines.

    **Once or twice.** The Message-ID is made of the message's operation, so that a mail which is sent again is the same
    mail. When a wire tries again because the flow behind `sent` has failed, the mail is not sent a second time, as long
    as this replica remembers it: the last 1,000, for ten minutes. A mail goes out twice when the server, the network or
    this host fails after the server took it and before it has said so, and the wire tries again. Many servers and
    mailboxes drop the second by its Message-ID; SMTP does not promise it.

    Errors: `email_invalid` names the field that is no address, subject, or file; `email_too_large`; `email_auth` for a
    user name and password that are refused; `email_sender` and `email_recipient` for addresses that the server does
    not take; `email_rejected` for a mail that it refuses, with its words; `email_tls` for a certificate that is not
    trusted or encryption that is not there. `email_later` (the server asks for patience), `email_unreachable` and
    `email_busy` may be tried again. From the guard: `outbound_denied`, and `outbound_unresolved`,
    `outbound_unreachable` and `outbound_timeout`, which may be tried again.
    """

    title = "Email"
    category = "Notify"
    icon = "mail"
    tags = ("mail", "smtp", "message", "alert")

    class Settings(Model):
        host: str = Field(
            "localhost", title="Host", description="Of the SMTP server", pattern=r"^[^\s/@]+$", max_length=253
        )
        port: int = Field(587, ge=1, le=65_535, title="Port", description="587 with STARTTLS, 465 with TLS")
        security: Literal["starttls", "tls", "none"] = Field(
            "starttls",
            title="Encryption",
            description="The certificate is checked",
            enum_titles=["STARTTLS", "TLS", "None"],
        )
        username: str = Field("", title="User name", description="Empty: none is asked for", max_length=320)
        password: str = Field("", title="Password", description="Of that user", secret=True, max_length=10_000)
        sender: str = Field(
            "",
            alias="from",
            title="From",
            description="ann@example.com or Ann <ann@example.com>; empty: each message has its own",
            max_length=320,
        )
        to: list[AddressText] = Field(
            default_factory=list, title="To", description="For messages that name nobody", max_length=1000
        )
        timeout: int = Field(
            30_000,
            ge=100,
            le=300_000,
            title="Timeout",
            description="Milliseconds for a mail, from connecting to the server's answer",
        )
        max_recipients: int = Field(
            50, ge=1, le=1000, title="Most recipients", description="Of one mail; more are refused"
        )
        max_attachments: int = Field(
            10_485_760,
            ge=0,
            le=36_700_160,
            title="Largest attachments",
            description="Bytes, all files of a mail together",
        )
        authority: str = Field(
            "",
            title="Authority",
            description="Certificate (PEM) that the server's is signed with, where the usual ones do not know it",
            format="textarea",
            max_length=100_000,
        )

        @field_validator("username")
        @classmethod
        def _encrypted(cls, username: str, info: ValidationInfo) -> str:
            if username and info.data.get("security") == "none":
                raise ValueError("a password is sent encrypted only; choose STARTTLS or TLS, or leave the name empty")
            return username

        @field_validator("sender")
        @classmethod
        def _address(cls, text: str) -> str:
            if text:
                read_address(text)
            return text

        @field_validator("to")
        @classmethod
        def _addresses(cls, texts: list[str]) -> list[str]:
            for text in texts:
                read_address(text)
            return texts

        @field_validator("authority")
        @classmethod
        def _certificate(cls, text: str) -> str:
            if text:
                _trust(text)
            return text

    class Control(Model):
        sent: int = Field(title="Sent", readonly=True, description="Since the module started")
        failed: int = Field(title="Failed", readonly=True, description="Since the module started")

    settings: Settings

    sent = output("sent", SentOutput)

    def __init__(self) -> None:
        self._sent = self._failed = 0
        self._turns = Turns(AT_ONCE, "email_busy")
        self._done: Sent[MailSent] = Sent()
        self._trust: ssl.SSLContext | None = None

    async def on_settings(self) -> None:
        encrypted = self.settings.security != "none"
        self._trust = await asyncio.to_thread(_trust, self.settings.authority) if encrypted else None

    @input("send")
    async def send(self, ctx: Context, message: MailInput) -> Result:
        mail_sent = self._done.get(ctx.operation_id, self.services.clock.monotonic())
        if mail_sent is None:
            mail_sent = await self._deliver(ctx, message)
            self._done.keep(ctx.operation_id, mail_sent, self.services.clock.monotonic())
        return await self.sent.emit(
            ctx,
            SentOutput(
                message_id=mail_sent.id,
                accepted=mail_sent.accepted,
                refused=mail_sent.refused,
                context=message.context,
            ),
        )

    async def _deliver(self, ctx: Context, message: MailInput) -> MailSent:
        settings = self.settings
        try:
            size = len(message.text) + len(message.html) + sum(len(each.base64) for each in message.attachments)
            now = self.services.clock.time()
            mail = await off_loop(size, make_mail, message, settings, ctx.operation_id, now)
            async with self._turns.taken(ctx):
                refused = await deliver(mail, self._server(ctx), self.services.outbound)
        except BaseException:
            self._failed += 1
            self.publish()
            raise
        self._sent += 1
        self.publish()
        return MailSent(mail.id, len(mail.recipients) - len(refused), refused)

    def control(self) -> Control:
        return self.Control(sent=self._sent, failed=self._failed)

    def live(self) -> str:
        if not (self._sent or self._failed):
            return ""
        return f"{self._sent} sent" + (f", {self._failed} failed" if self._failed else "")

    def _server(self, ctx: Context) -> Server:
        settings = self.settings
        return Server(
            settings.host,
            settings.port,
            settings.security,
            settings.username,
            settings.password,
            self._trust,
            min(settings.timeout / 1000, max(0.01, ctx.remaining())),
        )


def _trust(authority: str) -> ssl.SSLContext:
    """What the server's certificate is checked against. Raises `ValueError`."""
    try:
        return ssl.create_default_context(cadata=authority or None)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(
            f"this is no certificate in PEM form ({error}); paste it with its BEGIN and END lines"
        ) from None
