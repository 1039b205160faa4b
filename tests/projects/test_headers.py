"""What every answer says to the browser."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.actions.signin import do_create_signin_link
from projects.models import Project


@pytest.fixture
def browser(owner: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    return client


def _policy(header: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for words in (part.split() for part in header.split(";"))}


def test_the_policy_allows_our_own_files_and_nothing_inline(browser: Client, project: Project) -> None:
    for address in ("/sign-in/nothing/", "/projects/", project.get_absolute_url(), "/nowhere/", "/healthz"):
        policy = _policy(browser.get(address).headers["Content-Security-Policy"])
        assert policy["default-src"] == policy["script-src"] == policy["style-src"] == ["'self'"]
        assert policy["worker-src"] == ["'self'"]
        assert policy["connect-src"] == ["'self'", "ws://testserver"]
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        assert "unsafe" not in str(policy)


def test_pages_hold_nothing_that_the_policy_would_stop(browser: Client, project: Project) -> None:
    for address in ("/projects/", "/projects/new/", project.get_absolute_url(), "/nowhere/"):
        text = browser.get(address).content.decode()
        assert "<script" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text


def test_the_other_headers_are_strict(browser: Client) -> None:
    headers = browser.get("/projects/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_another_host_is_refused(db: None) -> None:
    assert Client(headers={"host": "evil.example"}).get("/projects/").status_code == 400


@pytest.mark.parametrize(
    "address", ["/projects/?q=%00", "/sign-in/%00/", "/api/flows/x/people?q=a%00b", "/api/flows/x/nodes/%00/state"]
)
def test_an_address_with_nul_is_refused(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 400


def test_a_form_with_nul_is_refused(db: None) -> None:
    assert Client().post("/sign-in/", {"name": "a\0b"}).status_code == 400
    urlencoded = "application/x-www-form-urlencoded"
    assert Client().post("/sign-in/", "name=a%00b", content_type=urlencoded).status_code == 400
    assert Client().post("/sign-in/", {"name": "100%00", "password": "x"}).status_code == 422


@pytest.mark.parametrize("address", ["/projects/new/", "/theme/", "/sign-out/", "/sign-in/x/"])
def test_a_form_without_its_token_changes_nothing(browser: Client, address: str) -> None:
    page = browser.post(address, {"name": "Forged"})
    assert page.status_code == 403
    assert b"Please try that again" in page.content
    assert not Project.objects.exists()


def test_cookies_are_kept_from_scripts_and_other_sites(owner: User) -> None:
    client = Client()
    client.post(do_create_signin_link(owner))
    session = client.cookies["weirflow_session"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"


def test_the_chosen_colours_come_with_the_page_and_lead_back(browser: Client) -> None:
    client = Client()
    client.cookies = browser.cookies
    assert "data-theme" not in client.get("/projects/").content.decode()
    assert client.post("/theme/", {"theme": "dark", "next": "/projects/"}).headers["Location"] == "/projects/"
    assert 'data-theme="dark"' in client.get("/projects/").content.decode()
    assert client.post("/theme/", {"theme": "system", "next": "//evil.example/"}).headers["Location"] == "/"
    assert "data-theme" not in client.get("/projects/").content.decode()


def test_health_needs_no_session(db: None) -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
