"""A mapping that is being written: what it would give, what could be written next, and what nobody gets to see."""

import asyncio
import uuid
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor import turns
from editor.process import LiveSide
from projects.models import Flow
from tests.editor.cluster import port
from tests.editor.test_api import Api, signed_in
from tests.editor.test_validation import Typed, announce, typed
from tests.waiting import eventually
from weirflow.kube.http import HttpCluster

__all__ = ["typed"]

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "What the person is called"},
        "age": {"type": "integer"},
        "pin": {"type": "string", "secret": True, "examples": ["1234"]},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}
LETTER = {
    "type": "object",
    "properties": {"to": {"type": "string", "maxLength": 8}, "years": {"type": "integer"}, "text": {"type": "string"}},
    "required": ["to"],
    "additionalProperties": False,
}
COMPONENTS = [
    {"name": "people", "ports": [port("_settings"), port("out", source=True, schema=PERSON)]},
    {"name": "letters", "ports": [port("_settings"), port("in", schema=LETTER)]},
]


@pytest_asyncio.fixture
async def api(live: LiveSide, owner: User, flow: Flow) -> Api:
    return await signed_in(owner, flow)


@pytest_asyncio.fixture
async def wire(typed: Typed, admin: HttpCluster, live: LiveSide) -> str:
    await announce(admin, COMPONENTS)

    await eventually(lambda: live.hub.modules.find("typed-v1", "letters") is not None)
    return await typed.wire(await typed.place("people"), await typed.place("letters"), {})


async def preview(api: Api, wire: str, mapping: Any, **more: Any) -> Any:
    status, body = await api.post(f"/edges/{wire}/preview", {"mapping": mapping, **more})
    assert status == 200, body
    return body


async def test_both_ends_and_a_message_that_is_made_up(api: Api, wire: str) -> None:
    status, body = await api.get(f"/edges/{wire}/ends")
    assert status == 200, body
    assert body["source"]["properties"].keys() == {"name", "age", "pin"}
    assert body["target"]["required"] == ["to"]
    assert body["message"] == {"name": "name", "age": 1, "pin": "<redacted>"}


async def test_what_a_mapping_gives_for_made_up_data(api: Api, wire: str) -> None:
    body = await preview(api, wire, {"to": "{{ $.name }}", "years": "{{ $.age + 1 }}"})
    assert (body["value"], body["failed"]) == ({"to": "name", "years": 2}, {})
    assert (body["outcome"], body["findings"]) == ("valid", [])


async def test_what_a_mapping_gives_for_a_message(api: Api, wire: str) -> None:
    message = {"name": "Bartholomew", "age": 31}
    body = await preview(
        api, wire, {"to": "{{ $.name }}", "years": "{{ 1 / ($.age - 31) }}"}, message=message, name="the last message"
    )
    assert body["value"] == {"to": "Bartholomew", "years": None}
    assert body["failed"] == {"/years": "division by zero (at character 3)"}
    assert body["outcome"] == "invalid"
    found = {(one["field"], one["code"]): one["message"] for one in body["findings"]}
    assert found["/to", "does_not_fit_sample"] == "with the last message, to must have at most 8 characters"
    assert found["/years", "fails_on_sample"] == "fails on the last message: division by zero (at character 3)"


async def test_a_slip_is_named_with_its_place(api: Api, wire: str) -> None:
    body = await preview(api, wire, {"to": "Dear {{ $.name + }}", "text": "{{ $.nmae }}"})
    found = {one["field"]: one for one in body["findings"]}
    assert (found["/to"]["code"], found["/to"]["position"]) == ("syntax", 8)
    assert (found["/text"]["code"], found["/text"]["suggestion"]) == ("unknown_path", "$.name")


async def test_null_is_a_message_too(api: Api, wire: str) -> None:
    body = await preview(api, wire, {"to": "{{ $ == null ? 'nobody' : 'you' }}"}, message=None)
    assert body["value"] == {"to": "nobody"}


async def test_secrets_are_neither_worked_with_nor_shown(api: Api, wire: str) -> None:
    mapping = {"to": "{{ $.pin }}", "text": "{{ reverse($.pin) }}"}
    for more in ({}, {"message": {"name": "Ann", "age": 3, "pin": "98765"}}):
        body = await preview(api, wire, mapping, **more)
        assert body["value"] == {"to": "<redacted>", "text": ">detcader<"}
        assert "98765" not in str(body)
        # That the placeholder is too long says nothing of the secret.
        assert body["outcome"] == "unverifiable", body
    body = await preview(api, wire, {"to": "x"}, message={"password": "98765", "name": "Ann"})
    assert "98765" not in str(body)


