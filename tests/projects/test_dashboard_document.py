"""Pages of a dashboard: edits merge field by field, and each can be taken back."""

import itertools
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.actions import do_change_pages, do_delete_project, do_note_press, do_undo_pages
from projects.actions.presses import Sent
from projects.errors import ProjectError
from projects.models import Flow, Kind, LastPress, Node, PageChange, Project, Removed, Widget, WidgetPage
from projects.pages import limits
from projects.pages.document import choices, pages_document
from projects.pages.hidden import hidden_among, hidden_fields, hidden_in_all
from projects.permissions import may_operate
from tests.projects.world import add, client_op, edit

pytestmark = pytest.mark.both_databases

NODE = "naaaaaaaaaaa"
SENT = Sent("_control", ["reset"], "f00d")
_numbers = itertools.count(1)


def new() -> str:
    return str(uuid.UUID(int=next(_numbers)))


def page(page_id: str, name: str = "Floor", **more: Any) -> dict[str, Any]:
    return {"op": "add_page", "id": page_id, "name": name, **more}


def widget(widget_id: str, page_id: str, node: str = NODE, **more: Any) -> dict[str, Any]:
    return {"op": "add_widget", "id": widget_id, "page": page_id, "node": node, "x": 0, "y": 0, "w": 2, "h": 4, **more}


def move(widget_id: str, **fields: Any) -> dict[str, Any]:
    return {"op": "set_widget", "id": widget_id, "fields": fields}


def change(person: User, project: Project, *ops: dict[str, Any]) -> PageChange:
    return do_change_pages(person, project, list(ops), client_op())


def undo(person: User, project: Project, made: PageChange, *, force: bool = False) -> PageChange:
    return do_undo_pages(person, project, made.rev, client_op(), force=force)


def shown(project: Project) -> dict[str, Any]:
    document = pages_document(project)
    return {"pages": document["pages"], "widgets": document["widgets"]}


@pytest.fixture
def built(owner: User, project: Project, flow: Flow) -> tuple[str, str]:
    """A page with one widget."""
    edit(owner, flow, add(NODE, "counter", label="Visits"))
    page_id, widget_id = new(), new()
    change(owner, project, page(page_id), widget(widget_id, page_id))
    return page_id, widget_id


def test_a_page_with_a_widget(owner: User, project: Project, flow: Flow, built: tuple[str, str]) -> None:
    page_id, widget_id = built
    document = pages_document(project)
    assert document["pages"] == [{"id": page_id, "name": "Floor", "operators": "editors", "position": 0}]
    place = {"x": 0, "y": 0, "w": 2, "h": 4, "title": "", "schema_patch": []}
    assert document["widgets"] == [{"id": widget_id, "page": page_id, "node": NODE, **place}]
    about = {"id": NODE, "label": "Visits", "module": "common-v1", "component": "counter", "pressed": {}}
    assert document["nodes"] == [{**about, "flow": {"id": str(flow.pk), "name": flow.name}}]
    project.refresh_from_db()
    assert document["rev"] == project.rev
    assert WidgetPage.objects.get().dirty


def test_two_people_change_fields_of_one_widget(
    owner: User, colleague: User, project: Project, built: tuple[str, str]
) -> None:
    _, widget_id = built
    change(owner, project, move(widget_id, x=3))
    change(colleague, project, move(widget_id, h=6, title="Today"))
    row = Widget.objects.get().as_row()
    assert (row["x"], row["h"], row["title"]) == (3, 6, "Today")


def test_a_widget_that_two_people_pushed_over_the_edge_is_moved_in(
    owner: User, colleague: User, project: Project, built: tuple[str, str]
) -> None:
    _, widget_id = built
    change(owner, project, move(widget_id, x=4))
    wide = change(colleague, project, move(widget_id, w=5))
    assert wide.ops[0]["fields"] == {"w": 5, "x": 1}


