"""Where a person is signed in: shown to them, ended by them."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from editor.tasks import clear_sessions
from projects import signals
from projects.accounts import seen
from projects.accounts.devices import device
from projects.actions.sessions import do_end_sessions
from projects.models import SignedIn
from tests.accounts.conftest import sign_in


def _ids(client: Client) -> list[str]:
    return re.findall(r'name="session" value="([0-9a-f]{32})"', client.get("/account/").content.decode())


def test_a_session_is_shown_with_its_device_and_address(browser: Client) -> None:
    page = browser.get("/account/").content.decode()
    assert "Firefox on Linux" in page
    assert "127.0.0.1" in page
    assert "this one" in page
    assert SignedIn.objects.get().session_key not in page


def test_one_is_ended_by_its_name_and_this_one_never(browser: Client, ann: User) -> None:
    first, second = sign_in(Client()), sign_in(Client())
    (one, other) = _ids(browser)
    assert browser.post("/account/sessions/end/", {"session": one}).status_code == 302
    assert _ids(browser) == [other]
    assert sorted([first.get("/projects/").status_code, second.get("/projects/").status_code]) == [200, 302]
    browser.post("/account/sessions/end/", {"session": "others"})
    assert _ids(browser) == []
    assert browser.get("/projects/").status_code == 200
    assert Session.objects.count() == 1


def test_sessions_of_others_cannot_be_ended(browser: Client, ann: User) -> None:
    User.objects.create_user("bob", password="correct horse 7 battery")
    bob = sign_in(Client(), "bob")
    theirs = SignedIn.objects.get(user__username="bob").session_key
    for named in ("", theirs, "nonsense"):
        browser.post("/account/sessions/end/", {"session": named})
    assert do_end_sessions(ann, [theirs]) == 0
    assert bob.get("/projects/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_ending_a_session_is_told_to_the_sockets() -> None:
    ann = User.objects.create_user("ann", password="correct horse 7 battery")
    sign_in(Client())
    told = []

    def listen(**about: object) -> None:
        told.append((about["user_id"], about["project_id"]))

    signals.access_changed.connect(listen)
    do_end_sessions(ann)
    signals.access_changed.disconnect(listen)
    assert told == [(ann.pk, None)]


def test_signing_out_forgets_the_session(browser: Client) -> None:
    browser.post("/sign-out/")
    assert not SignedIn.objects.exists()


def test_what_ended_is_swept_away(browser: Client) -> None:
    Session.objects.all().delete()
    clear_sessions.run()
    assert not SignedIn.objects.exists()


def test_a_session_is_noted_every_few_minutes_and_not_with_each_request(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SignedIn.objects.get().session_key
    browser.get("/projects/")
    assert not seen.due(key)
    monkeypatch.setattr(seen, "EVERY_SECONDS", 0.0)
    before = SignedIn.objects.get().last_seen
    browser.get("/projects/")
    assert SignedIn.objects.get().last_seen > before


def test_a_session_from_before_is_found_when_it_is_used(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    SignedIn.objects.all().delete()
    monkeypatch.setattr(seen, "EVERY_SECONDS", 0.0)
    browser.get("/projects/")
    assert SignedIn.objects.get().user.username == "ann"


def test_the_memory_of_what_was_noted_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST_REMEMBERED", 2)
    monkeypatch.setattr(seen, "_noted", type(seen._noted)())
    assert [seen.due(key) for key in ("a", "b", "c", "a", "a")] == [True, True, True, True, False]
    assert len(seen._noted) == 2


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_has_a_name(agent: str, name: str) -> None:
    assert device(agent) == name
