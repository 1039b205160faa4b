"""Tests of a flow go with it: out by the names of nodes, in by their ids, and back the same."""

import pytest
from django.contrib.auth.models import User

from projects.actions import do_import_flow
from projects.errors import ProjectError
from projects.exchange.flow_export import flow_file, schemas_of
from projects.models import FlowTest, Project
from tests.matrix.world import CATALOGUE
from weirflow.flowfile import print_flow_file, read_flow_file

pytestmark = pytest.mark.django_db
TEXT = """
weirflow: 1
kind: Flow
name: Greeting
nodes:
  hello: {component: common-v1/signal}
  out: {component: common-v1/debug}
wires:
  - {from: hello.out, to: out.in}
tests:
  - name: shouts
    given: {at: hello.out, message: {name: Ada}}
    answers: {hello.out: 1}
    state: {out: {value: 1}}
    expect:
      - {at: out.in, message: {text: HELLO}}
      - {at: out, error: true}
      - {reply: null}
  - name: greets
    given: [{at: hello.out, message: 1}, {after: 5, at: out.in, message: 2}]
    expect: []
"""


def test_tests_come_in_and_go_out_as_they_were(owner: User, project: Project) -> None:
    file = read_flow_file(TEXT)
    flow = do_import_flow(owner, project, file, CATALOGUE)
    assert [test.name for test in FlowTest.objects.order_by("created", "pk")] == ["shouts", "greets"]
    node = flow.nodes.get(component="debug").pk
    assert FlowTest.objects.get(name="shouts").body["expect"][1] == {"at": node, "error": True}
    again = flow_file(flow, schemas_of(CATALOGUE))
    assert again.tests == file.tests
    assert read_flow_file(print_flow_file(again)).tests == file.tests


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("expect: []", "expects: []", "A test of the file cannot be understood: /expects"),
        ("at: out.in, message: 2", "at: gone.in, message: 2", "speaks of a node gone that is not in the flow"),
    ],
)
def test_one_that_cannot_be_run_is_refused_with_the_whole_file(
    owner: User, project: Project, old: str, new: str, said: str
) -> None:
    with pytest.raises(ProjectError) as refused:
        do_import_flow(owner, project, read_flow_file(TEXT.replace(old, new)), CATALOGUE)
    assert said in refused.value.message
    assert not FlowTest.objects.exists()