def test_every_change_can_be_taken_back_and_done_again(owner: User, project: Project, built: tuple[str, str]) -> None:
    page_id, widget_id = built
    patch = [{"op": "add", "path": "/properties/value/chart", "value": "line"}]
    second, other = new(), new()
    batches: list[list[dict[str, Any]]] = [
        [move(widget_id, x=2, y=3, schema_patch=patch)],
        [{"op": "set_page", "id": page_id, "fields": {"name": "Hall", "operators": "nobody"}}],
        [page(second, "Stock"), widget(other, second)],
        [{"op": "delete_widget", "id": widget_id}],
        [{"op": "delete_page", "id": second}],
    ]
    for ops in batches:
        before = shown(project)
        made = change(owner, project, *ops)
        after = shown(project)
        assert after != before
        taken_back = undo(owner, project, made)
        assert shown(project) == before
        undo(owner, project, taken_back)
        assert shown(project) == after


def test_a_page_that_comes_back_has_its_resource_and_the_widgets_of_nodes_that_are_gone(
    owner: User, project: Project, flow: Flow, built: tuple[str, str]
) -> None:
    page_id, _ = built
    name = WidgetPage.objects.get().resource_name
    node_name = Widget.objects.get().node_name
    made = change(owner, project, {"op": "delete_page", "id": page_id})
    assert Removed.objects.get(kind=Kind.PAGE).resource_name == name
    edit(owner, flow, {"op": "delete_node", "id": NODE})
    undo(owner, project, made)
    assert not Removed.objects.filter(kind=Kind.PAGE).exists()
    assert WidgetPage.objects.get().resource_name == name
    assert Widget.objects.get().node_name == node_name
    assert pages_document(project)["nodes"] == []


def test_a_field_that_somebody_wrote_since_is_not_taken_back(
    owner: User, colleague: User, project: Project, built: tuple[str, str]
) -> None:
    _, widget_id = built
    made = change(owner, project, move(widget_id, x=2))
    change(colleague, project, move(widget_id, x=4))
    with pytest.raises(ProjectError) as refused:
        undo(owner, project, made)
    assert (refused.value.code, refused.value.by) == ("undo_conflict", "colleague")


def test_undoing_a_page_does_not_take_along_what_others_put_there(
    owner: User, colleague: User, project: Project, flow: Flow
) -> None:
    edit(owner, flow, add(NODE, "counter"))
    page_id = new()
    made = change(owner, project, page(page_id))
    change(colleague, project, widget(new(), page_id))
    with pytest.raises(ProjectError) as refused:
        undo(owner, project, made)
    assert refused.value.ways == ["force"]
    undo(owner, project, made, force=True)
    assert not WidgetPage.objects.exists()


def test_what_meets_a_deleted_page_or_widget_is_refused_naming_who(
    owner: User, colleague: User, project: Project, built: tuple[str, str]
) -> None:
    page_id, widget_id = built
    change(colleague, project, {"op": "delete_page", "id": page_id})
    for op, code in ((move(widget_id, x=1), "widget_deleted"), (widget(new(), page_id), "page_deleted")):
        with pytest.raises(ProjectError) as refused:
            change(owner, project, op)
        assert (refused.value.status, refused.value.code, refused.value.by) == (409, code, "colleague")
    with pytest.raises(ProjectError) as unknown:
        change(owner, project, move(new(), x=1))
    assert unknown.value.status == 404


def test_a_repeat_of_a_request_answers_the_first_change(owner: User, project: Project, colleague: User) -> None:
    op_id = client_op()
    first = do_change_pages(owner, project, [page(new())], op_id)
    assert do_change_pages(owner, project, [page(new())], op_id).rev == first.rev
    assert WidgetPage.objects.count() == 1
    with pytest.raises(ProjectError) as taken:
        do_change_pages(colleague, project, [page(new())], op_id)
    assert taken.value.code == "client_op_id_taken"


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_who_may_not_edit_changes_nothing(
    request: pytest.FixtureRequest, owner: User, project: Project, who: str, status: int
) -> None:
    made = change(owner, project, page(new()))
    person = request.getfixturevalue(who)
    for attempt in (lambda: change(person, project, page(new())), lambda: undo(person, project, made)):
        with pytest.raises(ProjectError) as refused:
            attempt()
        assert refused.value.status == status


