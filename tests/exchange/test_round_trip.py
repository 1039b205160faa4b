"""What is exported and imported again is the same, and so is its text."""

import random

from django.contrib.auth.models import User

from projects.actions import do_import_flow, do_import_into_flow, do_import_project, do_undo
from projects.exchange.flow_export import flow_file, schemas_of
from projects.exchange.project_export import project_file
from projects.exchange.templates import templates
from projects.models import Change, Flow, Node, Project
from tests.exchange.generated import a_flow, a_large_flow, a_project
from tests.projects.world import StaticCatalogue
from weirflow.flowfile import FileFlow, FileProject, canonical, print_flow_file, read_flow_file

CATALOGUE = StaticCatalogue()
SCHEMAS = schemas_of(CATALOGUE)
GENERATED = 2_000


def text_of(flow: Flow) -> str:
    return print_flow_file(flow_file(flow, SCHEMAS))


def in_flow(text: str) -> FileFlow:
    file = read_flow_file(text)
    assert isinstance(file, FileFlow)
    return file


def in_project(text: str) -> FileProject:
    file = read_flow_file(text)
    assert isinstance(file, FileProject)
    return file


def test_generated_flows_are_the_same_after_import_and_export(owner: User) -> None:
    """The flows come in by the project, as one commit for each would be minutes of disk."""
    chance = random.Random(9)
    for _ in range(GENERATED // 250):
        many = FileProject("Many", "", {f"flow-{n}": a_flow(chance, f"Flow {n}") for n in range(250)})
        text = print_flow_file(canonical(many))
        made = do_import_project(owner, in_project(text), CATALOGUE)
        assert print_flow_file(project_file(made, SCHEMAS)) == text


def test_generated_projects_are_the_same_with_what_their_flows_share(owner: User) -> None:
    chance = random.Random(10)
    for _ in range(40):
        text = print_flow_file(canonical(a_project(chance)))
        made = do_import_project(owner, in_project(text), CATALOGUE)
        assert print_flow_file(project_file(made, SCHEMAS)) == text


def test_a_flow_says_what_its_file_said(owner: User, project: Project) -> None:
    text = print_flow_file(canonical(a_flow(random.Random(4), "One")))
    assert text_of(do_import_flow(owner, project, in_flow(text), CATALOGUE)) == text


def test_thousands_of_nodes_are_one_change(owner: User, project: Project) -> None:
    flow = do_import_flow(owner, project, a_large_flow(600), CATALOGUE)
    assert Change.objects.filter(flow=flow).count() == 1
    assert (flow.node_count, flow.edge_count) == (600, 599)
    assert Node.objects.filter(flow=flow, dirty=True).count() == 600


def test_an_import_into_a_flow_is_undone_by_one_step(owner: User, project: Project, flow: Flow) -> None:
    before = text_of(flow)
    file = a_flow(random.Random(5), "Guest")
    file.scenarios = {}
    [change] = do_import_into_flow(owner, flow, file, "op-1", CATALOGUE, (1_000, 0))
    assert [again.pk for again in do_import_into_flow(owner, flow, file, "op-1", CATALOGUE)] == [change.pk]
    assert text_of(flow) != before
    do_undo(owner, flow, change.rev, "op-2")
    assert text_of(flow) == before


def test_every_template_is_the_same_after_import_and_export(owner: User, project: Project) -> None:
    for one in templates():
        assert text_of(do_import_flow(owner, project, in_flow(one.text), CATALOGUE)) == one.text, one.id
