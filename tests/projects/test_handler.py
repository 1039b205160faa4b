"""What stands between the server and the views: no thread where none is needed, and all of Django's protection."""

import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls as product
from config.handler import Handler

seen: dict[str, Any] = {}


async def here(request: HttpRequest) -> HttpResponse:
    seen["thread"] = threading.current_thread()
    return HttpResponse("ok")


def there(request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    seen.setdefault("threads", set()).add(threading.current_thread())
    seen.setdefault("connections", set()).add(connection.connection)
    return HttpResponse(request.POST.get("word", ""))


def remember(request: HttpRequest) -> HttpResponse:
    request.session["word"] = "kept"
    return HttpResponse(request.user.get_username())


urlpatterns = [path("here", here), path("there", there), path("remember", remember), *product.urlpatterns]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@pytest.fixture
async def handler() -> AsyncIterator[Handler]:
    seen.clear()
    handler = Handler()
    yield handler
    await handler.close()


async def ask(
    handler: Handler, method: str, where: str, body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    names = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "method": method, "path": where, "raw_path": where.encode(), "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in names.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    browser = ApplicationCommunicator(handler, scope)
    await browser.send_input({"type": "http.request", "body": body})
    start = await browser.receive_output(30)
    answer = await browser.receive_output(30)
    await browser.wait(30)
    fields = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return start["status"], fields, answer["body"]


async def test_an_asynchronous_view_stays_on_the_event_loop(handler: Handler) -> None:
    status, headers, _ = await ask(handler, "GET", "/here")
    assert status == 200
    assert seen["thread"] is threading.main_thread()
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert "ws://127.0.0.1" in headers["content-security-policy"]


async def test_synchronous_views_share_a_thread_and_its_connection(handler: Handler) -> None:
    for _ in range(3):
        assert (await ask(handler, "GET", "/there"))[0] == 200
    (thread,) = seen["threads"]
    assert thread is not threading.main_thread()
    assert len(seen["connections"]) == 1


async def test_a_form_without_its_token_is_refused(handler: Handler) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": "csrftoken=" + "a" * 32}
    assert (await ask(handler, "POST", "/there", b"word=x", **form))[0] == 403
    assert (await ask(handler, "POST", "/there", b"word=x", X_CSRFToken="a" * 32, **form))[2] == b"x"


async def test_a_wrong_host_is_refused(handler: Handler) -> None:
    assert (await ask(handler, "GET", "/here", Host="elsewhere.example"))[0] == 400


async def test_a_session_is_read_and_kept(handler: Handler, owner: User, client: Client) -> None:
    await client.aforce_login(owner)
    key = client.cookies["weirflow_session"].value
    status, headers, body = await ask(handler, "GET", "/remember", Cookie=f"weirflow_session={key}")
    assert (status, body) == (200, b"owner")
    assert headers["set-cookie"].startswith(f"weirflow_session={key};")
    assert await (await client.asession()).aget("word") == "kept"


async def test_a_view_that_fails_is_answered_and_the_next_one_works(handler: Handler) -> None:
    assert (await ask(handler, "GET", "/nowhere"))[0] == 404
    assert (await ask(handler, "GET", "/here"))[0] == 200
