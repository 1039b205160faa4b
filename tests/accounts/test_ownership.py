"""Nothing becomes nobody's: what stands with one person alone is handed over before their account is closed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from config.doctor import Level, owners
from projects import actions
from projects.actions.accounts import do_close_account
from projects.actions.ownership import do_give_owner
from projects.errors import ProjectError
from projects.models import AuditEntry, Membership, Project, Role, Team, TeamAccess, TeamRole
from projects.ownership import managed_by_none_but, owned_by_none_but, ownerless
from projects.permissions import role_in
from tests.accounts.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.both_databases


@pytest.fixture
def root(db: None) -> User:
    """The owner of the installation."""
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def roots_browser(root: User) -> Client:
    return sign_in(Client(), "root")


@pytest.fixture
def team(owner: User, project: Project) -> Team:
    """Owns the project beside its owner, who manages the team."""
    team = actions.do_create_team(owner, "Night shift")
    TeamAccess.objects.create(team=team, project=project, role=Role.OWNER)
    return team


def _open(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_active


def test_the_only_owner_goes_when_somebody_has_the_project(
    roots_browser: Client, root: User, owner: User, project: Project, colleague: User
) -> None:
    page = roots_browser.post(f"/people/{owner.pk}/", {"do": "close"})
    assert page.status_code == 409
    assert "Nobody else owns <strong>Web metrics</strong>." in page.text
    assert _open(owner)
    assert "Nobody here has exactly" in roots_browser.post(f"/people/{owner.pk}/", {"do": "close", "heir": "x"}).text
    assert "Somebody else has" in roots_browser.post(f"/people/{owner.pk}/", {"do": "close", "heir": "owner"}).text
    assert _open(owner)
    done = roots_browser.post(f"/people/{owner.pk}/", {"do": "close", "heir": "colleague"})
    assert done.headers["Location"] == "/people/"
    assert not _open(owner)
    assert role_in(colleague, project.pk) == Role.OWNER
    entry = AuditEntry.objects.get(action="member.add")
    assert (entry.person_name, entry.object_name, entry.project) == ("root", "colleague", project.pk)


def test_what_somebody_else_owns_too_is_not_asked_about(
    root: User, owner: User, project: Project, colleague: User, team: Team
) -> None:
    actions.do_add_to_team(owner, team, colleague)
    assert not owned_by_none_but(owner).exists()
    with pytest.raises(ProjectError, match="the team Night shift would be nobody's") as refused:
        do_close_account(root, owner)
    assert (refused.value.code, refused.value.status, refused.value.field) == ("last_owner", 409, "/heir")
    do_close_account(root, owner, colleague)
    assert team.memberships.get(user=colleague).role == TeamRole.MANAGER
    assert role_in(colleague, project.pk) == Role.OWNER
    assert not Membership.objects.filter(user=root).exists()
    assert list(owned_by_none_but(colleague)) == [project]


def test_a_team_of_one_is_left_as_it_is(root: User, owner: User, project: Project, team: Team) -> None:
    assert not managed_by_none_but(owner).exists()
    assert list(owned_by_none_but(owner)) == [project]
    do_close_account(root, owner, root)
    assert role_in(root, project.pk) == Role.OWNER


def test_many_are_named_in_part(root: User, owner: User, project: Project) -> None:
    for number in range(6):
        actions.do_create_project(owner, f"P {number}")
    with pytest.raises(ProjectError, match="and 2 more would be nobody's without owner"):
        do_close_account(root, owner)


def test_a_project_without_an_owner_is_shown_and_given_one(
    roots_browser: Client, owner: User, project: Project, colleague: User
) -> None:
    address = f"/people/projects/{project.pk}/"
    assert roots_browser.post(address, {"person": "colleague"}).status_code == 409
    assert "without an owner" not in roots_browser.get("/people/").text
    # As by a hand in the database.
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert list(ownerless()) == [project]
    ((level, what, _),) = owners.look()
    assert (level, what) == (Level.WARNING, "Nobody owns Web metrics.")
    assert "Projects without an owner" in roots_browser.get("/people/").text
    assert "Nobody here has exactly" in roots_browser.post(address, {"person": "owner"}).text
    assert roots_browser.post(address, {"person": "colleague"}).headers["Location"] == "/people/"
    assert role_in(colleague, project.pk) == Role.OWNER
    assert [level for level, _, _ in owners.look()] == [Level.OK]


def test_an_owner_of_a_project_gives_no_other_away(owner: User, project: Project, colleague: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    with pytest.raises(ProjectError) as refused:
        do_give_owner(colleague, project, colleague)
    assert refused.value.status == 404


@pytest.mark.parametrize("way", ["closed", "saved whole", "deleted"])
def test_an_account_that_ends_past_the_page_is_told_of_with_what_nobody_owns(
    owner: User, colleague: User, project: Project, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    owner.is_active = False
    if way == "deleted":
        owner.delete()
    else:
        owner.save(update_fields=["is_active"] if way == "closed" else None)
    assert [record.getMessage() for record in caplog.records if record.name == "projects.accounts.receivers"] == [
        "the account owner has ended, and nobody owns Web metrics any more: give them to somebody on the page People"
    ]


def test_an_account_is_ended_without_a_word_where_others_own_what_it_owned(
    owner: User, colleague: User, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    Membership.objects.update_or_create(user=colleague, project=project, defaults={"role": Role.OWNER})
    owner.save()
    owner.is_active = False
    owner.save()
    assert not [record for record in caplog.records if record.name == "projects.accounts.receivers"]
