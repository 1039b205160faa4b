"""Mail addresses, and what the owner of the installation does about accounts."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, override_settings

from projects.actions.accounts import do_close_account
from projects.actions.tokens import do_create_token
from projects.errors import ProjectError
from projects.models import ApiToken, AuditEntry
from projects.tasks import deliver
from tests.accounts.conftest import PASSWORD, sign_in


@pytest.fixture
def root(db: None) -> User:
    """The owner of the installation."""
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def roots_browser(root: User) -> Client:
    return sign_in(Client(), "root")


def test_an_address_is_set_at_once_where_no_mail_goes_out(browser: Client, ann: User) -> None:
    assert browser.post("/account/address/", {"email": " new@example.org "}).headers["Location"] == "/account/"
    assert "new@example.org" in browser.get("/account/").content.decode()
    sign_in(Client(), "new@example.org")
    browser.post("/account/address/", {"email": ""})
    ann.refresh_from_db()
    assert ann.email == ""


@pytest.mark.parametrize(
    ("email", "message"),
    [("BOB@example.org", "Somebody else"), ("old@example.org", "Somebody else"), ("nonsense", "no mail address")],
)
def test_an_address_of_somebody_else_or_of_nobody_is_refused(browser: Client, email: str, message: str) -> None:
    User.objects.create_user("bob", "bob@example.org")
    User.objects.create_user("old@example.org")
    answer = browser.post("/account/address/", {"email": email})
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_with_mail_an_address_is_set_by_who_asked_and_reads_the_mail_there(
    browser: Client, ann: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    monkeypatch.setattr("projects.mail.in_background", lambda _task, *words: deliver(*words))
    with override_settings(SENDS_MAIL=True), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert "on its way to new@example.org" in browser.post("/account/address/", {"email": "new@example.org"}).text
    found = re.search(r"http://\S+", mail.outbox[0].body)
    assert found
    link = urlsplit(found.group()).path
    ann.refresh_from_db()
    assert ann.email == "Ann@example.org"
    User.objects.create_user("bob", password=PASSWORD)
    assert sign_in(Client(), "bob").post(link).status_code == 410
    assert browser.get(link).status_code == 200
    assert browser.post(link).headers["Location"] == "/account/"
    ann.refresh_from_db()
    assert ann.email == "new@example.org"
    assert browser.post(link).status_code == 410
    assert browser.get(link[:-3] + "xx/").status_code == 410


def test_an_account_that_is_closed_lets_nobody_in(roots_browser: Client, browser: Client, ann: User) -> None:
    do_create_token(ann, "x", ["view"], 1)
    roots_browser.post(f"/people/{ann.pk}/", {"do": "close"})
    assert browser.get("/projects/").status_code == 302
    assert not ApiToken.objects.exists()
    assert AuditEntry.objects.get(action="session.revoke").person_name == "root"
    assert Client().post("/sign-in/", {"name": "ann", "password": PASSWORD}).status_code == 422
    assert "closed" in roots_browser.get("/people/?q=ann").content.decode()
    roots_browser.post(f"/people/{ann.pk}/", {"do": "reopen"})
    sign_in(Client())


def test_a_person_is_given_a_link_for_a_new_password(roots_browser: Client, ann: User) -> None:
    page = roots_browser.post(f"/people/{ann.pk}/", {"do": "password"}).content.decode()
    found = re.search(r'value="http://testserver(/sign-in/new-password/[^"]+)"', page)
    assert found
    assert Client().post(found.group(1), {"password": "set by ann 9", "again": "set by ann 9"}).status_code == 302
    sign_in(Client(), password="set by ann 9")


def test_the_owner_of_the_installation_is_not_touched(roots_browser: Client, root: User) -> None:
    for do in ("close", "password", "nonsense"):
        answer = roots_browser.post(f"/people/{root.pk}/", {"do": do})
        assert answer.headers["Location"] == "/people/"
    root.refresh_from_db()
    assert root.is_active
    with pytest.raises(ProjectError, match="stays"):
        do_close_account(root, root)
    assert roots_browser.post("/people/999999/", {"do": "close"}).status_code == 404


def test_people_are_nobodys_business_but_the_owners(browser: Client, ann: User, root: User) -> None:
    assert browser.get("/people/").status_code == 404
    assert browser.post(f"/people/{root.pk}/", {"do": "close"}).status_code == 404
    with pytest.raises(ProjectError) as refused:
        do_close_account(ann, root)
    assert refused.value.status == 404


def test_the_owner_proves_again_who_they_are(roots_browser: Client, ann: User) -> None:
    session = roots_browser.session
    session["proved_at"] -= 16 * 60
    session.save()
    answer = roots_browser.post(f"/people/{ann.pk}/", {"do": "close"})
    assert answer.headers["Location"].startswith("/account/confirm/")
    ann.refresh_from_db()
    assert ann.is_active


def test_a_crowd_comes_in_pages(roots_browser: Client) -> None:
    User.objects.bulk_create(User(username=f"person-{number:03}") for number in range(60))
    first, second = (roots_browser.get(f"/people/?page={page}").content.decode() for page in (1, 2))
    assert "person-010" in first
    assert "person-010" not in second
    assert "Nobody is called so" in roots_browser.get("/people/?q=zzz").content.decode()
