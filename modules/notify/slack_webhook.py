"""The Slack webhook."""

from __future__ import annotations

import re
from typing import Any

import orjson

from modules.notify.sent import Sent
from modules.notify.turns import Turns
from weirflow import Component, Context, Fail, Field, Model, Result, input, output
from weirflow.outbound import OutboundResponse

#: The definition of what is passed on beside the message.
CONTEXT = "slack-context"
#: Slack takes a message a second from a webhook, and cuts longer texts.
AT_ONCE = 2
LONGEST_TEXT = 40_000
#: Bytes of a message with its blocks.
LARGEST = 512_000
#: The wait that is assumed where the server asks for one and does not say how long, in seconds.
UNSAID_WAIT = 1.0
_URL = re.compile(r"https?://[^\s/?#@]+(/\S*)?")


class SlackMessage(Model):
    """A message to post."""

    text: str = Field("", title="Text", description="Slack's markup: *bold*, <https://…|a link>", configurable=True)
    blocks: list[Any] = Field(
        default_factory=list,
        title="Blocks",
        description="Of Slack's Block Kit; the text then is for notices",
        configurable=True,
    )
    channel: str = Field("", title="Channel", description="Where the server lets a message choose", configurable=True)
    username: str = Field("", title="Name", description="Where the server lets a message choose", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class PostedOutput(Model):
    """A message that was posted."""

    status: int = Field(title="Status", description="Of the server's answer")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class SlackWebhook(Component):
    """Posts messages to Slack, or to what takes webhooks as Slack does (Mattermost, Rocket.Chat, Discord's /slack).

    Make an incoming webhook in Slack and paste its URL: who knows it can post, so it is a secret. A message has a
    text, or blocks, or both; `&`, `<` and `>` in the text are Slack's markup: with *Escape* they stand for themselves.

    **Too many.** Slack takes about one message a second. When it asks to wait, this node waits so long, up to *Longest
    wait*, then tries once more; other messages wait with it. What still is refused is `slack_rate_limited`, which may
    be tried again, and says after how many seconds.

    **Once or twice.** When a wire tries again because the flow behind `posted` has failed, the message is not posted a
    second time, as long as this replica remembers it: the last 1,000, for ten minutes. Slack's webhooks know no name of
    a message by which a second one could be told: one is posted twice when the network or this host fails after Slack
    took it and before it has said so, and the wire tries again.

    Errors: `slack_url` for a URL that the server knows no more; `slack_message` for a message that it does not take,
    with its word for it; `slack_too_large`; `slack_refused` for any other answer. `slack_rate_limited`,
    `slack_unavailable` (the server's own fault) and `slack_busy` may be tried again. From the guard: `outbound_denied`
    and `outbound_tls`; and `outbound_unresolved`, `outbound_unreachable`, `outbound_timeout`, `outbound_broken` and
    `outbound_busy`, which may be tried again. No error repeats the URL.
    """

    title = "Slack Webhook"
    category = "Notify"
    icon = "bell"
    tags = ("slack", "mattermost", "chat", "message", "alert")

    class Settings(Model):
        url: str = Field(
            title="Webhook URL",
            description="As Slack shows it; whoever knows it can post",
            secret=True,
            min_length=1,
            max_length=2000,
        )
        escape: bool = Field(False, title="Escape", description="& < > of texts stand for themselves")
        timeout: int = Field(10_000, ge=100, le=120_000, title="Timeout", description="Milliseconds for an answer")
        max_wait: int = Field(
            30_000,
            ge=0,
            le=300_000,
            title="Longest wait",
            description="Milliseconds to wait when the server asks for patience",
        )

    class Control(Model):
        posted: int = Field(title="Posted", readonly=True, description="Since the module started")
        failed: int = Field(title="Failed", readonly=True, description="Since the module started")

    settings: Settings

    posted = output("posted", PostedOutput)

    def __init__(self) -> None:
        self._posted = self._failed = 0
        self._turns = Turns(AT_ONCE, "slack_busy")
        self._done: Sent[int] = Sent()
        #: Until when the server wants no messages, on the clock's monotonic time.
        self._not_before = 0.0

    @input("message", label="Message")
    async def post(self, ctx: Context, message: SlackMessage) -> Result:
        status = self._done.get(ctx.operation_id, self.services.clock.monotonic())
        if status is None:
            status = await self._deliver(ctx, message)
            self._done.keep(ctx.operation_id, status, self.services.clock.monotonic())
        return await self.posted.emit(ctx, PostedOutput(status=status, context=message.context))

    async def _deliver(self, ctx: Context, message: SlackMessage) -> int:
        try:
            # Not with the settings: while a flow is being tested, a made-up text stands for the secret.
            if not _URL.fullmatch(self.settings.url):
                raise _no_url()
            body = _body(message, escape=self.settings.escape)
            async with self._turns.taken(ctx):
                status = await self._post(ctx, body)
        except BaseException:
            self._failed += 1
            self.publish()
            raise
        self._posted += 1
        self.publish()
        return status

    def control(self) -> Control:
        return self.Control(posted=self._posted, failed=self._failed)

    def live(self) -> str:
        if not (self._posted or self._failed):
            return ""
        return f"{self._posted} posted" + (f", {self._failed} failed" if self._failed else "")

    async def _post(self, ctx: Context, body: bytes) -> int:
        await self._wait(ctx)
        answer = await self._send(ctx, body)
        if answer.status == 429:
            wait = _asked(answer)
            self._not_before = max(self._not_before, self.services.clock.monotonic() + wait)
            await self._wait(ctx)
            answer = await self._send(ctx, body)
        if 200 <= answer.status < 300:
            return answer.status
        raise _failure(answer)

    async def _wait(self, ctx: Context) -> None:
        """Let the time pass that the server has asked for. Raises `Fail` if that is longer than anybody waits."""
        clock = self.services.clock
        wait = self._not_before - clock.monotonic()
        if wait <= 0:
            return
        if wait > min(self.settings.max_wait / 1000, ctx.remaining()):
            raise _limited(wait)
        await clock.sleep(wait)

    async def _send(self, ctx: Context, body: bytes) -> OutboundResponse:
        return await self.services.outbound.request(
            "POST",
            self.settings.url,
            headers={"content-type": "application/json; charset=utf-8"},
            body=body,
            timeout=min(self.settings.timeout / 1000, max(0.01, ctx.remaining())),
            # A webhook that leads elsewhere is no webhook: it would hand its secret on.
            redirects=0,
            max_body=64 * 1024,
        )


def _body(message: SlackMessage, *, escape: bool) -> bytes:
    if not message.text and not message.blocks:
        text = "the message has neither text nor blocks; map one of them"
        raise Fail(text, code="slack_message", permanent=True, field="/text")
    if len(message.text) > LONGEST_TEXT:
        text = f"the text has more than {LONGEST_TEXT:,} characters; send less, or in parts"
        raise Fail(text, code="slack_too_large", permanent=True, field="/text")
    text = message.text
    if escape:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    fields = {"text": text, "blocks": message.blocks, "channel": message.channel, "username": message.username}
    try:
        body = orjson.dumps({name: value for name, value in fields.items() if value})
    except (TypeError, ValueError):
        text = "the message holds half a character, or a number of more than 64 bits; take it out"
        raise Fail(text, code="slack_message", permanent=True) from None
    if len(body) > LARGEST:
        text = f"the message with its blocks has more than {LARGEST:,} bytes; send less"
        raise Fail(text, code="slack_too_large", permanent=True, field="/blocks")
    return body


def _asked(answer: OutboundResponse) -> float:
    """The seconds that the server wants to be left alone."""
    text = answer.headers.get("retry-after", "").strip()
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 9 else UNSAID_WAIT


def _failure(answer: OutboundResponse) -> Fail:
    said = " ".join(answer.body.decode("utf-8", "replace").split())[:200] or "nothing"
    what = f"the server answers {answer.status} and says {said!r}"
    if answer.status == 429:
        return _limited(_asked(answer))
    if answer.status >= 500:
        return Fail(f"{what}; it may be better later", code="slack_unavailable", retryable=True)
    if answer.status in (401, 403, 404, 410):
        text = f"{what}; make a new webhook, for a channel that is there, and put its URL into the settings"
        return Fail(text, code="slack_url", permanent=True)
    if answer.status in (400, 413, 422):
        return Fail(f"{what}; change the message", code="slack_message", permanent=True)
    return Fail(f"{what}; is this the URL of a webhook?", code="slack_refused", permanent=True)


def _limited(wait: float) -> Fail:
    text = f"the server takes no messages for {wait:,.0f} s more; send fewer, or let the wire try again after that"
    return Fail(text, code="slack_rate_limited", retryable=True)


def _no_url() -> Fail:
    text = "the setting 'Webhook URL' is no URL: it begins with https:// and has no blanks; paste it as Slack shows it"
    return Fail(text, code="slack_url", permanent=True)
