"""What people write is text on every page: names, labels, comments, notes, whatever they put into it."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, Model, QuerySet, TextField
from django.test import Client

from projects import append_only
from tests.matrix.api_rows import OPERATIONS
from tests.matrix.page_rows import OF_TEAMS, PAGES
from tests.matrix.test_pages import ADDRESSES
from tests.matrix.world import World, make_world

SCRIPT = '"><img src=x onerror=alert(1)>{{7*7}}<script>'
MARK = b"<img src=x"
WRITTEN = {
    "name",
    "label",
    "comment",
    "text",
    "title",
    "note",
    "object_name",
    "person_name",
    "description",
    "username",
    "first_name",
}


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """With the same script in all that people may write, past what an action would refuse."""
    monkeypatch.setenv("KUBECONFIG", "/nonexistent/kubeconfig")
    world = make_world()
    append_only.remove(connection)
    try:
        for model in (*apps.get_app_config("projects").get_models(), *apps.get_app_config("auth").get_models()):
            for field in model._meta.get_fields():
                if isinstance(field, CharField | TextField) and field.name in WRITTEN:
                    _write(model, field)
    finally:
        append_only.install(connection)
    return world


def _write(model: type[Model], field: Any) -> None:
    # Past the manager: that of the audit refuses it.
    for number, row in enumerate(QuerySet(model).all()):
        text = f"{number}{SCRIPT}"
        QuerySet(model).filter(pk=row.pk).update(**{field.name: text[: field.max_length or 100]})


def test_no_page_has_it_but_as_text(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.people["owner"])
    shown = 0
    for name in {**PAGES, **OF_TEAMS}:
        address = "/" + world.address(ADDRESSES[name])
        if ADDRESSES[name].startswith("sign-out"):
            continue
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            content = answer.content
            assert MARK not in content, address
            assert b"alert(1)>{{7*7}}<script>" not in content, address
            shown += b"&lt;img src=x" in content
    assert shown >= 6, "the script is on pages, as text"


def test_what_the_api_answers_is_never_taken_for_a_page(world: World) -> None:
    client = Client()
    client.force_login(world.people["owner"])
    for key, row in OPERATIONS.items():
        method, _, path = key.partition(" ")
        if method != "GET":
            continue
        answer = client.get("/api" + world.address(path, **row.ids) + row.query)
        kind = answer.headers["Content-Type"]
        assert kind.startswith(("application/json", "application/yaml", "text/plain")), key
        assert answer.headers["X-Content-Type-Options"] == "nosniff", key


def test_errors_that_repeat_what_was_asked_are_no_pages_either(db: None) -> None:
    answer = Client().get('/api/"><script>alert(1)</script>')
    assert answer.headers["Content-Type"].startswith("application/json")
    page = Client().get('/"><script>alert(1)</script>')
    assert b"<script>alert" not in page.content