def test_only_an_owner_lets_viewers_operate(
    owner: User, colleague: User, viewer: User, stranger: User, project: Project
) -> None:
    page_id = new()
    change(colleague, project, page(page_id))

    def operators() -> list[bool]:
        row = WidgetPage.objects.get(pk=page_id)
        return [may_operate(person, row) for person in (owner, colleague, viewer, stranger)]

    assert operators() == [True, True, False, False]
    everyone = {"op": "set_page", "id": page_id, "fields": {"operators": "everyone"}}
    with pytest.raises(ProjectError) as refused:
        change(colleague, project, everyone)
    assert refused.value.status == 403
    with pytest.raises(ProjectError):
        change(colleague, project, page(new(), operators="everyone"))
    opened = change(owner, project, everyone)
    assert operators() == [True, True, True, False]
    closed = undo(colleague, project, opened)
    with pytest.raises(ProjectError) as again:
        undo(colleague, project, closed)
    assert again.value.status == 403
    change(colleague, project, {"op": "set_page", "id": page_id, "fields": {"operators": "nobody"}})
    assert operators() == [False, False, False, False]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"op": "add_page", "id": "x", "name": "A"}, "invalid_operation"),
    ({"op": "add_page", "id": str(uuid.UUID(int=7)), "name": " "}, "name_missing"),
    ({"op": "add_page", "id": str(uuid.UUID(int=7)), "name": "A", "operators": "robots"}, "invalid_operation"),
    (widget(str(uuid.UUID(int=7)), str(uuid.UUID(int=8)), x=5, w=2), "invalid_operation"),
    (widget(str(uuid.UUID(int=7)), str(uuid.UUID(int=8)), w=0), "invalid_operation"),
    (widget(str(uuid.UUID(int=7)), str(uuid.UUID(int=8)), y=10_000), "invalid_operation"),
    ({"op": "set_widget", "id": str(uuid.UUID(int=7)), "fields": {}}, "invalid_operation"),
    ({"op": "set_widget", "id": str(uuid.UUID(int=7)), "fields": {"x": None}}, "invalid_operation"),
    ({"op": "set_widget", "id": str(uuid.UUID(int=7)), "fields": {"node": NODE}}, "invalid_operation"),
    (move(str(uuid.UUID(int=7)), schema_patch=[{"op": "test", "path": "/a"}]), "invalid_operation"),
    (move(str(uuid.UUID(int=7)), schema_patch=[{"op": "add", "path": "a"}]), "invalid_operation"),
    ({"op": "fly", "id": "x"}, "invalid_operation"),
]


@pytest.mark.parametrize(("op", "code"), REFUSED)
def test_what_makes_no_sense_is_refused(owner: User, project: Project, op: dict[str, Any], code: str) -> None:
    with pytest.raises(ProjectError) as refused:
        change(owner, project, op)
    assert (refused.value.code, refused.value.op in (0, None)) == (code, True)


def test_a_widget_is_of_a_node_of_the_same_project(
    owner: User, stranger: User, project: Project, built: tuple[str, str]
) -> None:
    elsewhere = stranger.memberships.get().project
    page_id = new()
    change(stranger, elsewhere, page(page_id))
    with pytest.raises(ProjectError) as refused:
        change(stranger, elsewhere, widget(new(), page_id))
    assert refused.value.code == "unknown_node"
    with pytest.raises(ProjectError) as foreign:
        change(owner, project, widget(new(), page_id))
    assert foreign.value.status == 404
    with pytest.raises(ProjectError) as taken:
        change(owner, project, page(page_id))
    assert taken.value.code == "id_taken"


