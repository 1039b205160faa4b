"""Every list of the API has an end: it comes in pages, or it is said here what bounds it."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from editor.api import api
from projects.actions.tokens import do_create_token
from projects.models import Flow, Scenario

BOUNDED = {
    "/api/flows/{flow}": "what one flow may hold (projects/operations/limits.py)",
    "/api/flows/{flow}/catalogue": "what the modules of the cluster offer",
    "/api/flows/{flow}/changes": "MAX_CHANGES of an answer; the next ones `after` the last",
    "/api/flows/{flow}/comments/{thread}": "MAX_COMMENTS of a thread",
    "/api/flows/{flow}/find": "MAX_HITS",
    "/api/flows/{flow}/nodes/{node}/state": "the fields of a state and its newest changes, as the host has them",
    "/api/flows/{flow}/people": "MAX_NAMES",
    "/api/flows/{flow}/runs/{trace}": "what hosts remember of one run",
    "/api/flows/{flow}/siblings": "MAX_SIBLINGS",
    "/api/flows/{flow}/versions": "MAX_VERSIONS with a name, MAX_POINTS between; `before` leads on",
    "/api/flows/{flow}/versions/{a}/diff/{b}": "what one flow may hold",
    "/api/flows/{flow}/versions/{ref}": "what one flow may hold",
    "/api/flows/{flow}/tests": "MAX_TESTS; those that changed `after` a revision",
    "/api/projects/{project}/activity": "a page of sentences; `before` leads on",
    "/api/projects/{project}/outbound": "the entries of one policy",
    "/api/projects/{project}/pages": "what one dashboard may hold",
    "/api/projects/{project}/pages/changes": "MAX_CHANGES of an answer",
    "/api/projects/{project}/pages/choices": "the first ones that fit what was searched for",
    "/api/projects/{project}/secrets": "MAX_SECRETS made here, MOST_OTHERS that are named",
    "/api/templates": "files of this version",
}


def _lists() -> Iterator[tuple[str, set[str]]]:
    """The path and the arguments of each GET whose answer has an array."""
    described: Any = api.get_openapi_schema(path_prefix="/api/")
    for path, item in described["paths"].items():
        if (operation := item.get("get")) is None:
            continue
        answer = operation["responses"].get(200, {}).get("content", {}).get("application/json", {}).get("schema", {})
        schema = described["components"]["schemas"].get(answer.get("$ref", "").rpartition("/")[2], answer)
        if any(_is_array(field) for field in (schema.get("properties") or {}).values()):
            yield path, {argument["name"] for argument in operation.get("parameters", ())}


def _is_array(field: dict[str, Any]) -> bool:
    return any(kind.get("type") == "array" for kind in (field, *field.get("anyOf", ())))


def test_every_list_is_in_pages_or_has_a_bound() -> None:
    lists = dict(_lists())
    unpaged = {path for path, arguments in lists.items() if "limit" not in arguments}
    assert unpaged == BOUNDED.keys(), "page the list (editor/api/listing.py), or say here what bounds it"
    assert {"/api/flows/{flow}/scenarios", "/api/flows/{flow}/comments", "/api/tokens"} <= lists.keys() - unpaged


@pytest.mark.both_databases
def test_what_was_made_at_one_time_comes_in_pages_too(transactional_db: None, owner: User, flow: Flow) -> None:
    def make(number: int) -> uuid.UUID:
        about: dict[str, Any] = {"project": flow.project, "flow": flow, "resource_name": f"s-{number}"}
        return Scenario.objects.create(pk=uuid.uuid4(), name=f"{number}", **about).pk

    made = [make(number) for number in range(5)]
    Scenario.objects.filter(pk__in=made[1:4]).update(created=Scenario.objects.get(pk=made[1]).created)
    wanted = [str(made[0]), *sorted(map(str, made[1:4])), str(made[4])]
    _, text = do_create_token(owner, "a program", ["view"], 1)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    address = f"/api/flows/{flow.pk}/scenarios"
    assert [row["id"] for row in client.get(address).json()["scenarios"]] == wanted
    rows, after = [], ""
    for _ in range(3):
        page = client.get(f"{address}?limit=2{after}").json()
        rows += [row["id"] for row in page["scenarios"]]
        after = f"&after={page['next']}"
    assert (rows, page["next"]) == (wanted, None)
    for nonsense in ("x", "1", "1.x", f"{10**30}.{made[0]}"):
        refused = client.get(f"{address}?after={nonsense}")
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, "/after")
