"""The Slack webhook, to a server that is there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from modules.notify.slack_webhook import SlackWebhook
from tests.outbound.peers import Asked, Peer, peer, response
from tests.waiting import eventually
from weirflow import JSON, Fail
from weirflow.outbound.caller import Caller
from weirflow.outbound.guard import Guard
from weirflow.outbound.policy import Policy
from weirflow.testing import run

PATH = "/services/T0/B0/s3cret"


@pytest.fixture
async def slack() -> AsyncIterator[Peer]:
    async with peer() as one:
        one.answers[PATH] = response(b"ok")
        yield one


def _settings(slack: Peer, **others: Any) -> dict[str, Any]:
    return {"url": slack.url + PATH, **others}


async def test_a_message_is_posted(slack: Peer) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}}]
    async with run(SlackWebhook, settings=_settings(slack)) as node:
        await node.send("message", {"text": "Hello <b> ü", "blocks": blocks, "context": 7})
        (asked,) = slack.asked
        assert asked.line == f"POST {PATH} HTTP/1.1"
        assert asked.headers["content-type"] == "application/json; charset=utf-8"
        assert json.loads(asked.body) == {"text": "Hello <b> ü", "blocks": blocks}
        assert [(each.port, each.value) for each in node.emitted] == [("posted", {"status": 200, "context": 7})]
        assert (node.control, node.live) == ({"posted": 1, "failed": 0}, "1 posted")


async def test_a_flow_that_fails_behind_a_message_does_not_have_it_posted_twice(slack: Peer) -> None:
    def fail(value: JSON) -> JSON:
        raise Fail("no room", code="full", retryable=True)

    async with run(SlackWebhook, settings=_settings(slack)) as node:
        node.replies["posted"] = fail
        with pytest.raises(Fail, match="no room"):
            await node.send("message", {"text": "Hello"}, operation_id="one")
        node.replies.clear()
        await node.send("message", {"text": "Hello"}, operation_id="one")
        assert (len(slack.asked), node.emitted[0]) == (1, node.emitted[1])
        await node.send("message", {"text": "Hello"}, operation_id="two")
        assert len(slack.asked) == 2


async def test_markup_stands_for_itself_where_it_is_escaped(slack: Peer) -> None:
    async with run(SlackWebhook, settings=_settings(slack, escape=True)) as node:
        await node.send("message", {"text": "a < b && <!channel>", "channel": "#x", "username": "Bot"})
        assert json.loads(slack.asked[0].body) == {
            "text": "a &lt; b &amp;&amp; &lt;!channel&gt;",
            "channel": "#x",
            "username": "Bot",
        }


@pytest.mark.parametrize(
    ("status", "body", "code", "permanent"),
    [
        ("400 Bad Request", b"invalid_payload", "slack_message", True),
        ("403 Forbidden", b"action_prohibited", "slack_url", True),
        ("404 Not Found", b"no_service", "slack_url", True),
        ("410 Gone", b"channel_is_archived", "slack_url", True),
        ("418 Teapot", b"short", "slack_refused", True),
        ("302 Found", b"elsewhere", "slack_refused", True),
        ("500 Broken", b"rollup_error", "slack_unavailable", False),
    ],
)
async def test_refusals_are_said_with_the_servers_word(
    slack: Peer, status: str, body: bytes, code: str, permanent: bool
) -> None:
    slack.answers[PATH] = response(body, status, location=f"{slack.url}/other")
    async with run(SlackWebhook, settings=_settings(slack)) as node:
        with pytest.raises(Fail, match=body.decode()) as caught:
            await node.send("message", {"text": "x"})
        fail = caught.value
        assert (fail.code, fail.permanent, fail.retryable) == (code, permanent, not permanent)
        assert "s3cret" not in str(fail)
        assert (len(slack.asked), node.control["failed"]) == (1, 1)


async def test_a_server_that_asks_for_patience_is_waited_for_by_all(slack: Peer) -> None:
    limited = response(b"rate_limited", "429 Too Many", retry_after="20")
    slack.answers[PATH] = lambda asked: limited if len(slack.asked) == 1 else response(b"ok")
    async with run(SlackWebhook, settings=_settings(slack)) as node:
        first = asyncio.create_task(node.send("message", {"text": "first"}))
        # From the answer on it sleeps by the clock that the test owns.
        await eventually(lambda: node.instance.component._not_before)  # type: ignore[attr-defined]
        second = asyncio.create_task(node.send("message", {"text": "second"}))
        await node.clock.advance(19)
        assert (len(slack.asked), node.emitted) == (1, [])
        await node.clock.advance(2)
        await asyncio.gather(first, second)
        assert sorted(json.loads(each.body)["text"] for each in slack.asked) == ["first", "first", "second"]


async def test_who_is_asked_to_wait_too_long_may_try_again(slack: Peer) -> None:
    slack.answers[PATH] = response(b"rate_limited", "429 Too Many", retry_after="300")
    async with run(SlackWebhook, settings=_settings(slack)) as node:
        for _ in range(2):
            with pytest.raises(Fail, match="300 s") as caught:
                await node.send("message", {"text": "x"})
            assert (caught.value.code, caught.value.retryable) == ("slack_rate_limited", True)
        # The second one did not even ask.
        assert len(slack.asked) == 1


@pytest.mark.parametrize(
    ("message", "code", "field"),
    [
        ({}, "slack_message", "/text"),
        ({"text": "x" * 40_001}, "slack_too_large", "/text"),
        ({"blocks": ["x" * 600_000]}, "slack_too_large", "/blocks"),
        ({"text": "\ud800"}, "slack_message", None),
    ],
)
async def test_what_is_no_message_is_not_sent(slack: Peer, message: JSON, code: str, field: str | None) -> None:
    async with run(SlackWebhook, settings=_settings(slack)) as node:
        with pytest.raises(Fail) as caught:
            await node.send("message", message)
        assert (caught.value.code, caught.value.problem.field, caught.value.permanent) == (code, field, True)
        assert slack.asked == []


async def test_what_is_no_url_is_said_without_repeating_it() -> None:
    async with run(SlackWebhook, settings={"url": "hooks.slack.com/s3cret"}) as node:
        with pytest.raises(Fail) as caught:
            await node.send("message", {"text": "x"})
        assert (caught.value.code, caught.value.permanent) == ("slack_url", True)
        assert "s3cret" not in str(caught.value)


async def test_a_server_that_does_not_answer_or_may_not_be_called(slack: Peer) -> None:
    slack.answers[PATH] = None
    async with run(SlackWebhook, settings=_settings(slack, timeout=1000)) as node:
        with pytest.raises(Fail) as caught:
            await node.send("message", {"text": "x"})
        assert (caught.value.code, caught.value.retryable) == ("outbound_timeout", True)
    async with run(SlackWebhook, settings=_settings(slack), outbound=Caller(Guard(Policy.of(())))) as node:
        with pytest.raises(Fail) as caught:
            await node.send("message", {"text": "x"})
        assert (caught.value.code, caught.value.permanent) == ("outbound_denied", True)
        assert "s3cret" not in str(caught.value)


async def test_a_thousand_messages_are_all_posted_a_few_at_a_time(slack: Peer) -> None:
    under_way: list[int] = []

    def count(asked: Asked) -> bytes:
        under_way.append(len(slack.asked))
        return response(b"ok")

    slack.answers[PATH] = count
    async with run(SlackWebhook, settings=_settings(slack)) as node:
        await asyncio.gather(*(node.send("message", {"text": str(n)}) for n in range(1000)))
        assert sorted(int(json.loads(each.body)["text"]) for each in slack.asked) == list(range(1000))
        assert node.control["posted"] == 1000