@pytest.mark.parametrize(
    "expression",
    [
        "$..*[?($..*[?($..* == @)] == @)]",
        "join(split($.name, ''), $.name)",
        "9 ** 9 ** 9",
        "$.name =~ '(a+)+$'",
        "(" * 500,
    ],
)
async def test_hostile_expressions_fail_and_hold_nobody_up(api: Api, wire: str, expression: str) -> None:
    message = {"name": "a" * 50_000, "age": 1, "list": [[{"n": n}] * 5 for n in range(300)]}
    mapping = {"to": "x", "text": [f"{{{{ {expression} }}}}"] * 200, "years": "{{ 1 + 1 }}"}
    async with asyncio.timeout(40):
        body = await preview(api, wire, mapping, message=message)
    assert body["outcome"] == "invalid"


async def test_a_result_that_would_be_endless_is_not_shown(api: Api, wire: str) -> None:
    message = {"name": "a" * 100_000, "age": 1}
    body = await preview(api, wire, {"text": ["{{ $ }}"] * 1_000}, message=message)
    assert body["value"] is None
    assert "result_too_large" in [one["code"] for one in body["findings"]]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"mapping": {"text": "x" * 600_000}}, 413, "mapping_too_large"),
        ({"mapping": {}, "message": "x" * 300_000}, 413, "message_too_large"),
        ({"mapping": {}, "message": [0] * 30_000}, 413, "message_too_large"),
        ({"mapping": {}, "message": {"n": 10**30}}, 400, "not_json"),
        ({"mapping": []}, 400, "invalid_request"),
        ({"mapping": {}, "name": "n" * 201}, 400, "invalid_request"),
        ("{", 400, "invalid_request"),
    ],
)
async def test_what_cannot_be_tried_is_refused(api: Api, wire: str, body: Any, status: int, code: str) -> None:
    answer = await api.post(f"/edges/{wire}/preview", body)
    assert (answer[0], answer[1]["error"]["code"]) == (status, code)


async def test_what_could_be_written_next(api: Api, wire: str) -> None:
    status, body = await api.post(f"/edges/{wire}/completion", {"text": "Dear {{ $.na }}", "cursor": 12})
    assert status == 200, body
    assert body["completions"][0] == {
        "kind": "field",
        "label": "name",
        "insert": ".name",
        "start": 9,
        "end": 12,
        "detail": "text",
        "doc": "What the person is called",
    }
    _, body = await api.post(f"/edges/{wire}/completion", {"text": "{{ upp }}", "cursor": 6})
    first = body["completions"][0]
    assert (first["kind"], first["insert"], first["detail"]) == ("function", "upper(", "upper(text)")
    assert first["doc"]


async def test_no_more_than_a_few_at_a_time_are_worked_out_for_one_person(
    api: Api, wire: str, viewer: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns.trials, "each", 1)
    answers = await asyncio.gather(*(api.post(f"/edges/{wire}/preview", {"mapping": {}}) for _ in range(5)))
    statuses = [status for status, _ in answers]
    assert 200 in statuses
    assert {body["error"]["code"] for status, body in answers if status != 200} == {"too_many_previews"}
    assert set(statuses) == {200, 429}
    # Another person is not held up, and neither is the first one afterwards.
    for one in (api, await signed_in(viewer, flow)):
        assert (await one.post(f"/edges/{wire}/preview", {"mapping": {}}))[0] == 200


async def test_only_who_sees_the_flow_may_try_its_wires(wire: str, flow: Flow, stranger: User, viewer: User) -> None:
    requests: list[tuple[str, Any]] = [
        (f"/edges/{wire}/preview", {"mapping": {}}),
        (f"/edges/{wire}/completion", {"text": "", "cursor": 0}),
    ]
    for api, expected in (
        (await signed_in(viewer, flow), 200),
        (await signed_in(stranger, flow), 404),
        (Api(AsyncClient(), flow), 401),
    ):
        assert (await api.get(f"/edges/{wire}/ends"))[0] == expected
        for path, body in requests:
            assert (await api.post(path, body))[0] == expected


async def test_a_wire_that_is_not_in_the_flow(api: Api, wire: str) -> None:
    gone = uuid.uuid4()
    assert (await api.get(f"/edges/{gone}/ends"))[0] == 404
    assert (await api.post(f"/edges/{gone}/preview", {"mapping": {}}))[0] == 404
