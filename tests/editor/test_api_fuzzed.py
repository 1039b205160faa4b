"""The HTTP API, asked by its own description: whatever is sent, it answers what the description knows.

A normal run asks the same every time; WEIRFLOW_FUZZ_SECONDS has it ask anew for so long.
"""

import asyncio
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
import schemathesis
from django.http import HttpResponse
from django.test import AsyncClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from editor.api import api
from editor.api.page_schemas import PAGE_OPERATIONS
from editor.api.schemas import OPERATIONS
from editor.database import in_database
from editor.process import LiveSide
from projects.actions.tokens import do_create_token
from tests.matrix.people import SCOPES
from tests.matrix.world import NODE, OTHER_NODE, World, make_world

pytestmark = [pytest.mark.server, pytest.mark.timeout(0 if os.environ.get("WEIRFLOW_FUZZ_SECONDS") else 300)]

SECONDS = float(os.environ.get("WEIRFLOW_FUZZ_SECONDS", "0"))
EXAMPLES = {"token": 6, "session": 2}
"""Requests to each operation in a normal run; the session differs only by how it is known who asks."""
NAMES = [*OPERATIONS, *PAGE_OPERATIONS]
FIELDS = [
    "module", "component", "x", "y", "label", "comment", "group", "settings", "fields", "path", "value", "port",
    "definition", "schema", "source", "source_port", "target", "target_port", "mapping", "timeout_ms",
    "retry_policy", "width", "height", "name", "colour", "collapsed", "ports", "text", "flow", "wires", "keep",
    "page", "node", "w", "h", "title", "schema_patch", "operators", "position",
]  # fmt: skip
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.parametrize("way", ["token", "session"])
async def test_no_request_is_answered_with_what_the_description_does_not_know(live: LiveSide, way: str) -> None:
    world = await in_database(make_world)
    client, by = await _signed_in(world, way)
    operations = list(_operations())
    per_operation = SECONDS / 2 / len(operations)
    examples = 10_000 if SECONDS else EXAMPLES[way]
    wrong = []
    for operation in operations:
        # Each in a thread: what is drawn waits for its answer, and the answers are made on this loop.
        loop = asyncio.get_running_loop()
        fault = await asyncio.to_thread(_ask, loop, client, by, world, operation, examples, per_operation)
        if fault:
            wrong.append(fault)
    assert not wrong, "\n\n".join(wrong)


async def _signed_in(world: World, way: str) -> tuple[AsyncClient, dict[str, str]]:
    owner = world.people["owner"]
    if way == "token":
        _, text = await in_database(do_create_token, owner, "fuzz", SCOPES, 1)
        return AsyncClient(), {"authorization": f"Bearer {text}"}
    client = AsyncClient()
    await client.aforce_login(owner)
    return client, {}


def _operations() -> Iterator[APIOperation[Any, Any, Any, Any]]:
    # Who asks is ours to say: made-up tokens would be all that is tried.
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    description = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix="/api/")), config=config)
    for found in description.get_all_operations():
        yield found.ok()


def _ask(
    loop: asyncio.AbstractEventLoop,
    client: AsyncClient,
    by: Mapping[str, str],
    world: World,
    operation: APIOperation[Any, Any, Any, Any],
    examples: int,
    seconds: float,
) -> str:
    """What an operation answered wrongly, in words; empty when nothing."""
    known = {one.name: world.ids[one.name] for one in operation.path_parameters if one.name in world.ids}
    end = time.monotonic() + seconds

    @given(_cases(operation, known))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=not SECONDS,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    def each(case: schemathesis.Case) -> None:
        if SECONDS and time.monotonic() > end:
            return
        answer = asyncio.run_coroutine_threadsafe(_send(client, by, case), loop).result(30)
        case.validate_response(answer, checks=CHECKS)

    try:
        each()
    except FailureGroup as fault:
        return f"{operation.label}: {fault}"
    return ""


def _cases(operation: APIOperation[Any, Any, Any, Any], known: Mapping[str, str]) -> st.SearchStrategy[Any]:
    """Mostly of what is there; and what the description forbids."""
    there = operation.as_strategy(path_parameters=dict(known)) if known else operation.as_strategy()
    parts = [there, there, operation.as_strategy()]
    if operation.body or operation.query or operation.headers:
        parts.append(operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=dict(known) or None))
    if operation.path.endswith("/changes") and operation.body:
        parts += [st.builds(_with_ops, there, st.lists(_operation(list(known.values())), min_size=1, max_size=4))] * 5
    return st.one_of(parts)


def _operation(ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """One of a batch, of which the description says no more than that it is there: in its shape, of things that are."""
    leaf = (
        st.none()
        | st.booleans()
        | st.integers(-100, 10**7)
        | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
        | st.sampled_from(ids)
    )
    value = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner))
    rest = st.dictionaries(st.sampled_from(FIELDS), value, max_size=6)
    head = st.fixed_dictionaries(
        {"op": st.sampled_from(NAMES), "id": st.sampled_from([NODE, OTHER_NODE, *ids]) | value}
    )
    return st.builds(lambda one, other: {**other, **one}, head, rest)


def _with_ops(case: schemathesis.Case, ops: list[Any]) -> schemathesis.Case:
    case.body = {"base_rev": 0, "client_op_id": uuid.uuid4().hex, "ops": ops}
    if "/projects/" in case.path:
        del case.body["base_rev"]
    return case


async def _send(client: AsyncClient, by: Mapping[str, str], case: schemathesis.Case) -> Response:
    """Asks the application as it stands, without a socket in between."""
    asked = case.as_transport_kwargs(base_url="http://testserver")
    asked = {key: asked.get(key) for key in ("method", "url", "headers", "params", "json", "data", "cookies")}
    request = requests.Request(**asked).prepare()
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    kind = headers.pop("content-type", "application/json")
    for ours in ("content-length", "cookie", "authorization"):
        headers.pop(ours, None)
    body = request.body or b""
    response: HttpResponse = await client.generic(
        request.method,
        request.path_url,
        body.encode() if isinstance(body, str) else body,
        kind,
        headers={**headers, "accept-encoding": "identity", **by},
    )
    answered = {name.lower(): [value] for name, value in response.items()}
    return Response(response.status_code, answered, response.content, request, 0.0, False)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