def test_everything_has_a_limit(
    owner: User, project: Project, built: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page_id, widget_id = built
    monkeypatch.setattr("projects.pages.apply.MAX_PAGES", 1)
    monkeypatch.setattr("projects.pages.apply.MAX_WIDGETS", 1)
    large = [{"op": "add", "path": "/properties/value/title", "value": "x" * limits.MAX_PATCH_BYTES}]
    many = [move(widget_id, x=1)] * (limits.MAX_OPS + 1)
    attempts: list[tuple[list[dict[str, Any]], str]] = [
        ([page(new())], "too_many_pages"),
        ([widget(new(), page_id)], "too_many_widgets"),
        ([move(widget_id, schema_patch=large)], "patch_too_large"),
        (many, "invalid_request"),
    ]
    for ops, code in attempts:
        with pytest.raises(ProjectError) as refused:
            change(owner, project, *ops)
        assert refused.value.code == code


def test_the_log_is_bounded(
    owner: User, project: Project, built: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projects.actions.pages.KEPT_CHANGES", 5)
    for column in range(12):
        change(owner, project, move(built[1], x=column % 5))
    assert PageChange.objects.count() == 5


def test_deleting_a_project_removes_its_pages_from_the_cluster_too(
    owner: User, project: Project, built: tuple[str, str]
) -> None:
    do_delete_project(owner, project)
    assert not WidgetPage.objects.exists()
    assert Removed.objects.filter(kind=Kind.PAGE).count() == 1


def test_who_pressed_last_is_kept_by_name_of_the_button(
    owner: User, colleague: User, project: Project, built: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Node.objects.get()
    do_note_press(owner, node, ["reset", "x" * 65], SENT)
    do_note_press(colleague, node, ["reset"], SENT)
    pressed = pages_document(project)["nodes"][0]["pressed"]
    assert list(pressed) == ["reset"]
    assert pressed["reset"]["by"] == "colleague"
    monkeypatch.setattr("projects.actions.presses.MAX_LAST_PRESSES", 3)
    for number in range(6):
        do_note_press(owner, node, [f"button{number}"], SENT)
    assert LastPress.objects.count() == 3


def test_nodes_are_found_by_name_component_and_flow(owner: User, project: Project, built: tuple[str, str]) -> None:
    components = [("common-v1", "counter")]
    assert [node["id"] for node in choices(project, "visi", components)] == [NODE]
    assert [node["id"] for node in choices(project, "visit counter", components)] == [NODE]
    assert choices(project, "nothing like it", components) == []
    assert choices(project, "", []) == []


def test_hidden_fields_are_read_from_the_patches_of_all_widgets_of_a_node() -> None:
    hide = {"op": "add", "path": "/properties/reset/hidden", "value": True}
    within = {"op": "add", "path": "/$defs/Control/properties/a~1b/hidden", "value": True}
    shown_again = {"op": "remove", "path": "/properties/reset/hidden"}
    assert hidden_fields([hide, within]) == {"reset", "a/b"}
    assert hidden_fields([hide, shown_again]) == set()
    assert hidden_fields([{"op": "add", "path": "/properties/reset/chart", "value": "line"}]) == set()
    assert hidden_in_all([[hide], []]) == set()
    assert hidden_in_all([[hide], [hide, within]]) == {"reset"}
    assert hidden_in_all([]) == set()


def test_a_hidden_field_is_hidden_under_every_spelling_that_a_host_takes() -> None:
    sent = ["max_history", "maxHistory", "MAXHISTORY", "Reſet", "other", "_"]
    assert hidden_among(sent, {"maxHistory", "reset"}) == ["MAXHISTORY", "Reſet", "maxHistory", "max_history"]
    assert hidden_among(["content_type"], {"content-type"}) == ["content_type"]
    assert hidden_among(["total"], {"-"}) == []
