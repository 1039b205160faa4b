"""States of a flow under names, points between them, and what is different from one to another."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.actions import do_create_version, do_delete_flow, do_delete_version, do_restore
from projects.errors import ProjectError
from projects.history.document import Document, read_document
from projects.history.trim import keep_history
from projects.models import AuditEntry, Change, Flow, Snapshot, Version
from projects.versions.answer import as_answer
from projects.versions.differences import differences
from projects.versions.past import past_of
from projects.versions.points import points_of, versions_of
from projects.versions.text import as_text
from tests.projects.test_undo import moved, setting
from tests.projects.world import add, client_op, edit, frame, wire

pytestmark = pytest.mark.both_databases

NODE, OTHER, EDGE, FRAME = "a" * 12, "b" * 12, str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


def name(person: User, flow: Flow, title: str, rev: int | None = None, note: str = "") -> Version:
    return do_create_version(person, flow, uuid.uuid4(), title, note, rev)


def at(flow: Flow, ref: str) -> Any:
    return past_of(Flow.objects.select_related("project").get(pk=flow.pk), ref)


def test_a_version_stays_when_the_log_is_gone(owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(owner, flow, add(NODE, settings={"a": 1}))
    version = name(owner, flow, " Before   launch ", note="It worked.\n")
    then = read_document(flow)
    edit(owner, flow, setting(NODE, "a", value=2), moved(NODE, x=9))
    edit(owner, flow, {"op": "delete_node", "id": NODE})
    monkeypatch.setattr("projects.history.trim.KEPT_CHANGES", 1)
    keep_history()
    keep_history()
    assert (version.name, version.note, version.snapshot.nodes) == ("Before launch", "It worked.", 1)
    assert at(flow, str(version.pk)).document == then
    do_restore(owner, flow, str(version.pk), client_op())
    assert read_document(flow) == then


def test_a_point_of_the_past_can_be_named_later(owner: User, flow: Flow) -> None:
    then = edit(owner, flow, add(NODE))
    edit(owner, flow, add(OTHER))
    version = name(owner, flow, "One node", then.rev)
    assert list(at(flow, str(version.pk)).document.nodes) == [NODE]
    with pytest.raises(ProjectError, match="still to come"):
        name(owner, flow, "Tomorrow", 10**9)


def test_versions_are_made_by_editors_and_read_by_all_who_see_the_flow(
    owner: User, flow: Flow, viewer: User, stranger: User
) -> None:
    for person, code in ((viewer, "forbidden"), (stranger, "not_found")):
        with pytest.raises(ProjectError) as refused:
            name(person, flow, "Mine")
        assert refused.value.code == code
    assert not Version.objects.exists()


def test_a_version_is_deleted_by_its_author_or_an_owner(owner: User, flow: Flow, colleague: User, viewer: User) -> None:
    of_owner, of_colleague = name(owner, flow, "One"), name(colleague, flow, "Two")
    with pytest.raises(ProjectError, match="owner made this version") as refused:
        do_delete_version(colleague, flow, str(of_owner.pk))
    assert (refused.value.status, refused.value.by) == (403, "owner")
    do_delete_version(owner, flow, str(of_colleague.pk))
    do_delete_version(owner, flow, str(of_owner.pk))
    assert not Version.objects.exists()
    with pytest.raises(ProjectError, match="not there any more"):
        do_delete_version(owner, flow, str(of_owner.pk))
    actions = AuditEntry.objects.filter(action__startswith="version.").values_list("action", flat=True)
    assert sorted(actions) == ["version.create"] * 2 + ["version.delete"] * 2


def test_what_no_version_shows_any_more_is_not_kept(owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(owner, flow, add(NODE))
    version = name(owner, flow, "One")
    edit(owner, flow, moved(NODE, x=1))
    edit(owner, flow, moved(NODE, x=2))
    monkeypatch.setattr("projects.history.trim.KEPT_CHANGES", 1)
    keep_history()
    assert Snapshot.objects.filter(flow=flow).count() == 2
    do_delete_version(owner, flow, str(version.pk))
    assert Snapshot.objects.filter(flow=flow).count() == 1


def test_names_are_unique_and_repeats_keep_no_second_one(owner: User, flow: Flow, colleague: User) -> None:
    pk = uuid.uuid4()
    first = do_create_version(owner, flow, pk, "One")
    assert do_create_version(owner, flow, pk, "One").pk == first.pk
    for person, refused in ((owner, "name_taken"), (colleague, "id_taken")):
        with pytest.raises(ProjectError) as error:
            do_create_version(person, flow, uuid.uuid4() if person == owner else pk, "One")
        assert error.value.code == refused


def test_versions_are_limited_in_number_and_size(owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(owner, flow, add(NODE))
    monkeypatch.setattr("projects.actions.versions.MAX_VERSIONS", 1)
    name(owner, flow, "One")
    with pytest.raises(ProjectError, match="which is the limit"):
        name(owner, flow, "Two")
    monkeypatch.setattr("projects.actions.versions.MAX_VERSIONS", 9)
    monkeypatch.setattr("projects.actions.versions.MAX_VERSION_BYTES_OF_FLOW", 10)
    with pytest.raises(ProjectError, match="MiB together"):
        name(owner, flow, "Two")
    with pytest.raises(ProjectError, match="at most 2000 characters"):
        name(owner, flow, "Three", note="x" * 2_001)
    monkeypatch.setattr("projects.history.document.MAX_DOCUMENT_BYTES", -1)
    edit(owner, flow, moved(NODE, x=3))
    with pytest.raises(ProjectError, match="holds more than 64 MiB"):
        name(owner, flow, "Four")


def test_a_flow_goes_with_its_versions(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(NODE))
    name(owner, flow, "One")
    do_delete_flow(owner, flow)
    assert not Version.objects.exists() and not Snapshot.objects.exists()  # noqa: PT018


def test_points_are_rows_of_one_persons_changes_between_names(owner: User, flow: Flow, colleague: User) -> None:
    first = edit(owner, flow, add(NODE))
    edit(owner, flow, moved(NODE, x=1))
    named = edit(owner, flow, moved(NODE, x=2))
    name(owner, flow, "Named")
    edit(owner, flow, moved(NODE, x=3))
    last = edit(colleague, flow, moved(NODE, x=4))
    points, more = points_of(flow)
    told = [(point["rev"], point["from"], point["by"]["name"], point["changes"]) for point in points]
    assert told == [
        (last.rev, last.rev, "colleague", 1),
        (last.rev - 1, last.rev - 1, "owner", 1),
        (named.rev, first.rev, "owner", 3),
    ]
    assert not more
    older, _ = points_of(flow, before=named.rev)
    assert [point["ref"] for point in older] == [f"r{named.rev - 1}"]
    Change.objects.filter(rev=first.rev).update(created=last.created - timedelta(hours=1))
    assert len(points_of(flow)[0]) == 4
    assert [row["name"] for row in versions_of(flow)] == ["Named"]


def test_points_end_where_the_log_cannot_be_replayed(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(NODE))
    Snapshot.objects.all().delete()
    assert points_of(flow) == ([], False)
    assert at(flow, "now").document == read_document(flow), "it is read from its rows"


def _two_states() -> tuple[Document, Document]:
    node = {
        "id": NODE, "name": "n", "module": "common-v1", "component": "counter", "label": "Counter", "comment": "",
        "x": 0, "y": 0, "group": None, "foreign": None, "shared": [], "settings": {"a": {"b": 1}, "list": [1, 2]},
        "schemas": {},
    }  # fmt: skip
    other = {**node, "id": OTHER, "label": "Adder", "settings": {}}
    edge = {"id": EDGE, "source": NODE, "source_port": "out", "target": OTHER, "target_port": "in", "mapping": {}}
    before = Document({NODE: node, OTHER: other}, {EDGE: {**edge, "timeout_ms": None, "retry_policy": None}})
    settings = {"a": {"b": True}, "list": [1, 3], "text": "one\ntwo"}
    changed = {**node, "x": 24, "settings": settings}
    note = {"id": FRAME, "text": "# Why\nbecause", "colour": "amber", "group": None}
    place = {"x": 0, "y": 0, "width": 96, "height": 96}
    return before, Document({NODE: changed}, {}, {}, {FRAME: {**note, **place}})


def test_differences_are_told_field_by_field_in_an_order_that_stays() -> None:
    before, after = _two_states()
    found = differences(before, after)
    assert [(one.kind, one.outcome, one.title) for one in found] == [
        ("node", "removed", "Adder"),
        ("node", "changed", "Counter"),
        ("edge", "removed", "Counter.out → Adder.in"),
        ("note", "added", "Why"),
    ]
    changed = found[1]
    assert [(one.path, one.before, one.after) for one in changed.fields if one.path[0] != "settings"] == [
        (("x",), 0, 24)
    ]
    assert [(one.path[1:], one.after) for one in changed.fields if one.path[0] == "settings"] == [
        (("a", "b"), True),
        (("list", 1), 3),
        (("text",), "one\ntwo"),
    ]
    assert (changed.moved, changed.only_moved) == (True, False)
    assert differences(after, after) == []


def test_an_answer_about_differences_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = _two_states()
    answer = as_answer(differences(before, after))
    assert answer["counts"] == {"added": 1, "removed": 2, "changed": 1, "moved": 0}
    assert answer["left"] == 0
    assert "settings" not in answer["items"][0]["row"]
    monkeypatch.setattr("projects.versions.answer.MAX_VALUE_CHARACTERS", 4)
    fields = as_answer(differences(before, after))["items"][1]["fields"]
    assert fields[-1] == {"path": ["settings", "text"], "after": '"one …', "cut": True}
    monkeypatch.setattr("projects.versions.answer.MAX_ANSWER_BYTES", 600)
    cut = as_answer(differences(before, after))
    assert 0 < len(cut["items"]) < 4
    assert len(cut["items"]) + cut["left"] == 4


def test_a_diff_reads_like_text(owner: User, flow: Flow) -> None:
    start = add(NODE, "counter", label="Counter", settings={"initial_value": 3, "list": [1, 2]})
    edit(owner, flow, frame(FRAME, name="Group one"), start, add(OTHER), wire(EDGE, NODE, OTHER) | _ports())
    name(owner, flow, "Before")
    edit(owner, flow, setting(NODE, "initial_value", value=5), {"op": "delete_node", "id": OTHER})
    edit(owner, flow, {"op": "set_node", "id": NODE, "fields": {"comment": "Two\nlines", "group": FRAME}})
    one, other = at(flow, str(Version.objects.get().pk)), at(flow, "now")
    text = as_text(one, other, differences(one.document, other.document))
    assert (
        text
        == f"""\
--- Before (revision {one.rev})
+++ Now (revision {other.rev})

@@ node anything (removed, common-v1/anything, {OTHER}) @@
-place: at 0, 0

@@ node Counter (changed, common-v1/counter, {NODE}) @@
 label: Counter
+comment: |
+  Two
+  lines
 place: at 0, 0
+group: Group one
 settings:
-  initial_value: 3
+  initial_value: 5
   list:
     - 1

@@ wire Counter.value → anything.in (removed, {EDGE}) @@
-from: Counter.value
-to: anything.in
"""
    )
    assert "no difference" in as_text(one, one, [])


def _ports() -> dict[str, str]:
    return {"source_port": "value"}


def test_a_long_diff_ends_with_what_was_left_out(monkeypatch: pytest.MonkeyPatch, owner: User, flow: Flow) -> None:
    edit(owner, flow, add(NODE), add(OTHER))
    monkeypatch.setattr("projects.versions.text.MAX_TEXT_CHARACTERS", 120)
    one, other = at(flow, f"r{flow.rev}"), at(flow, "now")
    text = as_text(one, other, differences(one.document, other.document))
    assert text.endswith("# 1 more differences are left out.\n")
