"""Signing in by password; setting, changing and resetting one."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, override_settings

from projects.accounts import reset
from projects.actions.passwords import do_set_password
from projects.actions.signin import do_create_signin_link
from projects.errors import ProjectError
from projects.models import AuditEntry
from projects.tasks import deliver, mail_reset_links
from tests.accounts.conftest import PASSWORD, sign_in

NEW = "another long one 42"


def _try(name: str, password: str, client: Client | None = None) -> tuple[int, str]:
    answer = (client or Client()).post("/sign-in/", {"name": name, "password": password})
    found = re.search(r'role="alert">(.*?)<', answer.content.decode())
    return answer.status_code, found.group(1) if found else ""


@pytest.mark.parametrize("name", ["ann", "Ann@example.org", "ann@EXAMPLE.org", " ann "])
def test_a_person_signs_in_by_name_or_address(ann: User, name: str) -> None:
    client = Client()
    assert _try(name, PASSWORD, client)[0] == 302
    assert client.get("/projects/").status_code == 200


def test_it_is_not_said_what_was_wrong(ann: User) -> None:
    User.objects.create_user("by-link")
    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    answers = {_try(*tried) for tried in (("ann", "wrong"), ("nobody", PASSWORD), ("by-link", ""), ("gone", PASSWORD))}
    assert answers == {(422, "The name or the password is wrong.")}


def test_an_address_of_two_people_signs_in_neither(ann: User) -> None:
    User.objects.create_user("bob", "ann@example.org", PASSWORD)
    assert _try("ann@example.org", PASSWORD)[0] == 422
    assert _try("bob", PASSWORD)[0] == 302


def test_tries_for_one_name_are_limited_and_other_names_go_on(ann: User) -> None:
    User.objects.create_user("bob", password=PASSWORD)
    assert [_try("ann", "wrong")[0] for _ in range(6)] == [422] * 5 + [429]
    assert _try("ann", PASSWORD)[0] == 429
    assert _try("bob", PASSWORD)[0] == 302


def test_tries_from_one_address_are_limited(ann: User) -> None:
    codes = [_try(f"name-{number}", "wrong")[0] for number in range(21)]
    assert codes == [422] * 20 + [429]


def test_signing_in_leads_where_the_person_was_going_and_nowhere_else(ann: User) -> None:
    asked = Client().get("/projects/new/")
    assert asked.headers["Location"] == "/sign-in/?next=/projects/new/"
    for after in ("/projects/new/", "//evil.example/", "//127.0.0.1/", "no page"):
        led = after if after == "/projects/new/" else "/projects/"
        client = Client()
        answer = client.post("/sign-in/", {"name": "ann", "password": PASSWORD, "next": after})
        assert answer.headers["Location"] == led
        assert client.get("/sign-in/", {"next": after}).headers["Location"] == led
        assert client.post("/theme/", {"next": after}).headers["Location"] == (led if led == after else "/")


def test_a_form_without_its_token_signs_nobody_in(ann: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/sign-in/", {"name": "ann", "password": PASSWORD}).status_code == 403


def test_the_session_has_another_key_after_signing_in(ann: User) -> None:
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["x"] = 1
    session.save()
    before = client.cookies["weirflow_session"].value if "weirflow_session" in client.cookies else session.session_key
    sign_in(client)
    assert client.cookies["weirflow_session"].value != before


def test_who_came_by_link_sets_a_password(db: None) -> None:
    person = User.objects.create_user("owner")
    client = Client()
    client.post(do_create_signin_link(person))
    assert "Set a password" in client.get("/account/").content.decode()
    assert client.post("/account/password/", {"password": NEW, "again": NEW}).status_code == 302
    assert client.get("/account/").status_code == 200
    assert _try("owner", NEW)[0] == 302


def test_changing_it_ends_all_other_sessions_but_this(browser: Client, ann: User) -> None:
    elsewhere = sign_in(Client())
    assert browser.post("/account/password/", {"password": NEW, "again": NEW}).status_code == 302
    assert browser.get("/projects/").status_code == 200
    assert elsewhere.get("/projects/").status_code == 302
    assert Session.objects.count() == 1
    assert _try("ann", PASSWORD)[0] == 422
    entry = AuditEntry.objects.filter(action="password.change").get()
    assert NEW not in str(entry.after)


@pytest.mark.parametrize(
    ("chosen", "again", "message"),
    [
        ("short", "short", "too short"),
        ("1234567890", "1234567890", "too common"),
        ("ann@example.org", "ann@example.org", "too similar"),
        (NEW, "different", "not the same"),
        ("x" * 1025, "x" * 1025, "at most 1024"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(browser: Client, chosen: str, again: str, message: str) -> None:
    answer = browser.post("/account/password/", {"password": chosen, "again": again})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert _try("ann", PASSWORD)[0] == 302


def test_who_has_not_proved_of_late_who_they_are_is_asked_first(browser: Client, ann: User) -> None:
    session = browser.session
    session["proved_at"] -= 16 * 60
    session.save()
    asked = browser.post("/account/password/", {"password": NEW, "again": NEW})
    assert asked.headers["Location"].startswith("/account/confirm/?next=")
    assert browser.get("/account/password/").headers["Location"] == "/account/confirm/?next=%2Faccount%2Fpassword%2F"
    assert browser.post("/account/confirm/", {"password": "wrong"}).status_code == 422
    on = browser.post("/account/confirm/", {"password": PASSWORD, "next": "/account/password/"})
    assert on.headers["Location"] == "/account/password/"
    assert browser.post("/account/password/", {"password": NEW, "again": NEW}).headers["Location"] == "/account/"


def _asked_for(monkeypatch: pytest.MonkeyPatch, address: str) -> tuple[str, list[tuple[str, ...]]]:
    """What the page says, and what is left to the worker."""
    tasks: list[tuple[str, ...]] = []
    monkeypatch.setattr(reset, "in_background", lambda *task: tasks.append(task))
    with override_settings(SENDS_MAIL=True):
        page = Client().post("/sign-in/forgotten/", {"email": address})
    return page.content.decode(), tasks


def test_the_answer_is_the_same_whoever_is_asked_for(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    known, one = _asked_for(monkeypatch, "ann@example.org")
    unknown, other = _asked_for(monkeypatch, "who@example.org")
    assert known == unknown
    assert one == [("mail_reset_links", "ann@example.org", "http://testserver/")]
    assert other == [("mail_reset_links", "who@example.org", "http://testserver/")]


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("flows.example", "http://flows.example/"),
        ("localhost:6666", "http://flows.example/"),
        ("[::1]", "http://flows.example/"),
    ],
)
def test_who_asks_cannot_have_the_link_lead_to_the_readers_own_machine(
    ann: User, monkeypatch: pytest.MonkeyPatch, host: str, origin: str
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr("projects.accounts.reset.in_background", lambda *words: sent.append(words))
    names = ["127.0.0.1", "localhost", "[::1]", ".example.org", "flows.example"]
    with override_settings(SENDS_MAIL=True, ALLOWED_HOSTS=names):
        Client(headers={"host": host}).post("/sign-in/forgotten/", {"email": "ann@example.org"})
    assert [words[-1] for words in sent] == [origin]


@pytest.fixture
def link(ann: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object) -> str:
    """The path of the link that the worker mails."""
    monkeypatch.setattr("projects.mail.in_background", lambda _task, *words: deliver(*words))
    with override_settings(SENDS_MAIL=True), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        mail_reset_links("ann@example.org", "http://testserver/")
        mail_reset_links("who@example.org", "http://testserver/")
    assert [sent.to for sent in mail.outbox] == [["Ann@example.org"]]
    found = re.search(r"http://\S+", mail.outbox[0].body)
    assert found
    return urlsplit(found.group()).path


def test_a_reset_link_is_looked_at_many_times_and_spent_once(ann: User, link: str) -> None:
    elsewhere = sign_in(Client())
    # Signing in ended the link: another.
    link = reset.reset_path(User.objects.get(pk=ann.pk))
    for _ in range(2):
        assert Client().get(link).status_code == 200
    assert Client().post(link, {"password": "short", "again": "short"}).status_code == 422
    assert Client().post(link, {"password": NEW, "again": NEW}).headers["Location"] == "/sign-in/"
    assert Client().post(link, {"password": "x" + NEW, "again": "x" + NEW}).status_code == 410
    assert Client().get(link).status_code == 410
    assert _try("ann", NEW)[0] == 302
    assert elsewhere.get("/projects/").status_code == 302


def test_a_mailed_link_sets_the_password(ann: User, link: str) -> None:
    assert Client().post(link, {"password": NEW, "again": NEW}).status_code == 302
    assert _try("ann", NEW)[0] == 302


def test_a_forged_or_old_link_sets_nothing(ann: User, link: str) -> None:
    for path in (link[:-3] + "xx/", link.replace("new-password/", "new-password/zz"), "/sign-in/new-password/MQ/x/"):
        assert Client().get(path).status_code == 410
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert Client().get(link).status_code == 410


def test_reset_mails_are_limited(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [len(_asked_for(monkeypatch, "ann@example.org")[1]) for _ in range(4)]
    assert sent == [1, 1, 1, 0]


def test_without_mail_the_page_says_who_can_help(db: None) -> None:
    page = Client().get("/sign-in/forgotten/").content.decode()
    assert "manage.py signin_link" in page
    assert "<form" not in page


def test_an_action_refuses_what_the_page_refuses(ann: User) -> None:
    with pytest.raises(ProjectError, match="too short"):
        do_set_password(ann, "short")
