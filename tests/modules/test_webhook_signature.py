"""The check of a webhook's signature. Time begins at 1767225600."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from typing import Any

import pytest

from modules.http import passed, webhook_signature
from modules.http.webhook_signature import WebhookSignature
from weirflow import JSON, Fail
from weirflow.testing import Node, run, settle

NOW = 1_767_225_600
SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"


def _hmac(text: bytes, secret: str = SECRET, algorithm: str = "sha256") -> str:
    return hmac.new(secret.encode(), text, algorithm).hexdigest()


def _message(headers: dict[str, Any], body: bytes = BODY) -> dict[str, Any]:
    return {"raw": base64.b64encode(body).decode(), "headers": headers, "context": {"id": 1}}


def _github(body: bytes = BODY) -> dict[str, Any]:
    return _message({"x-hub-signature-256": f"sha256={_hmac(body)}"}, body)


def _stripe(at: int = NOW, *others: str) -> dict[str, Any]:
    signatures = [*others, _hmac(f"{at}.".encode() + BODY)]
    return _message({"stripe-signature": ",".join([f"t={at}", *(f"v1={each}" for each in signatures), "v0=old"])})


def _slack(at: int = NOW) -> dict[str, Any]:
    signature = _hmac(f"v0:{at}:".encode() + BODY)
    return _message({"x-slack-signature": f"v0={signature}", "x-slack-request-timestamp": str(at)})


async def _code(node: Node, message: JSON) -> str:
    """`valid`, or the code that it is refused with."""
    await node.send("in", message)
    sent = node.emitted[-1]
    return sent.port if sent.port == "valid" else str(sent.value["code"])


def test_the_example_that_github_gives() -> None:
    assert _hmac(BODY) == "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"scheme": "github"}, _github()),
        ({"scheme": "stripe"}, _stripe()),
        ({"scheme": "stripe"}, _stripe(NOW - 300, "0" * 64)),
        ({"scheme": "slack"}, _slack()),
        ({"scheme": "generic"}, _message({"x-signature": _hmac(BODY).upper()})),
        (
            {"scheme": "generic", "header": "X-Sig", "prefix": "sha1=", "algorithm": "sha1"},
            _message({"X-SIG": "sha1=" + _hmac(BODY, algorithm="sha1")}),
        ),
        (
            {"scheme": "generic", "encoding": "base64", "timestampHeader": "X-Time"},
            _message(
                {
                    "x-signature": base64.b64encode(
                        hmac.digest(SECRET.encode(), f"{NOW}.".encode() + BODY, hashlib.sha256)
                    ).decode(),
                    "x-time": str(NOW),
                }
            ),
        ),
        ({"scheme": "github", "secret": "new", "oldSecret": SECRET}, _github()),
    ],
)
async def test_what_is_signed_passes(settings: dict[str, Any], message: JSON) -> None:
    async with run(WebhookSignature, settings={"secret": SECRET, **settings}) as node:
        assert await _code(node, message) == "valid"
        assert node.emitted[0].value == {"body": "Hello, World!", "context": {"id": 1}}


async def test_a_json_body_is_passed_on_as_its_value() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        await node.send("in", _github(b'{"ref": [1]}'))
        assert node.emitted[0].value["body"] == {"ref": [1]}


@pytest.mark.parametrize(
    ("settings", "message", "code"),
    [
        ({}, {"headers": {}}, "body_missing"),
        ({}, _message({}), "signature_missing"),
        ({}, _message({"x-hub-signature-256": _hmac(BODY)}), "signature_missing"),
        ({}, _message({"x-hub-signature-256": ["sha256="]}), "signature_missing"),
        ({}, _message({"x-hub-signature-256": "sha256=" + _hmac(BODY, "another")}), "signature_wrong"),
        ({}, _message({"x-hub-signature-256": "sha256=ünïcode"}), "signature_wrong"),
        ({}, _message({"x-hub-signature-256": "sha256=" + _hmac(BODY)}, BODY + b" "), "signature_wrong"),
        ({"scheme": "stripe"}, _message({"stripe-signature": f"t={NOW}"}), "signature_missing"),
        ({"scheme": "stripe"}, _message({"stripe-signature": "v1=aa"}), "timestamp_missing"),
        ({"scheme": "stripe"}, _stripe(NOW - 301), "timestamp_outside"),
        ({"scheme": "stripe"}, _stripe(NOW + 301), "timestamp_outside"),
        ({"scheme": "stripe", "tolerance": 10}, _stripe(NOW - 11), "timestamp_outside"),
        ({"scheme": "slack"}, _slack(NOW - 301), "timestamp_outside"),
        ({"scheme": "slack"}, _message({"x-slack-signature": "v0=aa"}), "timestamp_missing"),
        (
            {"scheme": "slack"},
            {**_slack(), "headers": {**_slack()["headers"], "x-slack-request-timestamp": str(NOW + 1)}},
            "signature_wrong",
        ),
        (
            {"scheme": "generic", "timestampHeader": "x-time"},
            _message({"x-signature": "aa", "x-time": "soon"}),
            "timestamp_missing",
        ),
    ],
)
async def test_all_else_is_refused(settings: dict[str, Any], message: JSON, code: str) -> None:
    async with run(WebhookSignature, settings={"secret": SECRET, **settings}) as node:
        answer = await node.send("in", message)
        assert (node.emitted[0].port, node.emitted[0].value["code"]) == ("invalid", code)
        assert answer == {
            "status": 401,
            "body": {"error": {"code": "signature", "message": "the request is refused"}},
        }
        assert SECRET not in str(node.emitted) + str(node.control)
        assert (node.control["invalid"], node.live) == (1, "0 valid, 1 refused")


async def test_a_flow_may_answer_what_is_refused() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        node.replies["invalid"] = lambda value: {"status": 404}
        assert await node.send("in", _message({})) == {"status": 404}


async def test_the_same_request_passes_once_within_the_window() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET, "replayWindow": 60}) as node:
        assert await _code(node, _github()) == "valid"
        await node.clock.advance(59)
        assert await _code(node, _github()) == "replayed"
        assert await _code(node, _github(b"another")) == "valid"
        await node.clock.advance(2)
        assert await _code(node, _github()) == "valid"
        await node.set(replayWindow=0)
        assert await _code(node, _github()) == "valid"


async def test_one_that_is_tried_again_is_no_replay() -> None:
    def fail(value: JSON) -> JSON:
        raise Fail("no room", code="full", retryable=True)

    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        await node.send("in", _github(), operation_id="one")
        await node.send("in", _github(), operation_id="one")
        assert [each.port for each in node.emitted] == ["valid", "valid"]
        node.replies["valid"] = fail
        with pytest.raises(Fail):
            await node.send("in", _github(b"2"))
        node.replies.clear()
        assert await _code(node, _github(b"2")) == "valid"


async def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passed, "REMEMBERED", 3)
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        for number in range(5):
            await node.send("in", _github(b"%d" % number))
        assert await _code(node, _github(b"4")) == "replayed"
        assert await _code(node, _github(b"0")) == "valid"


async def test_a_restart_and_another_leader_know_what_has_passed() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET, "replayWindow": 60}) as node:
        assert await _code(node, _github()) == "valid"
        await node.clock.advance(30)
        node = await node.restart()
        assert await _code(node, _github()) == "replayed"
        assert await _code(node, _github(b"2")) == "valid"
        other = node.replica()
        await other.ready()
        assert await _code(node, _github(b"3")) == "valid"
        await other.lead()
        assert [await _code(other, _github(body)) for body in (b"2", b"3", b"4")] == ["replayed", "replayed", "valid"]
        await node.clock.advance(31)
        assert await _code(other, _github()) == "valid"


def test_who_only_hears_of_them_remembers_no_more_than_who_checks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passed, "REMEMBERED", 10)
    memory = passed.Memory()
    for at in range(100):
        memory.learn([passed.Passed(at, f"name-{at}", "operation")])
    assert len(memory) == 10
    assert [memory.enter(passed.Passed(at, f"name-{at}", "other"), 50) for at in (99, 100)] == [False, True]


async def test_one_that_a_crash_cuts_off_may_come_again() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        node.replies["valid"] = lambda value: asyncio.Event().wait()
        delivery = asyncio.create_task(node.send("in", _github()))
        await settle()
        assert await _code(node, _github()) == "replayed", "the first is under way"
        fresh = await node.restart()
        delivery.cancel()
        fresh.replies.clear()
        assert await _code(fresh, _github()) == "valid"


async def test_what_is_kept_is_no_more_than_the_window_and_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_signature, "KEPT", 3)
    async with run(WebhookSignature, settings={"secret": SECRET, "replayWindow": 60}) as node:
        for number in range(5):
            await node.send("in", _github(b"%d" % number))
        assert len(node.state.passed) == 3
        await node.clock.advance(61)
        await node.send("in", _github(b"new"))
        assert len(node.state.passed) == 1
        await node.set(persistent=False)
        await node.send("in", _github(b"newer"))
        assert len(node.state.passed) == 1
        assert await _code(node, _github(b"newer")) == "replayed"


async def test_what_somebody_else_has_written_there_is_passed_over() -> None:
    metadata = {"webhooks-passed": '["", "soon a b", "1 2"]', "state-version": "1", "state-epoch": "1"}
    async with run(WebhookSignature, settings={"secret": SECRET}, metadata=metadata) as node:
        assert [await _code(node, _github()) for _ in range(2)] == ["valid", "replayed"]
        assert (len(node.state.passed), node.problems) == (1, [])


async def test_what_cannot_be_kept_shows_and_does_not_undo_the_flow() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        node.replies["valid"] = lambda value: {"status": 200}
        node.resource.failures.append(Fail("no answer from the store", code="unreachable", retryable=True))
        assert await node.send("in", _github()) == {"status": 200}
        assert [problem.code for problem in node.problems] == ["unreachable"]
        assert await _code(node, _github()) == "replayed"
        await node.send("in", _github(b"2"))
        assert node.problems == []


async def test_only_where_replays_are_told_the_leader_handles_them() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        assert [port.leader for port in node.instance.ports() if port.name == "in"] == [True]
        await node.set(replayWindow=0)
        assert [port.leader for port in node.instance.ports() if port.name == "in"] == [False]


async def test_what_is_no_raw_body_is_a_failure() -> None:
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        with pytest.raises(Fail, match="HTTP Server") as refused:
            await node.send("in", {"raw": "{}", "headers": {}})
        assert (refused.value.code, refused.value.problem.field) == ("invalid_base64", "/raw")


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"secret": ""}, "/secret"), ({"header": "a b"}, "/header"), ({"tolerance": 0}, "/tolerance")],
)
async def test_unfit_settings_are_refused(changed: dict[str, Any], field: str) -> None:
    async with run(WebhookSignature, settings={"secret": SECRET}) as node:
        problem = await node.set(**changed)
        assert problem is not None
        assert problem.field == field
