"""Pages: what a person sees and can do by forms alone."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import Flow, Project


@pytest.fixture
def browser(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def test_the_front_door_leads_to_the_projects_or_to_sign_in(db: None, browser: Client) -> None:
    assert Client().get("/", follow=True).redirect_chain[-1][0].startswith("/sign-in/")
    assert b"Projects" in browser.get("/", follow=True).content


def test_an_empty_list_teaches(browser: Client) -> None:
    assert b"Start with a project" in browser.get("/projects/").content


def test_a_project_is_created_renamed_and_deleted(browser: Client) -> None:
    page = browser.post("/projects/new/", {"name": "  My <b>project</b> "}, follow=True)
    assert b"My &lt;b&gt;project&lt;/b&gt;" in page.content
    assert b"No flow yet" in page.content
    project = Project.objects.get()
    browser.post(f"{project.get_absolute_url()}rename/", {"name": "Other"})
    project.refresh_from_db()
    assert project.name == "Other"
    refused = browser.post(f"{project.get_absolute_url()}delete/", {"name": "other"})
    assert refused.status_code == 422
    assert b"Nothing was deleted" in refused.content
    browser.post(f"{project.get_absolute_url()}delete/", {"name": "Other"})
    assert not Project.objects.exists()


def test_a_flow_is_created_renamed_and_deleted(browser: Client, project: Project) -> None:
    made = browser.post(f"{project.get_absolute_url()}flows/new/", {"name": "Visits"})
    flow = Flow.objects.get()
    assert made.headers["Location"] == flow.get_absolute_url()
    assert b"Visits" in browser.get(project.get_absolute_url()).content
    browser.post(f"{flow.get_absolute_url()}rename/", {"name": "Calls"})
    flow.refresh_from_db()
    assert flow.name == "Calls"
    assert browser.post(f"{flow.get_absolute_url()}delete/", {"name": "Visits"}).status_code == 422
    browser.post(f"{flow.get_absolute_url()}delete/", {"name": "Calls"})
    assert not Flow.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\u202eb"])
def test_a_bad_name_is_refused_beside_its_field(browser: Client, project: Project, name: str) -> None:
    for address in (
        "/projects/new/",
        f"{project.get_absolute_url()}rename/",
        f"{project.get_absolute_url()}flows/new/",
    ):
        page = browser.post(address, {"name": name})
        assert page.status_code == 422
        assert b'aria-invalid="true"' in page.content


def test_a_viewer_sees_but_is_offered_nothing_to_change(viewer: User, flow: Flow) -> None:
    client = Client()
    client.force_login(viewer)
    page = client.get(flow.project.get_absolute_url())
    assert flow.name.encode() in page.content
    assert b"rename/" not in page.content
    assert client.get(f"{flow.get_absolute_url()}rename/").status_code == 403
    assert client.post(f"{flow.project.get_absolute_url()}delete/", {"name": flow.project.name}).status_code == 403
    assert Project.objects.filter(pk=flow.project_id).exists()


def test_a_flow_under_another_project_is_not_found(browser: Client, owner: User, flow: Flow) -> None:
    from projects.actions import do_create_project

    other = do_create_project(owner, "Other")
    assert browser.get(f"/projects/{other.id}/flows/{flow.id}/rename/").status_code == 404
