"""A page of others acts with a person's cookies: at no address that changes something."""

import pytest
from django.test import Client

from tests.matrix.api_rows import OPERATIONS
from tests.matrix.page_rows import OF_TEAMS, PAGES
from tests.matrix.test_pages import ADDRESSES
from tests.matrix.world import World, make_world

TOKEN = "b" * 32
FORGED: list[dict[str, str]] = [
    {},
    {"X-CSRFToken": "c" * 32},
    # The right token, which a page of another origin has got hold of.
    {"X-CSRFToken": TOKEN, "Origin": "https://evil.example"},
    {"X-CSRFToken": TOKEN, "Origin": "null"},
    {"X-CSRFToken": TOKEN, "Origin": "http://testserver:8080"},
]
UNSAFE = [key for key in OPERATIONS if not key.startswith("GET ")]


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("KUBECONFIG", "/nonexistent/kubeconfig")
    return make_world()


@pytest.fixture
def browser(world: World) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["owner"])
    return client


def test_no_form_is_taken_without_its_token(world: World, browser: Client) -> None:
    pages = {**PAGES, **OF_TEAMS}
    forms = {name for name, page in pages.items() if page.post is not None} - {"healthz", "readyz", "home"}
    answers = {name: browser.post("/" + world.address(ADDRESSES[name])).status_code for name in sorted(forms)}
    assert answers == dict.fromkeys(answers, 403)


def test_no_request_of_the_api_is_taken_from_another_page(world: World, browser: Client) -> None:
    browser.cookies["csrftoken"] = TOKEN
    taken = []
    for sent in FORGED:
        for key in UNSAFE:
            method, _, path = key.partition(" ")
            address = "/api" + world.address(path, **OPERATIONS[key].ids)
            answer = browser.generic(method, address, b"{}", "application/json", headers=sent)
            if (answer.status_code, answer.json()["error"]["code"]) != (403, "csrf_failed"):
                taken.append((key, sent, answer.status_code))
    assert not taken


def test_a_simple_form_of_another_page_is_no_body_of_the_api(world: World) -> None:
    """Even where the cookie came along and nobody looked at the token, a form is not JSON."""
    client = Client()
    client.force_login(world.people["owner"])
    answer = client.post("/api/projects", {"name": "Forged"})
    assert answer.status_code == 400
