"""A mail, made from a message."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from modules.notify.addresses import has_control, read_address
from weirflow import Fail, derive_operation_id

if TYPE_CHECKING:
    from modules.notify.email import Attachment, Email, MailInput

#: Characters of a subject.
LONGEST_SUBJECT = 1000
LONGEST_NAME = 255
#: Characters of the text, and of the HTML; mail servers seldom take a mail of more than 25 MB in all.
LONGEST_BODY = 5_000_000
#: What leaves is ASCII: not every server takes more.
_POLICY = policy.SMTP.clone(cte_type="7bit")
_PLAIN = re.compile(r"[A-Za-z0-9]{1,64}")
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it goes to the server. `sender` and `recipients` are plain addresses."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    data: bytes


def make_mail(message: MailInput, settings: Email.Settings, operation_id: str, now: float) -> Mail:
    """The mail of a message. Its id derives from the operation, so that one that is sent again is the same mail. Raises
    `Fail` naming the field at fault."""
    sender = _address(message.sender or settings.sender, "/from")
    to = [_address(text, f"/to/{place}") for place, text in enumerate(message.to or settings.to)]
    copies = [_address(text, f"/cc/{place}") for place, text in enumerate(message.cc)]
    hidden = [_address(text, f"/bcc/{place}") for place, text in enumerate(message.bcc)]
    recipients = tuple(dict.fromkeys(each.addr_spec for each in (*to, *copies, *hidden)))
    if not recipients:
        raise _invalid("it has no recipient; map one to 'to', or name those of every mail in the settings", "/to")
    if len(recipients) > settings.max_recipients:
        raise _invalid(f"it has {len(recipients)} recipients, and {settings.max_recipients} are allowed", "/to")
    if len(message.subject) > LONGEST_SUBJECT or has_control(message.subject):
        raise _invalid(f"a subject is one line of at most {LONGEST_SUBJECT:,} characters", "/subject")
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    if to:
        mail["To"] = to
    if copies:
        mail["Cc"] = copies
    if message.reply_to:
        mail["Reply-To"] = _address(message.reply_to, "/replyTo")
    # An operation id may come from outside, and be any text.
    own = operation_id if _PLAIN.fullmatch(operation_id) else derive_operation_id("mail", operation_id)
    identity = f"<{own}@{sender.domain}>"
    try:
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
        mail["Message-ID"] = identity
        _write_body(mail, message)
        _attach(mail, message.attachments, settings.max_attachments)
        data = mail.as_bytes()
    except UnicodeEncodeError:
        raise _invalid("it holds half a character (a lone surrogate); take it out", "/text") from None
    return Mail(identity, sender.addr_spec, recipients, data)


def _write_body(mail: EmailMessage, message: MailInput) -> None:
    for name, body in (("text", message.text), ("html", message.html)):
        if len(body) > LONGEST_BODY:
            text = f"the mail's {name} has more than {LONGEST_BODY:,} characters; send a link instead, or a file"
            raise Fail(text, code="email_too_large", permanent=True, field=f"/{name}")
    if message.text:
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
    elif message.html:
        mail.set_content(message.html, subtype="html")
    else:
        raise _invalid("it has neither text nor HTML; map one of them", "/text")


def _attach(mail: EmailMessage, attachments: list[Attachment], most: int) -> None:
    left = most
    for place, each in enumerate(attachments):
        field = f"/attachments/{place}"
        if not 0 < len(each.filename) <= LONGEST_NAME or has_control(each.filename) or "/" in each.filename:
            raise _invalid(
                f"a file's name is 1 to {LONGEST_NAME} characters on one line, without /", f"{field}/filename"
            )
        if not _TYPE.fullmatch(each.content_type):
            raise _invalid("a content type is such as application/pdf", f"{field}/contentType")
        if len(each.base64) * 3 // 4 > left + 3:
            raise _too_large(most, field)
        try:
            content = base64.b64decode(each.base64, validate=True)
        except ValueError:
            raise _invalid("an attachment is Base64 of its bytes, and this is not", f"{field}/base64") from None
        left -= len(content)
        if left < 0:
            raise _too_large(most, field)
        kind, _, subtype = each.content_type.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=subtype, filename=each.filename)


def _address(text: str, field: str) -> Address:
    try:
        return read_address(text)
    except ValueError as error:
        raise _invalid(f"{text[:100]!r}: {error}", field) from None


def _invalid(why: str, field: str) -> Fail:
    return Fail(f"the mail cannot be sent: {why}", code="email_invalid", permanent=True, field=field)


def _too_large(most: int, field: str) -> Fail:
    return Fail(
        f"the attachments have more than {most:,} bytes; send a link instead, or raise 'Largest attachments'",
        code="email_too_large",
        permanent=True,
        field=field,
    )
