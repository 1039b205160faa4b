"""The pages on which flows begin: templates, and files that are brought in."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.exchange.templates import templates
from projects.models import AuditEntry, Flow, Project

FLOW = """\
weirflow: 1
kind: Flow
name: Morning
nodes:
  debug: {component: common-v1/debug, settings: {url: "[[secret:slack/url]]"}}
"""


@pytest.fixture
def at(owner: User) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(owner)
    return client


def test_a_flow_begins_with_a_template(at: Client, project: Project) -> None:
    page = at.get(f"/projects/{project.pk}/flows/new/?q=router").content.decode()
    assert "common/router" in page
    assert "common/debug" not in page
    answer = at.post(f"/projects/{project.pk}/flows/new/", {"name": "Mine", "template": "common/router"})
    flow = Flow.objects.get(name="Mine")
    assert answer.headers["Location"] == flow.get_absolute_url()
    assert flow.node_count > 2


def test_a_project_begins_with_a_template(at: Client) -> None:
    answer = at.post("/projects/new/", {"name": "Mine", "template": "common/router"})
    flow = Project.objects.get(name="Mine").flows.get()
    assert answer.headers["Location"] == flow.get_absolute_url()


def test_without_a_name_of_its_own_a_template_keeps_its_own(at: Client, project: Project) -> None:
    called = next(one.name for one in templates() if one.id == "common/router")
    at.post(f"/projects/{project.pk}/flows/new/", {"name": " ", "template": "common/router"})
    at.post("/projects/new/", {"name": "", "template": "common/router"})
    assert project.flows.filter(name=called).exists()
    assert Project.objects.filter(name=called).exists()


def test_a_template_that_is_gone_is_refused(at: Client, project: Project) -> None:
    assert at.post(f"/projects/{project.pk}/flows/new/", {"name": "A", "template": "no/no"}).status_code == 404


def test_what_a_file_would_do_is_said_before_it_does(at: Client, project: Project) -> None:
    page = at.post(f"/projects/{project.pk}/import/", {"text": FLOW}).content.decode()
    assert 'name="secret:slack/url" type="password"' in page
    assert "1 node · 0 wires" in page
    assert not Flow.objects.filter(name="Morning").exists()


def test_a_file_becomes_a_flow_or_a_project(at: Client, project: Project) -> None:
    answer = at.post(f"/projects/{project.pk}/import/", {"text": FLOW, "do": "import", "name": "Evening"})
    flow = project.flows.get(name="Evening")
    assert answer.headers["Location"] == flow.get_absolute_url()
    assert AuditEntry.objects.filter(action="flow.import").exists()
    at.post("/projects/import/", {"text": FLOW, "do": "import", "name": "All new"})
    assert Project.objects.get(name="All new").flows.get().name == "Morning"


def test_faults_are_told_with_their_lines(at: Client, project: Project) -> None:
    upload = SimpleUploadedFile("a.yaml", FLOW.replace("debug:", "Debug:").encode())
    answer = at.post(f"/projects/{project.pk}/import/", {"file": upload})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 5" in page
    assert "nodes.Debug" in page


def test_flows_of_node_red_are_recognised(at: Client, project: Project) -> None:
    text = '[{"id": "a", "type": "inject", "x": 1, "y": 1, "wires": []}, {"id": "b", "type": "sort", "x": 9, "y": 9}]'
    page = at.post(f"/projects/{project.pk}/import/", {"text": text}).content.decode()
    assert "Flows of Node-RED" in page
    assert "sort has no counterpart" in page


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"[1,", b'{"weirflow": 1, "nodes": []}'])
def test_what_is_no_file_of_flows_is_refused(at: Client, project: Project, content: bytes) -> None:
    upload = SimpleUploadedFile("a.yaml", content)
    assert at.post(f"/projects/{project.pk}/import/", {"file": upload}).status_code == 422


def test_every_template_has_what_its_card_says() -> None:
    assert len(templates()) >= 6
    assert all(one.name and one.description and one.nodes for one in templates())
