"""DNS rebinding: a name of others leads to this machine, and its page asks us as if it were ours."""

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from config.asgi import application
from projects.models import Flow, Project
from tests.editor.test_socket import cookie_of

HOSTS = [
    "evil.example",
    "127.0.0.1.evil.example",
    "evil.example:8000",
    "localhost.evil.example",
    "localhost@evil.example",
]


@pytest.mark.parametrize("host", HOSTS)
def test_pages_and_api_answer_nothing_to_another_host(owner: User, project: Project, host: str) -> None:
    client = Client(headers={"host": host, "origin": f"http://{host}"})
    client.force_login(owner)
    for address in (
        "/projects/",
        "/sign-in/",
        "/api/mentions/unread",
        "/share/x/",
        f"/api/projects/{project.pk}/pages",
    ):
        answer = client.get(address)
        assert answer.status_code == 400, address
        assert project.name.encode() not in answer.content


@pytest.mark.parametrize("path", ["/ws/flows/{flow}", "/ws/pages/{flow}", "/ws/shared/x"])
async def test_sockets_answer_nothing_to_another_host(
    transactional_db: None, owner: User, flow: Flow, path: str
) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}={await cookie_of(owner)}".encode()
    for host in HOSTS:
        headers = [(b"host", host.encode()), (b"origin", f"http://{host}".encode()), (b"cookie", cookie)]
        socket = WebsocketCommunicator(application, path.format(flow=flow.pk), headers=headers)
        accepted, code = await socket.connect(timeout=40)
        if accepted:
            closed = await socket.receive_output(10)
            code = closed["code"]
        assert code in (1000, 4403)
