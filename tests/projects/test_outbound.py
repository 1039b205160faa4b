"""What a project's flows may call: who sees and changes the list, and what it takes."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.actions import do_set_outbound
from projects.errors import ProjectError
from projects.models import AuditEntry, Membership, Project, Role
from projects.outbound import MAX_ENTRIES, outbound_of, outbound_text


@pytest.fixture
def at(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def _page(project: Project) -> str:
    return f"/projects/{project.pk}/outbound/"


def _rules(project: Project) -> dict[str, Any]:
    return outbound_of(Project.objects.get(pk=project.pk))


def test_a_new_project_reaches_the_internet_and_its_resource_says_nothing(at: Client, project: Project) -> None:
    assert _rules(project) == {"allow": [], "only": False}
    assert outbound_text(project) == ""
    assert "Nothing nearer than the internet" in at.get(_page(project)).content.decode()


def test_what_a_node_was_denied_is_allowed_by_one_press(at: Client, project: Project) -> None:
    page = at.get(_page(project), {"allow": "localhost:5000"}).content.decode()
    assert "A flow wants to call <code>localhost:5000</code>" in page
    assert '<button class="button button--primary" name="do" value="add" autofocus>Allow localhost:5000' in page
    assert at.post(_page(project), {"do": "add", "entry": "localhost:5000"}).status_code == 302
    assert _rules(project)["allow"] == ["localhost:5000"]
    # A link that was followed again offers nothing.
    assert "wants to call" not in at.get(_page(project), {"allow": "localhost:5000"}).content.decode()


@pytest.mark.parametrize("asked", ["<script>alert(1)</script>", "http://x/", "x" * 1000])
def test_what_cannot_be_listed_is_not_offered(at: Client, project: Project, asked: str) -> None:
    page = at.get(_page(project), {"allow": asked}).content.decode()
    assert "wants to call" not in page
    assert asked not in page


def test_entries_come_and_go_and_the_change_is_pushed_and_audited(at: Client, owner: User, project: Project) -> None:
    for entry in ("DB.Corp:5432", "*.corp.example", "db.corp:5432"):
        at.post(_page(project), {"do": "add", "entry": entry})
    at.post(_page(project), {"do": "only"})
    at.post(_page(project), {"do": "remove", "entry": "*.corp.example"})
    fresh = Project.objects.get(pk=project.pk)
    assert outbound_of(fresh) == {"allow": ["db.corp:5432"], "only": True}
    assert outbound_text(fresh) == '{"allow":["db.corp:5432"],"only":true}'
    assert fresh.dirty
    entry = AuditEntry.objects.filter(action="project.outbound").latest("pk")
    assert entry.before == {"allow": ["db.corp:5432", "*.corp.example"], "only": True}
    assert entry.after == {"allow": ["db.corp:5432"], "only": True}
    at.post(_page(project), {"do": "all"})
    assert _rules(project)["only"] is False


def test_a_line_that_is_no_entry_is_refused_and_stays_in_the_field(at: Client, project: Project) -> None:
    answer = at.post(_page(project), {"do": "add", "entry": "http://db.corp"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="http://db.corp"' in page
    assert "without scheme and path" in page
    assert _rules(project)["allow"] == []


def test_a_list_has_an_end(owner: User, project: Project) -> None:
    with pytest.raises(ProjectError, match="at most"):
        do_set_outbound(owner, project, [f"h{number}.corp" for number in range(MAX_ENTRIES + 1)], only=False)


def test_editors_see_the_list_and_only_owners_change_it(db: None, project: Project) -> None:
    editor = User.objects.create_user("editor")
    Membership.objects.create(project=project, user=editor, role=Role.EDITOR)
    client = Client()
    client.force_login(editor)
    page = client.get(_page(project), {"allow": "db.corp"}).content.decode()
    assert "An owner of the project can allow it" in page
    assert 'name="do"' not in page
    assert client.post(_page(project), {"do": "add", "entry": "db.corp"}).status_code == 403
    stranger = Client()
    stranger.force_login(User.objects.create_user("somebody"))
    assert stranger.get(_page(project)).status_code == 404
