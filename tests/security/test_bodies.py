"""Bodies that are too large, or no bodies at all."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.actions.tokens import do_create_token
from projects.models import Flow


@pytest.fixture
def program(transactional_db: None, owner: User, flow: Flow) -> Client:
    _, text = do_create_token(owner, "a program", ["edit", "manage"], 1)
    return Client(headers={"Authorization": f"Bearer {text}"}, raise_request_exception=False)


MALFORMED = {
    "nothing": b"",
    "half": b'{"name": "x',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "NUL": b'{"name": "a\\u0000b"}',
    "nested without end": b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a number without end": b'{"name": ' + b"9" * 100_000 + b"}",
    "no object": b"[]",
    "no number": b'{"name": NaN}',
    "twice": b'{"name": null, "name": {}}',
    "another type": b'{"name": {"a": 1}}',
}


@pytest.mark.parametrize("path", ["/api/projects", "/api/flows/{flow}/changes", "/api/flows/{flow}/comments"])
def test_what_cannot_be_read_is_refused_in_words(program: Client, flow: Flow, path: str) -> None:
    for name, body in MALFORMED.items():
        answer = program.post(path.format(flow=flow.pk), body, "application/json")
        assert answer.status_code in (400, 422), (name, answer.content)
        assert len(answer.json()["error"]["message"]) > 10
        assert b"Traceback" not in answer.content


@pytest.mark.parametrize("path", ["/api/projects", "/api/flows/{flow}/changes"])
def test_what_is_too_large_is_refused(program: Client, flow: Flow, path: str) -> None:
    answer = program.post(
        path.format(flow=flow.pk), b'{"name": "' + b"x" * (4 * 1024 * 1024) + b'"}', "application/json"
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_a_form_that_is_too_large_is_refused(owner: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    answer = client.post("/projects/new/", {"name": "x" * (5 * 1024 * 1024)}, "application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413)


def test_more_fields_than_a_form_has_are_refused(owner: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    fields = "&".join(f"f{number}=1" for number in range(2_000))
    assert client.post("/projects/new/", fields, "application/x-www-form-urlencoded").status_code == 400
