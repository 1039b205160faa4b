"""Every operation of the HTTP API, for everybody who may come."""

from collections.abc import Iterator

import pytest
from django.test import Client

from editor.api import api
from tests.matrix.api_rows import OPERATIONS, Operation
from tests.matrix.people import ANONYMOUS, SIGNED_IN, TOKENS, Answer, Who
from tests.matrix.world import World, make_world


def _operations() -> Iterator[str]:
    for _, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield f"{method} {path.replace('{uuidstr:', '{uuid:')}"


def test_every_operation_has_a_row() -> None:
    there = sorted(_operations())
    assert sorted(OPERATIONS) == there, "tests/matrix/api_rows.py has a row for each operation of the API and no more"


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Committed: the API reads on a connection of its own. No cluster: what is allowed need not succeed."""
    monkeypatch.setenv("KUBECONFIG", "/nonexistent/kubeconfig")
    return make_world()


def test_everybody_is_answered_as_their_role_says(world: World) -> None:
    wrong = []
    for who in (ANONYMOUS, *SIGNED_IN, *TOKENS):
        client = _client(world, who)
        for key, row in OPERATIONS.items():
            got, expected = _answer(client, world, key, row), who.answer(row.need)
            if got != expected:
                wrong.append(f"{key} answers {who.name} {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def _client(world: World, who: Who) -> Client:
    if who.name in world.tokens:
        return Client(headers={"Authorization": f"Bearer {world.tokens[who.name]}"})
    client = Client()
    if who.verbs is not None:
        client.force_login(world.people[who.name])
    return client


def _answer(client: Client, world: World, key: str, row: Operation) -> Answer | str:
    method, _, path = key.partition(" ")
    response = client.generic(
        method,
        "/api" + world.address(path, **row.ids) + row.query,
        data=_json(row.body),
        content_type="application/json",
        headers=row.headers,
    )
    if response.status_code == 401:
        return "sign_in"
    if response.status_code == 403:
        return "forbidden"
    if response.status_code == 404:
        error = response.json()["error"]
        found_out = row.missing and error["code"] == row.missing and error["message"] != NOTHING
        return "allowed" if found_out else "not_found"
    if response.status_code >= 500 and response.status_code != 503:
        return f"{response.status_code} {response.content[:200]!r}"
    return "allowed"


NOTHING = "There is nothing here, or it is not shared with you."


def _json(body: object) -> bytes:
    import orjson

    return orjson.dumps(body) if body is not None else b""
