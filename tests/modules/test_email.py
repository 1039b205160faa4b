"""Mail, to a server that is there."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest

from modules.notify.email import Email
from tests.modules.mail_server import MailServer, certificate, mail_server
from tests.transport.certificates import Authority
from weirflow import JSON, Fail
from weirflow.outbound.caller import Caller
from weirflow.outbound.guard import Guard
from weirflow.outbound.policy import Policy
from weirflow.testing import run

MAIL = {"to": ["Bob <bob@example.com>"], "subject": "Hello", "text": "Hello Bob"}


def _settings(server: MailServer, **others: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": server.port, "security": "none", "from": "Ann <ann@example.com>", **others}


async def _failure(settings: dict[str, Any], message: JSON = MAIL, **options: Any) -> Fail:
    async with run(Email, settings=settings, **options) as node:
        with pytest.raises(Fail) as caught:
            await node.send("send", message)
        assert (node.emitted, node.control) == ([], {"sent": 0, "failed": 1})
        return caught.value


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


async def test_a_mail_arrives_with_all_its_parts() -> None:
    message = {
        "to": ["Bób Müller <bob@example.com>", "carl@bücher.example"],
        "cc": ["dora@example.com"],
        "bcc": ["eve@example.com", "bob@example.com"],
        "replyTo": "help@example.com",
        "subject": "Grüße " + "and more " * 30,
        "text": "Grüße\n.\n.. dots\n",
        "html": "<p>Grüße</p>",
        "attachments": [
            {"filename": "ü.pdf", "contentType": "application/pdf", "base64": base64.b64encode(b"\x00\xff").decode()}
        ],
        "context": {"order": 7},
    }
    async with mail_server() as server, run(Email, settings=_settings(server)) as node:
        await node.send("send", message, operation_id="order 7\r\nX: 1")
        (taken,) = server.taken
        assert taken.sender == "ann@example.com"
        assert taken.recipients == [
            "bob@example.com",
            "carl@xn--bcher-kva.example",
            "dora@example.com",
            "eve@example.com",
        ]
        mail = taken.message
        assert mail["From"] == "Ann <ann@example.com>"
        assert mail["To"] == "Bób Müller <bob@example.com>, carl@xn--bcher-kva.example"
        assert (mail["Cc"], mail["Bcc"], mail["Reply-To"]) == ("dora@example.com", None, "help@example.com")
        assert mail["Subject"] == message["subject"]
        assert mail["Date"].datetime.year == 2026
        assert re.fullmatch(r"<[0-9a-f]{24}@example\.com>", mail["Message-ID"])
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().replace("\r\n", "\n") == message["text"]
        assert html.get_content().strip() == message["html"]
        (attached,) = mail.iter_attachments()
        assert (attached.get_filename(), attached.get_content_type(), attached.get_content()) == (
            "ü.pdf",
            "application/pdf",
            b"\x00\xff",
        )
        assert node.emitted[0].value == {
            "messageId": mail["Message-ID"],
            "accepted": 4,
            "refused": {},
            "context": {"order": 7},
        }
        assert node.live == "1 sent"


async def test_settings_name_the_recipients_of_messages_that_name_none() -> None:
    async with mail_server() as server, run(Email, settings=_settings(server, to=["team@example.com"])) as node:
        await node.send("send", {"text": "x"})
        await node.send("send", {"html": "<p>", "to": ["bob@example.com"], "from": "other@example.org"})
        assert [(each.sender, each.recipients) for each in server.taken] == [
            ("ann@example.com", ["team@example.com"]),
            ("other@example.org", ["bob@example.com"]),
        ]
        assert server.taken[1].message.get_content_type() == "text/html"


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_goes_encrypted_and_signed_in(authority: Authority, security: str) -> None:
    encrypted = {"security": security, "authority": (authority.home / "ca.crt").read_text()}
    async with mail_server(trust=certificate(authority), implicit=security == "tls", auth=True) as server:
        settings = _settings(server, **encrypted, username="ann", password="s3cret")
        async with run(Email, settings=settings) as node:
            await node.send("send", MAIL)
            assert [(each.encrypted, each.user) for each in server.taken] == [(True, "ann")]
        fail = await _failure({**settings, "password": "wr0ng"})
        assert (fail.code, fail.permanent) == ("email_auth", True)
        assert "wr0ng" not in str(fail)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_is_not_trusted_gets_nothing(authority: Authority, security: str) -> None:
    async with mail_server(trust=certificate(authority), implicit=security == "tls") as server:
        fail = await _failure(_settings(server, security=security))
        assert (fail.code, fail.permanent, server.taken) == ("email_tls", True, [])
        assert "not trusted" in str(fail)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_without_encryption_gets_nothing(security: str) -> None:
    async with mail_server() as server:
        fail = await _failure(_settings(server, security=security))
        assert (fail.code, fail.permanent, server.taken) == ("email_tls", True, [])


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"to": []}, "/to"),
        ({"to": ["bob@example.com", "nobody"]}, "/to/1"),
        ({"to": ["bob@example.com\r\nBcc: eve@example.com"]}, "/to/0"),
        ({"to": ["Bob\r\nX: <bob@example.com>"]}, "/to/0"),
        ({"to": ["bob@example.com, eve@example.com"]}, "/to/0"),
        ({"to": ["friends: bob@example.com;"]}, "/to/0"),
        ({"to": ["bob@[127.0.0.1]"]}, "/to/0"),
        ({"to": ["böb@example.com"]}, "/to/0"),
        ({"cc": [""]}, "/cc/0"),
        ({"bcc": ["bob@exa mple.com"]}, "/bcc/0"),
        ({"from": "x@y\nz"}, "/from"),
        ({"replyTo": "@example.com"}, "/replyTo"),
        ({"subject": "Hello\r\nBcc: eve@example.com"}, "/subject"),
        ({"subject": "Hello\u2028there"}, "/subject"),
        ({"subject": "x" * 1001}, "/subject"),
        ({"text": ""}, "/text"),
        ({"text": "\ud800"}, "/text"),
        ({"to": [f"{n}@example.com" for n in range(51)]}, "/to"),
        ({"attachments": [{"filename": "a\r\nb", "base64": ""}]}, "/attachments/0/filename"),
        ({"attachments": [{"filename": "../a", "base64": ""}]}, "/attachments/0/filename"),
        ({"attachments": [{"filename": "a", "base64": "!"}]}, "/attachments/0/base64"),
        ({"attachments": [{"filename": "a", "base64": "", "contentType": "a\r\nb"}]}, "/attachments/0/contentType"),
    ],
)
async def test_what_is_no_mail_is_refused_by_its_field(message: dict[str, Any], field: str) -> None:
    async with mail_server() as server:
        fail = await _failure(_settings(server), {**MAIL, **message})
        assert (fail.code, fail.permanent, fail.problem.field) == ("email_invalid", True, field)
        assert server.taken == []


async def test_attachments_have_their_limit() -> None:
    files = [{"filename": "a", "base64": base64.b64encode(b"x" * 60).decode()}] * 2
    async with mail_server() as server:
        fail = await _failure(_settings(server, maxAttachments=100), {**MAIL, "attachments": files})
        assert (fail.code, fail.permanent, fail.problem.field) == ("email_too_large", True, "/attachments/1")
        fail = await _failure(_settings(server), {**MAIL, "html": "x" * 5_000_001})
        assert (fail.code, fail.permanent, fail.problem.field) == ("email_too_large", True, "/html")


@pytest.mark.parametrize(
    ("refuses", "code", "permanent"),
    [
        ({"ann@example.com": "553 not yours"}, "email_sender", True),
        ({"bob@example.com": "550 no such user"}, "email_recipient", True),
        ({"bob@example.com": "450 greylisted"}, "email_later", False),
        ({"data": "554 spam"}, "email_rejected", True),
        ({"data": "451 too busy"}, "email_later", False),
    ],
)
async def test_what_the_server_refuses_is_said_with_its_words(
    refuses: dict[str, str], code: str, permanent: bool
) -> None:
    async with mail_server() as server:
        server.refuses = refuses
        fail = await _failure(_settings(server))
        assert (fail.code, fail.permanent, fail.retryable) == (code, permanent, not permanent)
        assert next(iter(refuses.values())) in str(fail)


async def test_of_several_recipients_the_good_ones_get_it() -> None:
    async with mail_server() as server, run(Email, settings=_settings(server)) as node:
        server.refuses = {"bob@example.com": "550 no such user"}
        await node.send("send", {**MAIL, "cc": ["carl@example.com"]})
        value = node.emitted[0].value
        assert (value["accepted"], value["refused"]) == (1, {"bob@example.com": "550 no such user"})


async def test_a_server_that_is_silent_or_not_there_may_be_tried_again() -> None:
    async with mail_server() as server:
        server.silent = True
        fail = await _failure(_settings(server, timeout=1000))
        assert (fail.code, fail.retryable) == ("email_unreachable", True)
    fail = await _failure(_settings(server))
    assert (fail.code, fail.retryable) == ("outbound_unreachable", True)


async def test_a_server_that_the_project_may_not_call_is_refused() -> None:
    async with mail_server() as server:
        fail = await _failure(_settings(server), outbound=Caller(Guard(Policy.of(()))))
        assert (fail.code, fail.permanent) == ("outbound_denied", True)


async def test_a_mail_that_is_tried_again_is_the_same_mail() -> None:
    async with mail_server() as server, run(Email, settings=_settings(server)) as node:
        await node.send("send", MAIL, operation_id="0123456789abcdef01234567")
        node = await node.restart()
        await node.send("send", MAIL, operation_id="0123456789abcdef01234567")
        assert [each.message["Message-ID"] for each in server.taken] == ["<0123456789abcdef01234567@example.com>"] * 2


async def test_keys_of_clients_that_look_alike_are_different_mails() -> None:
    async with mail_server() as server, run(Email, settings=_settings(server)) as node:
        for key in ("order.7", "order-7", "order 7", "7" * 5000):
            await node.send("send", MAIL, operation_id=key)
        assert len({each.message["Message-ID"] for each in server.taken}) == 4


async def test_a_flow_that_fails_behind_a_mail_does_not_have_it_sent_twice() -> None:
    def fail(value: JSON) -> JSON:
        raise Fail("no room", code="full", retryable=True)

    async with mail_server() as server, run(Email, settings=_settings(server)) as node:
        node.replies["sent"] = fail
        with pytest.raises(Fail):
            await node.send("send", MAIL, operation_id="one")
        node.replies.clear()
        await node.send("send", MAIL, operation_id="one")
        assert (len(server.taken), node.control["sent"]) == (1, 1)
        assert node.emitted[0] == node.emitted[1]
        await node.clock.advance(600)
        await node.send("send", MAIL, operation_id="one")
        assert len(server.taken) == 2, "a key that is used again much later is another mail"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"host": ""}, "/host"),
        ({"from": "nobody"}, "/from"),
        ({"to": ["a@b", "x\r\ny@z"]}, "/to"),
        ({"username": "ann"}, "/username"),
        ({"authority": "no certificate"}, "/authority"),
    ],
)
async def test_unfit_settings_are_refused(changed: dict[str, Any], field: str, tmp_path: Path) -> None:
    async with run(Email, settings={"security": "none"}) as node:
        problem = await node.set(**changed)
        assert problem is not None
        assert problem.field == field
