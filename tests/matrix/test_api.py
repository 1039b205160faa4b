"""Every operation of the HTTP API, for everybody who may come."""

import inspect
from collections.abc import Iterator

import pytest
from django.http import HttpResponseBase
from django.test import Client
from ninja.operation import Operation as Described

from editor.api import api
from projects.models import Change
from projects.share_links import SHARE_HEADER
from tests.matrix.api_rows import OPERATIONS, Operation
from tests.matrix.people import ANONYMOUS, SIGNED_IN, TOKENS, Answer, Who
from tests.matrix.world import World, make_world


def _described() -> Iterator[tuple[str, Described]]:
    for _, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield path.replace("{uuidstr:", "{uuid:"), operation


def _operations() -> Iterator[str]:
    return (f"{method} {path}" for path, operation in _described() for method in operation.methods)


def test_every_operation_has_a_row() -> None:
    there = sorted(_operations())
    assert sorted(OPERATIONS) == there, "tests/matrix/api_rows.py has a row for each operation of the API and no more"


def test_every_operation_answers_by_a_response_of_its_own() -> None:
    """What is declared of answers is for the document: the framework takes nothing out of one that says more."""
    for path, operation in _described():
        answer = inspect.signature(operation.view_func).return_annotation
        assert issubclass(answer, HttpResponseBase), path


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


def test_visitors_have_what_their_link_shows_and_no_more(world: World) -> None:
    """Signed in or not: a page that was opened by a link asks by that link."""
    wrong = []
    for name, token in world.shares.items():
        client = Client(headers={SHARE_HEADER: token})
        client.force_login(world.people["owner"])
        for key, row in OPERATIONS.items():
            expected = "allowed" if row.visitors and name.endswith(row.visitors) else "refused"
            got = _answer(client, world, key, row)
            got = "refused" if got in ("forbidden", "not_found") else got
            # The page's visitor is told to read it anew, the flow's the same of a dashboard it does not see.
            if got != expected and not key.startswith("GET /projects/{uuid:project}/pages/changes"):
                wrong.append(f"{key} answers the {name} {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_a_link_that_is_none_is_told_so(world: World) -> None:
    client = Client(headers={SHARE_HEADER: "nothing"})
    client.force_login(world.people["owner"])
    assert client.get(f"/api/flows/{world.flow.pk}").status_code == 401


def test_what_a_visitor_reads_names_nobody_and_nothing_else(world: World) -> None:
    by_flow, by_page = (Client(headers={SHARE_HEADER: token}) for token in world.shares.values())
    read = [
        by_flow.get(f"/api/flows/{world.flow.pk}"),
        by_flow.get(f"/api/flows/{world.flow.pk}/changes?after={_before_the_first(world)}"),
        by_page.get(f"/api/projects/{world.project.pk}/pages"),
    ]
    assert [answer.status_code for answer in read] == [200, 200, 200]
    told = b"".join(answer.content for answer in read)
    assert [name for name in ("owner", "Reports", "Hidden", "hush") if name.encode() in told] == []
    assert [page["name"] for page in read[2].json()["pages"]] == ["Floor"]


def _before_the_first(world: World) -> int:
    return Change.objects.filter(flow=world.flow).order_by("rev").values_list("prev_rev", flat=True)[0]


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
