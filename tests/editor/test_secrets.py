"""A project's secrets: names here, values on the cluster, and nothing of these anywhere else."""

import base64
import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_create_project, do_delete_project, do_delete_secret
from projects.models import AuditEntry, Flow, Membership, ProjectSecret, Role
from projects.operations import limits
from tests.editor.edits import Editor
from tests.editor.test_api import Api, signed_in
from tests.waiting import eventually
from weirflow.kube.errors import NotFound
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import LABEL_SECRET, LABEL_SECRETS_OF, SECRET, TINY_NODE, decode_json

pytestmark = pytest.mark.server

VALUE = "hunter2-correct-horse"


async def of_project(person: User, flow: Flow) -> Api:
    api = await signed_in(person, flow)
    api.root = f"/api/projects/{flow.project_id}/secrets"
    return api


def new(name: str = "slack", key: str = "url", value: str = VALUE) -> dict[str, str]:
    return {"name": name, "key": key, "value": value}


async def stored(admin: HttpCluster, project: str) -> list[dict[str, Any]]:
    items = (await admin.list(SECRET, label_selector=f"{LABEL_SECRETS_OF}={project}"))["items"]
    return [item for item in items if isinstance(item, dict)]


async def test_a_value_goes_to_the_cluster_and_is_told_to_nobody(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api = await of_project(owner, flow)
    status, row = await api.post("", new(), **{"Idempotency-Key": "k1"})
    assert status == 201, row
    wanted = {
        "id": row["id"], "name": "slack", "key": "url", "reference": "[[secret:slack/url]]", "uses": [], "use_count": 0,
        "stored": True, "changed": row["changed"], "changed_by": owner.username,
    }  # fmt: skip
    assert row == {**wanted, "hidden": True}
    assert (await api.post("", new(), **{"Idempotency-Key": "k1"}))[1] == row, "sent again it is answered again"
    project = flow.project.resource_name
    (secret,) = await stored(admin, project)
    assert secret["data"] == {"url": base64.b64encode(VALUE.encode()).decode()}
    assert secret["metadata"]["labels"][LABEL_SECRET] == "slack"
    assert secret["metadata"]["name"].startswith(f"{project}.slack-")
    status, listed = await api.get()
    assert (status, listed) == (200, {"project": project, "secrets": [wanted], "others": []})
    status, again = await api.put(f"/{row['id']}", {"value": "another-value-of-it"})
    assert (status, again["changed"] > row["changed"]) == (200, True)
    (replaced,) = await stored(admin, project)
    assert replaced["data"] == {"url": base64.b64encode(b"another-value-of-it").decode()}
    assert replaced["metadata"]["uid"] == secret["metadata"]["uid"]
    assert (await api.delete(f"/{row['id']}"))[0] == 200
    assert (await api.get())[1]["secrets"] == []

    async def gone() -> bool:
        return await stored(admin, project) == []

    await eventually(gone)
    entries = await in_database(lambda: list(AuditEntry.objects.values_list("action", "object_name")))
    said = [entry for entry in entries if entry[0].startswith("secret.")]
    assert said == [("secret.create", "slack/url"), ("secret.replace", "slack/url"), ("secret.delete", "slack/url")]
    everything = str(await in_database(whole_database)) + caplog.text
    for value in (VALUE, "another-value-of-it"):
        for form in (value, base64.b64encode(value.encode()).decode()):
            assert form not in everything


def whole_database() -> list[Any]:
    """All rows of all tables."""
    with connection.cursor() as cursor:
        rows: list[Any] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [bytes(cell) if isinstance(cell, memoryview) else cell for row in cursor.fetchall() for cell in row]
        return rows


REFUSED = [
    (new(name=""), "secret_name"),
    (new(name="Slack"), "secret_name"),
    (new(name="a..b"), "secret_name"),
    (new(name="../weirflow-link"), "secret_name"),
    (new(key="a/b"), "secret_name"),
    (new(key="a]"), "secret_name"),
    (new(value=""), "secret_empty"),
    (new(value="[[secret:other/key]]"), "secret_is_reference"),
    (new(value="é" * 30_000), "secret_too_large"),
    ({"name": "slack", "key": "url"}, "invalid_request"),
    (new(value="x" * 40_000), "invalid_request"),
]


async def test_what_cannot_be_is_refused_without_repeating_the_value(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow
) -> None:
    api = await of_project(owner, flow)
    for body, code in REFUSED:
        _, answer = await api.post("", body)
        assert answer["error"]["code"] == code, answer
        assert "xxxx" not in str(answer)
        assert "éé" not in str(answer)
    assert await in_database(ProjectSecret.objects.count) == 0
    assert await stored(admin, flow.project.resource_name) == []


async def test_names_are_taken_once_and_the_number_is_limited(
    live: LiveSide, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = await of_project(owner, flow)
    assert (await api.post("", new()))[0] == 201
    status, answer = await api.post("", new(value="other"))
    assert (status, answer["error"]["code"]) == (409, "secret_exists")
    assert (await api.post("", new(key="token")))[0] == 201
    monkeypatch.setattr("projects.actions.secrets.MAX_SECRETS", 2)
    assert (await api.post("", new(name="more")))[1]["error"]["code"] == "too_many_secrets"
    assert limits.MAX_SECRETS >= 100


async def test_two_projects_may_call_theirs_the_same(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow
) -> None:
    other = await in_database(do_create_project, owner, flow.project.name)
    first, second = await of_project(owner, flow), await of_project(owner, flow)
    second.root = f"/api/projects/{other.pk}/secrets"
    assert (await first.post("", new(value="value of the first")))[0] == 201
    status, theirs = await second.post("", new(value="value of the second"))
    assert theirs["hidden"] is True
    assert status == 201
    (mine,) = await stored(admin, flow.project.resource_name)
    assert base64.b64decode(mine["data"]["url"]) == b"value of the first"
    assert (await first.put(f"/{theirs['id']}", {"value": "mine now"}))[0] == 404
    assert (await first.delete(f"/{theirs['id']}"))[0] == 404
    (still,) = await stored(admin, other.resource_name)
    assert base64.b64decode(still["data"]["url"]) == b"value of the second"
    assert (await second.post("", new(name="pin", value=" 1234 ")))[1]["hidden"] is False, "too short to be looked for"
    await in_database(do_delete_project, owner, other)

    async def collected() -> bool:
        return await stored(admin, other.resource_name) == []

    await eventually(collected)
    assert len(await stored(admin, flow.project.resource_name)) == 1


@pytest.mark.both_databases
async def test_where_they_are_used_is_told_and_undo_of_a_deletion_finds_them(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow
) -> None:
    editor, api = Editor(live, owner, flow), await of_project(owner, flow)
    await api.post("", new())
    node = await editor.add(settings={"list": ["[[secret:slack/url]]"], "elsewhere": "[[secret:made/by-kubectl]]"})
    listed = (await api.get())[1]
    (use,) = listed["secrets"][0]["uses"]
    assert (use["node"], use["flow"], use["wire"]) == (node, str(flow.pk), False)
    (other,) = listed["others"]
    assert (other["reference"], other["use_count"]) == ("[[secret:made/by-kubectl]]", 1)
    name = await editor.name(node)

    async def pushed() -> Any:
        try:
            ports = (await admin.get(TINY_NODE, name))["spec"]["ports"]
        except NotFound:
            return None
        return decode_json(ports[0]["configuration"])["list"]

    assert await eventually(pushed) == ["[[secret:slack/url]]"]
    deleted = await editor.edit({"op": "delete_node", "id": node})
    assert (await api.get())[1]["secrets"][0]["use_count"] == 0
    await editor.undo(deleted.rev)
    assert (await api.get())[1]["secrets"][0]["use_count"] == 1
    assert len(await stored(admin, flow.project.resource_name)) == 1


async def test_who_may_look_sees_names_and_changes_nothing(live: LiveSide, owner: User, flow: Flow) -> None:
    viewer = await in_database(User.objects.create_user, "viewer")
    await in_database(Membership.objects.create, user=viewer, project=flow.project, role=Role.VIEWER)
    row = (await (await of_project(owner, flow)).post("", new()))[1]
    api = await of_project(viewer, flow)
    assert [secret["name"] for secret in (await api.get())[1]["secrets"]] == ["slack"]
    for answer in (await api.post("", new(name="b")), await api.put(f"/{row['id']}", {"value": "theirs"})):
        assert answer[0] == 403
    assert (await api.delete(f"/{row['id']}"))[0] == 403


async def test_the_page_adds_replaces_and_asks_before_it_deletes(
    live: LiveSide, admin: HttpCluster, owner: User, flow: Flow
) -> None:
    client, address = (await signed_in(owner, flow)).client, f"/projects/{flow.project_id}/secrets/"

    async def post(**form: str) -> tuple[int, str]:
        answer = await client.post(address, form)
        return answer.status_code, answer.content.decode()

    async def now() -> list[str]:
        return [
            base64.b64decode(one["data"]["url"]).decode() for one in await stored(admin, flow.project.resource_name)
        ]

    status, html = await post(do="add", name="Not a name", key="url", value=VALUE)
    assert status == 422
    assert "Not a name" in html
    assert VALUE not in html
    assert (await post(do="add", name="slack", key="url", value=VALUE))[0] == 302
    assert await now() == [VALUE]
    html = (await client.get(address)).content.decode()
    assert "[[secret:slack/url]]" in html
    assert VALUE not in html
    secret = str(await in_database(lambda: ProjectSecret.objects.get().pk))
    status, html = await post(do="replace", secret=secret, value="")
    assert (status, "Type or paste" in html) == (422, True)
    assert (await post(do="replace", secret=secret, value="short"))[0] == 302
    assert "hidden in secret fields alone" in (await client.get(f"{address}?short")).content.decode()
    assert (await post(do="replace", secret=secret, value="another-value"))[0] == 302
    assert await now() == ["another-value"]
    status, html = await post(do="delete", secret=secret)
    assert (status, "Delete slack/url?" in html) == (200, True)
    assert await now() == ["another-value"]
    assert (await post(do="delete", secret=secret, sure="1"))[0] == 302
    assert (await post(do="delete", secret=secret, sure="1"))[0] == 404


async def test_nothing_stays_of_a_secret_that_the_cluster_does_not_take(
    live: LiveSide, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = await of_project(owner, flow)
    row = (await api.post("", new()))[1]
    assert live.hub.connection is not None
    monkeypatch.setattr(live.hub.connection.cluster, "replace", _refuses)
    status, answer = await api.post("", new(name="other"))
    assert (status, answer["error"]["code"]) == (503, "cluster_refuses")
    assert "install_cluster" in answer["error"]["message"]
    assert (await api.put(f"/{row['id']}", {"value": "theirs"}))[0] == 503
    assert [secret["name"] for secret in (await api.get())[1]["secrets"]] == ["slack"]
    await in_database(do_delete_secret, owner, flow.project, row["id"])


async def _refuses(*_asked: Any, **_more: Any) -> Any:
    from weirflow.kube.errors import Forbidden

    raise Forbidden("no", status=403)
