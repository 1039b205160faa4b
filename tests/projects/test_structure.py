"""Projects and flows: made, renamed, deleted, and what the pusher is left with."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from projects import signals
from projects.actions import (
    do_create_flow,
    do_create_project,
    do_delete_flow,
    do_delete_project,
    do_rename_flow,
    do_rename_project,
)
from projects.errors import ProjectError
from projects.models import Change, Flow, Membership, Node, Project, Removed
from projects.names import new_node_id, resource_name
from projects.titles import checked_title
from tests.projects.world import add, edit


def test_a_new_project_is_its_makers_and_waits_for_the_pusher(owner: User, project: Project) -> None:
    assert project.memberships.get().user == owner
    assert project.dirty
    assert project.resource_name.startswith("web-metrics-")


@pytest.mark.parametrize("title", ["Web metrics", "Ünïcödé", "数", "42", "-", "x" * 100, "a" * 39 + " b"])
def test_a_resource_name_is_one_for_kubernetes(title: str) -> None:
    import re

    name = resource_name(title)
    assert re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", name)
    assert len(name) <= 46


def test_node_ids_are_as_clients_make_them() -> None:
    import re

    ids = {new_node_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"[a-z][a-z0-9]{11}", node_id) for node_id in ids)


def test_a_new_name_makes_the_resource_dirty_and_leaves_the_document_alone(owner: User, flow: Flow) -> None:
    rev = edit(owner, flow, add("a" * 12)).rev
    Flow.objects.update(dirty=False)
    Project.objects.update(dirty=False)
    do_rename_flow(owner, flow, "Other")
    do_rename_project(owner, flow.project, "Other")
    fresh = Flow.objects.select_related("project").get()
    assert (fresh.name, fresh.rev, fresh.dirty, fresh.project.name, fresh.project.dirty) == (
        "Other",
        rev,
        True,
        "Other",
        True,
    )
    after = edit(owner, flow, add("b" * 12))
    assert after.prev_rev == rev
    assert after.rev > rev


def test_deleting_a_project_leaves_nothing_but_what_has_to_go_from_the_cluster(owner: User, flow: Flow) -> None:
    project = flow.project
    edit(owner, flow, add("a" * 12))
    node = Node.objects.get().name
    do_delete_project(owner, project)
    for model in (Project, Flow, Node, Change, Membership):
        assert not model._default_manager.exists()
    assert set(Removed.objects.values_list("kind", "resource_name")) == {
        ("TinyProject", project.resource_name),
        ("TinyFlow", flow.resource_name),
        ("TinyNode", node),
    }


def test_an_edit_of_a_deleted_flow_is_not_found(owner: User, flow: Flow) -> None:
    do_delete_flow(owner, Flow.objects.get(pk=flow.pk))
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, add("a" * 12), base_rev=0)
    assert refused.value.status == 404


def test_numbers_of_projects_and_flows_are_bounded(
    owner: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.actions.projects.MAX_PROJECTS_PER_PERSON", 1)
    monkeypatch.setattr("projects.actions.flows.MAX_FLOWS_PER_PROJECT", 0)
    with pytest.raises(ProjectError, match="limit"):
        do_create_project(owner, "One more")
    with pytest.raises(ProjectError, match="limit"):
        do_create_flow(owner, project, "One more")


def test_numbers_of_nodes_and_wires_are_bounded(owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.operations.rows.MAX_NODES", 1)
    edit(owner, flow, add("a" * 12))
    with pytest.raises(ProjectError, match="at most 1 nodes"):
        edit(owner, flow, add("b" * 12))


@pytest.fixture
def told() -> Iterator[list[str]]:
    heard: list[str] = []

    def flow_changed(**about: object) -> None:
        heard.append("flow")

    def project_changed(**about: object) -> None:
        heard.append("project")

    def access_changed(**about: object) -> None:
        heard.append("access")

    signals.flow_changed.connect(flow_changed)
    signals.project_changed.connect(project_changed)
    signals.access_changed.connect(access_changed)
    yield heard
    signals.flow_changed.disconnect(flow_changed)
    signals.project_changed.disconnect(project_changed)
    signals.access_changed.disconnect(access_changed)


@pytest.mark.django_db(transaction=True)
def test_others_are_told_after_the_commit_and_not_of_what_was_refused(told: list[str]) -> None:
    owner = User.objects.create_user("owner")
    project = do_create_project(owner, "P")
    flow = do_create_flow(owner, project, "F")
    assert told == ["project", "project"]
    edit(owner, flow, add("a" * 12))
    with pytest.raises(ProjectError):
        edit(owner, flow, add("a" * 12))
    assert told == ["project", "project", "flow"]
    do_delete_project(owner, project)
    assert told[3:] == ["project", "access"]


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_does_not_fail_the_edit() -> None:
    def broken(**about: object) -> None:
        raise RuntimeError("listener")

    owner = User.objects.create_user("owner")
    flow = do_create_flow(owner, do_create_project(owner, "P"), "F")
    signals.flow_changed.connect(broken)
    try:
        edit(owner, flow, add("a" * 12))
    finally:
        signals.flow_changed.disconnect(broken)
    assert Node.objects.exists()


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("  می\u200cخواهم ", ""),
        ("👨\u200d👩\u200d👧 family", ""),
        ("\u202eevil", "name_invalid"),
        ("a\x00b", "name_invalid"),
        ("\u200d", "name_missing"),
        (" \t ", "name_missing"),
        ("x" * 101, "name_too_long"),
    ],
)
def test_a_title_is_in_any_language_but_shows_what_it_is(title: str, code: str) -> None:
    if not code:
        assert checked_title(title) == title.strip()
        return
    with pytest.raises(ProjectError) as refused:
        checked_title(title)
    assert refused.value.code == code
