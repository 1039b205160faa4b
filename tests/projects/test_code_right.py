"""Who may write code: asked wherever a node's settings come from."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects import heard
from projects.actions import (
    do_apply_file,
    do_import_flow,
    do_import_into_flow,
    do_restore,
    do_set_code_right,
    do_set_role,
)
from projects.actions import heard as actions_heard
from projects.actions.heard import do_store_heard
from projects.actions.tokens import do_create_token
from projects.catalogue import Port
from projects.errors import ProjectError
from projects.models import ApiToken, AuditEntry, Change, Flow, HeardComponent, Node, Project, Role
from projects.permissions import can
from projects.tokens import person_of
from tests.projects.world import CATALOGUE, _component, add, client_op, edit, undo, wire
from weirflow.flowfile import FileFlow, read_flow_file

A, B, C = "a" * 12, "b" * 12, "c" * 12
FILE = """
weirflow: 1
kind: Flow
name: Brought along
nodes:
  doubled:
    component: common-v1/code
    at: [0, 0]
    settings: {code: "return message * 2"}
"""


@pytest.fixture(autouse=True)
def components(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = (Port("_settings", False, {"type": "object"}), Port("in", False), Port("out", True))
    for name in ("code", "script"):
        monkeypatch.setitem(CATALOGUE.components, name, _component(name, *ports))
    said = {("common-v1", name): name == "script" for name in ("script", "anything")}
    monkeypatch.setattr(heard, "_heard", said)
    monkeypatch.setattr(heard, "_unstored", set())


@pytest.fixture
def left_to_owners(owner: User, project: Project) -> Project:
    return do_set_code_right(owner, project, owners_only=True)


def code(node_id: str, component: str = "code", text: str = "return 1") -> dict[str, object]:
    return add(node_id, component, settings={"code": text})


def setting(node_id: str, text: str) -> dict[str, object]:
    return {"op": "set_setting", "id": node_id, "path": ["code"], "value": text}


def refused(attempt: Callable[[], object]) -> ProjectError:
    before = (Change.objects.count(), list(Node.objects.order_by("pk").values("id", "settings")))
    with pytest.raises(ProjectError) as error:
        attempt()
    assert (error.value.code, error.value.status) == ("code_forbidden", 403)
    assert before == (Change.objects.count(), list(Node.objects.order_by("pk").values("id", "settings")))
    return error.value


def file() -> FileFlow:
    read = read_flow_file(FILE)
    assert isinstance(read, FileFlow)
    return read


def test_owners_and_editors_write_code(owner: User, colleague: User, flow: Flow) -> None:
    for person, node in ((owner, A), (colleague, B)):
        edit(person, flow, code(node))
        edit(person, flow, setting(node, "return 2"))


def test_where_it_is_left_to_owners_an_editor_does_everything_else(
    owner: User, colleague: User, flow: Flow, left_to_owners: Project
) -> None:
    edit(owner, flow, code(A))
    error = refused(lambda: edit(colleague, flow, code(B)))
    assert "only its owners may write code" in str(error)
    refused(lambda: edit(colleague, flow, setting(A, "return 2")))
    refused(lambda: edit(colleague, flow, add(B), {"op": "set_setting", "id": A, "path": ["deadline"], "value": 5}))
    edit(colleague, flow, add(B), {"op": "set_node", "id": A, "fields": {"x": 64, "label": "Mine"}})
    edit(colleague, flow, wire("00000000-0000-4000-8000-000000000001", B, A))
    edit(colleague, flow, {"op": "delete_node", "id": A})


def test_what_is_announced_counts_as_code_whatever_it_is_called(
    colleague: User, flow: Flow, left_to_owners: Project
) -> None:
    refused(lambda: edit(colleague, flow, code(A, "script")))


@pytest.mark.parametrize("runs_code", [True, False, None])
def test_what_this_process_has_not_heard_is_judged_by_what_is_stored_and_strictly_by_nothing(
    owner: User,
    colleague: User,
    flow: Flow,
    left_to_owners: Project,
    monkeypatch: pytest.MonkeyPatch,
    runs_code: bool | None,
) -> None:
    changed = edit(owner, flow, code(A, "script")), edit(owner, flow, setting(A, "return 2"))
    undone = undo(owner, flow, edit(owner, flow, code(B, "script")))
    monkeypatch.setattr(heard, "_heard", {})
    if runs_code is not None:
        do_store_heard({("common-v1", "script"): runs_code})
    ways: list[Callable[[], object]] = [
        lambda: undo(colleague, flow, changed[1]),
        lambda: undo(colleague, flow, undone),
        lambda: edit(colleague, flow, code(C, "script"), pasted=True),
        lambda: do_restore(colleague, flow, f"r{changed[0].rev}", client_op()),
    ]
    for way in ways:
        if runs_code is False:
            way()
        else:
            error = refused(way)
            assert ("No module has ever announced common-v1/script" in str(error)) == (runs_code is None)


def test_what_is_heard_is_stored_once_and_code_stays_code(owner: User) -> None:
    heard.announced([(("late-v1", "a"), False), (("late-v1", "b"), True)])
    heard.announced([(("late-v1", "b"), False)])
    for _ in range(2):
        news = heard.unstored()
        assert news == {("late-v1", "a"): False, ("late-v1", "b"): True}
        do_store_heard(news)
    heard.stored(news)
    assert heard.unstored() == {}
    do_store_heard({("late-v1", "b"): False, ("late-v1", "a"): True})
    heard._heard.clear()
    assert heard.known([("late-v1", "a"), ("late-v1", "b"), ("late-v1", "c")]) == {
        ("late-v1", "a"): True,
        ("late-v1", "b"): True,
    }


def test_what_is_heard_past_the_limit_is_not_kept(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_heard, "MOST", 1)
    do_store_heard({("late-v1", "a"): False, ("late-v1", "b"): True})
    assert HeardComponent.objects.count() == 1


def test_an_operation_is_named(colleague: User, flow: Flow, left_to_owners: Project) -> None:
    assert refused(lambda: edit(colleague, flow, add(A), add(B), code(C))).op == 2


def test_pasting_brings_no_code_in(colleague: User, flow: Flow, left_to_owners: Project) -> None:
    refused(lambda: edit(colleague, flow, code(A), pasted=True))


def test_undo_brings_no_code_back(owner: User, colleague: User, flow: Flow, left_to_owners: Project) -> None:
    edit(owner, flow, code(A))
    changed = edit(owner, flow, setting(A, "return 2"))
    refused(lambda: undo(colleague, flow, changed))
    gone = edit(colleague, flow, {"op": "delete_node", "id": A})
    refused(lambda: undo(colleague, flow, gone))
    undo(owner, flow, gone)


def test_a_version_that_is_restored_brings_no_code_back(
    owner: User, colleague: User, flow: Flow, left_to_owners: Project
) -> None:
    then = edit(owner, flow, code(A))
    edit(owner, flow, setting(A, "return 2"))
    refused(lambda: do_restore(colleague, flow, f"r{then.rev}", client_op()))
    edit(colleague, flow, {"op": "delete_node", "id": A})
    refused(lambda: do_restore(colleague, flow, f"r{then.rev}", client_op(), rest=True))
    do_restore(owner, flow, f"r{then.rev}", client_op())


def test_files_bring_no_code_in(owner: User, colleague: User, flow: Flow, left_to_owners: Project) -> None:
    refused(lambda: do_import_into_flow(colleague, flow, file(), client_op(), CATALOGUE))
    refused(lambda: do_import_flow(colleague, flow.project, file(), CATALOGUE))
    refused(lambda: do_apply_file(colleague, flow, file(), client_op(), CATALOGUE))
    do_import_into_flow(owner, flow, file(), client_op(), CATALOGUE)


def test_what_is_changed_and_deleted_in_one_go_is_a_change(
    owner: User, colleague: User, flow: Flow, left_to_owners: Project
) -> None:
    edit(owner, flow, code(A))
    refused(lambda: edit(colleague, flow, setting(A, "return 2"), {"op": "delete_node", "id": A}))


@pytest.mark.parametrize("component", ["code", "script"])
def test_code_is_read_from_no_secret_whoever_asks(owner: User, flow: Flow, component: str) -> None:
    reference = "[[secret:shared/program]]"

    def told(attempt: Callable[[], object]) -> tuple[str, int, str | None]:
        before = (Change.objects.count(), list(Node.objects.order_by("pk").values("id", "settings")))
        with pytest.raises(ProjectError) as error:
            attempt()
        assert reference in str(error.value)
        assert before == (Change.objects.count(), list(Node.objects.order_by("pk").values("id", "settings")))
        return error.value.code, error.value.status, error.value.field

    edit(owner, flow, code(A, component))
    for pasted in (False, True):
        adding = code(B, component, reference)
        assert told(lambda adding=adding, pasted=pasted: edit(owner, flow, adding, pasted=pasted)) == (  # type: ignore[misc]
            "secret_in_code", 422, "/code",
        )  # fmt: skip
    assert told(lambda: edit(owner, flow, setting(A, reference))) == ("secret_in_code", 422, "/code")
    deep = {"op": "set_setting", "id": A, "path": ["more"], "value": [{"a/b": reference}]}
    assert told(lambda: edit(owner, flow, deep)) == ("secret_in_code", 422, "/more/0/a~1b")
    # A text that only looks like one is a text.
    edit(owner, flow, setting(A, f"return {reference!r}"))


def test_no_secret_comes_back_into_code(owner: User, flow: Flow) -> None:
    """Where one stood before that was refused."""
    reference = {"code": "[[secret:shared/program]]"}
    then = edit(owner, flow, code(A))
    Change.objects.filter(pk=then.pk).update(ops=[{**then.ops[0], "settings": reference}])
    Node.objects.filter(pk=A).update(settings=reference)
    gone = edit(owner, flow, {"op": "delete_node", "id": A})
    for attempt in (
        lambda: undo(owner, flow, gone),
        lambda: do_restore(owner, flow, f"r{then.rev}", client_op()),
        lambda: do_restore(owner, flow, f"r{then.rev}", client_op(), rest=True),
    ):
        with pytest.raises(ProjectError) as error:
            attempt()
        assert error.value.code == "secret_in_code"


def test_files_bring_no_secret_into_code(owner: User, flow: Flow) -> None:
    read = read_flow_file(FILE.replace("return message * 2", "[[secret:shared/program]]"))
    assert isinstance(read, FileFlow)
    for attempt in (
        lambda: do_import_into_flow(owner, flow, read, client_op(), CATALOGUE),
        lambda: do_import_flow(owner, flow.project, read, CATALOGUE),
        lambda: do_apply_file(owner, flow, read, client_op(), CATALOGUE),
    ):
        with pytest.raises(ProjectError) as error:
            attempt()
        assert error.value.code == "secret_in_code"
    assert not Node.objects.exists()


def test_a_token_needs_the_scope(owner: User, flow: Flow) -> None:
    def bearer(*scopes: str) -> User:
        token, _ = do_create_token(owner, "a program", scopes, 7)
        return person_of(ApiToken.objects.get(pk=token.pk))

    edit(owner, flow, code(A))
    error = refused(lambda: edit(bearer("edit", "manage"), flow, setting(A, "return 2")))
    assert "the scope `code`" in str(error)
    edit(bearer("code"), flow, setting(A, "return 2"))


def test_it_is_given_and_taken_by_owners_and_stands_on_record(
    owner: User, colleague: User, project: Project, flow: Flow
) -> None:
    with pytest.raises(ProjectError) as error:
        do_set_code_right(colleague, project, owners_only=True)
    assert error.value.status == 403
    do_set_code_right(owner, project, owners_only=True)
    assert not can(colleague, "code", flow)
    entry = AuditEntry.objects.get(action="project.code")
    assert (entry.before, entry.after) == ({"owners": False}, {"owners": True})
    do_set_code_right(owner, project, owners_only=False)
    assert can(colleague, "code", flow)
    do_set_role(owner, project, colleague, Role.OPERATOR)
    assert not can(colleague, "code", flow)


def test_the_page_of_members_has_the_switch(owner: User, project: Project) -> None:
    client = Client()
    client.force_login(owner)
    page = f"/projects/{project.pk}/members/"
    assert '<option value="0" selected>Owners and editors</option>' in client.get(page).content.decode()
    assert client.post(page, {"do": "code", "owners": "1"}).status_code == 302
    assert '<option value="1" selected>Owners only</option>' in client.get(page).content.decode()
