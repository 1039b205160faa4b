"""Invitations: a link that makes one person a member, once."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from projects.actions import do_create_team, do_invite, do_remove_member, do_revoke_invitation, do_set_role
from projects.actions.invitations import MAX_OPEN, do_accept_invitation
from projects.errors import ProjectError
from projects.limits.rate import Rate
from projects.models import AuditEntry, Invitation, Membership, Project, Role, TeamRole
from projects.permissions import can
from projects.tasks import deliver
from tests.accounts.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.both_databases

ACCOUNT = {"name": "new-one", "password": PASSWORD, "again": PASSWORD}


def _role(user: User, project: Project) -> str:
    return Membership.objects.get(user=user, project=project).role


@pytest.fixture
def link(owner: User, project: Project) -> str:
    """The path of an invitation as editor."""
    return f"/people/join/{do_invite(owner, project, Role.EDITOR)[1]}/"


@pytest.fixture
def owners_browser(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def test_the_page_makes_a_link_and_shows_it_once(owners_browser: Client, project: Project) -> None:
    address = f"/projects/{project.pk}/invitations/"
    page = owners_browser.post(address, {"role": "operator", "days": "7", "email": "new@example.org"})
    found = re.search(r'value="(http://testserver/people/join/[^"]+)"', page.content.decode())
    assert found
    assert "no-store" in page.headers["Cache-Control"]
    later = owners_browser.get(address).content.decode()
    assert "new@example.org" in later
    assert "/people/join/" not in later
    assert found.group(1).rsplit("/", 2)[1] not in str(Invitation.objects.values())
    assert Client().get(urlsplit(found.group(1)).path).status_code == 200


def test_looking_accepts_nothing_and_a_person_who_is_signed_in_joins(ann: User, project: Project, link: str) -> None:
    browser = sign_in(Client())
    for client in (Client(), browser, browser):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert not can(ann, "view", project)
    assert browser.post(link).headers["Location"] == project.get_absolute_url()
    assert _role(ann, project) == Role.EDITOR
    assert browser.get(link).status_code == 410
    assert Client().post(link, ACCOUNT).status_code == 410
    assert not User.objects.filter(username="new-one").exists()


def test_who_is_signed_in_as_another_signs_out_and_is_asked_again(link: str, owners_browser: Client) -> None:
    assert f'name="next" value="{link}"' in owners_browser.get(link).content.decode()
    assert owners_browser.post("/sign-out/", {"next": link}).headers["Location"] == link
    assert "Make an account and join" in owners_browser.get(link).content.decode()
    assert owners_browser.post("/sign-out/", {"next": "https://elsewhere.example/"}).headers["Location"] == "/sign-in/"


def test_somebody_new_makes_an_account_and_is_in(project: Project, link: str) -> None:
    client = Client()
    assert client.post(link, ACCOUNT).headers["Location"] == project.get_absolute_url()
    assert client.get(project.get_absolute_url()).status_code == 200
    assert _role(User.objects.get(username="new-one"), project) == Role.EDITOR
    sign_in(Client(), "new-one")


def test_an_address_that_somebody_has_is_not_given_to_another(owner: User, project: Project, ann: User) -> None:
    _, token = do_invite(owner, project, Role.VIEWER, email=ann.email.upper())
    assert Client().post(f"/people/join/{token}/", ACCOUNT).status_code == 302
    assert User.objects.get(username="new-one").email == ""
    sign_in(Client(), ann.email)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "Say by which name"),
        ({"name": "Owner"}, "choose another"),
        ({"name": "a b"}, "valid username"),
        ({"name": "owner@example.org"}, "no @"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"again": "other"}, "not the same"),
    ],
)
def test_an_account_that_cannot_be_made_leaves_the_link_good(
    project: Project, link: str, change: dict[str, str], message: str
) -> None:
    page = Client().post(link, {**ACCOUNT, **change})
    assert page.status_code == 422
    assert message in page.content.decode()
    assert User.objects.count() == 1
    assert Client().post(link, ACCOUNT).status_code == 302


def test_what_is_made_up_old_or_taken_back_leads_nowhere(owner: User, project: Project, link: str) -> None:
    assert Client().get(link[:-3] + "xx/").status_code == 410
    Invitation.objects.update(expires=timezone.now())
    assert Client().post(link, ACCOUNT).status_code == 410
    Invitation.objects.update(expires=timezone.now() + timedelta(days=1))
    assert Client().get(link).status_code == 200
    do_revoke_invitation(owner, Invitation.objects.get().pk)
    assert Client().post(link, ACCOUNT).status_code == 410
    assert User.objects.count() == 1


def test_who_may_not_invite_any_more_lets_nobody_in(owner: User, colleague: User, project: Project, ann: User) -> None:
    Membership.objects.filter(user=colleague).update(role=Role.OWNER)
    _, token = do_invite(colleague, project, Role.OWNER)
    assert Client().get(f"/people/join/{token}/").status_code == 200
    do_remove_member(owner, project, colleague)
    assert Client().get(f"/people/join/{token}/").status_code == 410
    with pytest.raises(ProjectError) as refused:
        do_accept_invitation(ann, token)
    assert refused.value.status == 410
    assert not can(ann, "view", project)


def test_a_member_is_raised_and_never_lowered(owner: User, project: Project, colleague: User) -> None:
    do_accept_invitation(colleague, do_invite(owner, project, Role.VIEWER)[1])
    assert _role(colleague, project) == Role.EDITOR
    do_accept_invitation(colleague, do_invite(owner, project, Role.OWNER)[1])
    assert _role(colleague, project) == Role.OWNER


def test_a_team_is_joined_by_its_own_page(owners_browser: Client, owner: User, ann: User) -> None:
    team = do_create_team(owner, "Night shift")
    page = owners_browser.post(f"/teams/{team.pk}/invitations/", {"role": "member", "days": "1"})
    found = re.search(r'value="http://testserver(/people/join/[^"]+)"', page.content.decode())
    assert found
    assert sign_in(Client()).post(found.group(1)).status_code == 302
    assert team.memberships.get(user=ann).role == TeamRole.MEMBER
    assert Client().get(f"/teams/{team.pk}/invitations/").status_code == 302
    assert sign_in(Client()).get(f"/teams/{team.pk}/invitations/").status_code == 403


def test_with_a_mail_server_the_link_goes_by_mail_alone(
    owners_browser: Client,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    monkeypatch.setattr("projects.mail.in_background", lambda _task, *words: deliver(*words))
    with override_settings(SENDS_MAIL=True), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page = owners_browser.post(
            f"/projects/{project.pk}/invitations/", {"role": "viewer", "days": "7", "email": "new@example.org"}
        )
    assert "/people/join/" not in page.content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert sent.subject == "owner invites you to Web metrics on Weirflow"
    found = re.search(r"http://testserver(/people/join/\S+)", sent.body)
    assert found
    Client().post(found.group(1), ACCOUNT)
    assert User.objects.get(username="new-one").email == "new@example.org"


@pytest.mark.parametrize(
    ("change", "message"),
    [({"role": "king"}, "no role"), ({"days": 0}, "1 to 30"), ({"days": 31}, "1 to 30"), ({"email": "x"}, "no mail")],
)
def test_what_cannot_be_is_refused(
    owners_browser: Client, project: Project, change: dict[str, object], message: str
) -> None:
    page = owners_browser.post(f"/projects/{project.pk}/invitations/", {"role": "viewer", "days": 7, **change})
    assert page.status_code == 422
    assert message in page.content.decode()


def test_there_is_a_limit_of_open_ones(owner: User, project: Project) -> None:
    soon = timezone.now() + timedelta(days=1)
    Invitation.objects.bulk_create(
        Invitation(project=project, role=Role.VIEWER, token_hash=f"{number}", invited_by=owner, expires=soon)
        for number in range(MAX_OPEN)
    )
    with pytest.raises(ProjectError, match="the limit"):
        do_invite(owner, project, Role.VIEWER)


@override_settings(LIMITS={**settings.LIMITS, "invitation": Rate(1 / 600, 2)})
def test_invitations_are_sent_at_a_bounded_rate_and_it_is_said_when_again(
    owners_browser: Client, owner: User, colleague: User, project: Project
) -> None:
    team = do_create_team(owner, "Night shift")
    address = f"/projects/{project.pk}/invitations/"
    for _ in range(4):
        assert owners_browser.post(address, {"role": "king", "days": "7"}).status_code == 422
    for where in (address, f"/teams/{team.pk}/invitations/"):
        role = "member" if "teams" in where else "viewer"
        assert owners_browser.post(where, {"role": role, "days": "7", "email": "new@example.org"}).status_code == 200
    # Two are sent; taking them back gives no others.
    for invitation in Invitation.objects.all():
        do_revoke_invitation(owner, invitation.pk)
    page = owners_browser.post(address, {"role": "viewer", "days": "7", "email": "another@example.org"})
    assert page.status_code == 429
    assert "You have sent many invitations: the next one can be sent in 10 minutes, at " in page.text
    assert 0 < int(page.headers["Retry-After"]) <= 600
    assert not Invitation.objects.exists()
    entry = AuditEntry.objects.get(action="invitation.refuse")
    assert (entry.person, entry.project) == (owner.pk, project.pk)
    # The project counts for itself, whoever invites.
    do_set_role(owner, project, colleague, Role.OWNER)
    do_invite(colleague, project, Role.VIEWER)
    with pytest.raises(ProjectError, match="Web metrics has sent many") as refused:
        do_invite(colleague, project, Role.VIEWER)
    assert refused.value.code == "invitations_too_often"


def test_an_owner_of_another_project_takes_nothing_back(
    owner: User, project: Project, stranger: User, link: str
) -> None:
    with pytest.raises(ProjectError) as refused:
        do_revoke_invitation(stranger, Invitation.objects.get().pk)
    assert refused.value.status == 404


def test_accepting_is_limited(project: Project, link: str) -> None:
    codes = [Client().post(link, {**ACCOUNT, "again": "x"}).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_form_without_its_token_accepts_nothing(ann: User, project: Project, link: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert client.post(link).status_code == 403
    assert not can(ann, "view", project)
