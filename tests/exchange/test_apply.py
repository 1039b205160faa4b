"""A flow is made what its file says: what keeps its name keeps its id, and nothing is written where nothing differs."""

import random
from dataclasses import replace

from django.contrib.auth.models import User

from projects.actions import (
    do_apply_changes,
    do_apply_file,
    do_import_flow,
    do_import_flows,
    do_import_into_flow,
    do_undo,
)
from projects.exchange.flow_export import flow_file, schemas_of
from projects.models import Change, Flow, Node, Project
from projects.record.activity import activity
from tests.exchange.generated import a_flow
from tests.projects.world import StaticCatalogue
from weirflow.flowfile import FileFlow, FileNode, FileProject, FileWire, canonical, print_flow_file, read_flow_file

CATALOGUE = StaticCatalogue()
SCHEMAS = schemas_of(CATALOGUE)
COUNTER = FileNode("common-v1", "counter", (0, 0), "Visits", settings={"start": 3})
SINK = FileNode("common-v1", "anything", (320, 0), "Sink")
FILE = FileFlow(
    "Visits",
    "Counts.",
    {"visits": COUNTER, "sink": SINK},
    wires=[FileWire("visits", "value", "sink", "in", {"n": "{{$.value}}"})],
)


def text_of(flow: Flow) -> str:
    return print_flow_file(flow_file(Flow.objects.get(pk=flow.pk), SCHEMAS))


def ids(flow: Flow) -> dict[str, str]:
    return {node.label: node.pk for node in Node.objects.filter(flow=flow)}


def test_what_was_exported_changes_nothing(owner: User, project: Project) -> None:
    chance = random.Random(3)
    for number in range(8):
        flow = do_import_flow(owner, project, canonical(a_flow(chance, f"Flow {number}")), CATALOGUE)
        before, changes = text_of(flow), Change.objects.count()
        file = read_flow_file(before)
        assert isinstance(file, FileFlow)
        assert do_apply_file(owner, flow, file, f"op-{number}", CATALOGUE) == (None, [])
        assert (text_of(flow), Change.objects.count()) == (before, changes)


def test_any_flow_becomes_what_another_ones_file_says(owner: User, project: Project) -> None:
    chance = random.Random(5)
    for number in range(8):
        flow = do_import_flow(owner, project, canonical(a_flow(chance, f"Flow {number}")), CATALOGUE)
        before = text_of(flow)
        wanted = replace(canonical(a_flow(chance, "Other")), name=flow.name, scenarios={}, tests=[])
        change, left = do_apply_file(owner, flow, wanted, f"op-{number}", CATALOGUE)
        assert left == []
        stays = replace(flow_file(Flow.objects.get(pk=flow.pk), SCHEMAS), scenarios={}, tests=[])
        assert print_flow_file(stays) == print_flow_file(wanted)
        if change is not None:
            do_undo(owner, flow, change.rev, f"undo-{number}")
            gone = read_flow_file(text_of(flow))
            assert isinstance(gone, FileFlow)
            was = read_flow_file(before)
            assert isinstance(was, FileFlow)
            assert print_flow_file(replace(gone, description="")) == print_flow_file(replace(was, description=""))


def test_nodes_that_keep_their_names_keep_their_ids(owner: User, project: Project) -> None:
    flow = do_import_flow(owner, project, FILE, CATALOGUE)
    before = ids(flow)
    moved = replace(COUNTER, at=(40, 40), settings={"start": 5})
    wanted = replace(FILE, nodes={"visits": moved, "other": replace(SINK, title="Other")}, wires=[])
    change, _ = do_apply_file(owner, flow, wanted, "op", CATALOGUE)
    assert change is not None
    after = ids(flow)
    assert after["Visits"] == before["Visits"]
    assert sorted(after) == ["Other", "Visits"]
    assert sorted(op["op"] for op in change.ops) == [
        "add_node",
        "delete_edge",
        "delete_node",
        "set_node",
        "set_setting",
    ]


def test_a_title_may_be_changed_in_the_file_again_and_again(owner: User, project: Project) -> None:
    flow = do_import_flow(owner, project, FILE, CATALOGUE)
    before = ids(flow)["Visits"]
    wanted = replace(FILE, nodes={**FILE.nodes, "visits": replace(COUNTER, title="Guests")})
    do_apply_file(owner, flow, wanted, "op", CATALOGUE)
    assert ids(flow)["Guests"] == before
    assert do_apply_file(owner, flow, wanted, "again", CATALOGUE)[0] is None
    wanted = replace(FILE, nodes={**FILE.nodes, "visits": replace(COUNTER, title="Callers")})
    do_apply_file(owner, flow, replace(wanted, nodes={"guests": wanted.nodes["visits"]}, wires=[]), "more", CATALOGUE)
    assert ids(flow) == {"Callers": before}


def test_another_component_under_the_same_name_is_another_node(owner: User, project: Project) -> None:
    flow = do_import_flow(owner, project, FILE, CATALOGUE)
    before = ids(flow)
    wanted = replace(FILE, nodes={**FILE.nodes, "sink": replace(SINK, component="open")})
    do_apply_file(owner, flow, wanted, "op", CATALOGUE)
    assert ids(flow)["Sink"] != before["Sink"]
    assert text_of(flow) == print_flow_file(canonical(wanted))


def test_what_came_by_files_is_told_of(owner: User, project: Project) -> None:
    flow = do_import_flow(owner, project, FILE, CATALOGUE)
    do_import_into_flow(owner, flow, FILE, "more", CATALOGUE)
    do_import_flows(owner, project, FileProject("Many", "", {"other": replace(FILE, name="Other")}), CATALOGUE)
    do_apply_file(owner, flow, replace(FILE, nodes={"visits": COUNTER}, wires=[]), "op", CATALOGUE)
    told = [sentence.text for sentence in activity(project)[0]]
    assert any("imported the flow Visits" in text for text in told), told
    assert any("applied a file to the flow Visits" in text for text in told), told


def test_a_repeat_is_answered_with_the_first(owner: User, project: Project) -> None:
    flow = do_import_flow(owner, project, FILE, CATALOGUE)
    wanted = replace(FILE, nodes={"visits": COUNTER}, wires=[])
    first, _ = do_apply_file(owner, flow, wanted, "op", CATALOGUE)
    assert first is not None
    node = ids(flow)["Visits"]
    moved = {"op": "set_node", "id": node, "fields": {"x": 99}}
    do_apply_changes(owner, Flow.objects.get(pk=flow.pk), first.rev, [moved], "move", CATALOGUE)
    again, _ = do_apply_file(owner, flow, wanted, "op", CATALOGUE)
    assert again is not None
    assert again.rev == first.rev
    assert Node.objects.get(pk=node).x == 99
