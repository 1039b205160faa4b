"""Who asks too much is told to wait, and nobody else is."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.test import Client

from config.asgi import application
from projects.actions.tokens import do_create_token
from projects.limits.buckets import MAX_BUCKETS, Buckets
from projects.limits.rate import Rate
from projects.limits.shared import SharedBuckets
from projects.models import Flow
from tests.services.redis import Redis


@pytest.fixture
def tight(settings: Any) -> None:
    settings.LIMITS = dict.fromkeys(("api", "anonymous", "sign_in", "socket"), Rate(0.01, 3))


def _statuses(client: Client, address: str, count: int) -> list[int]:
    return [client.get(address).status_code for _ in range(count)]


def test_who_asks_too_much_of_the_api_waits_and_another_at_the_same_address_does_not(
    transactional_db: None, tight: None, owner: User, stranger: User
) -> None:
    client, other = Client(), Client()
    client.force_login(owner)
    other.force_login(stranger)
    assert _statuses(client, "/api/mentions/unread", 4) == [200, 200, 200, 429]
    refused = client.get("/api/mentions/unread")
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert 0 < int(refused.headers["Retry-After"]) <= 100
    assert other.get("/api/mentions/unread").status_code == 200


def test_each_token_has_its_own(transactional_db: None, tight: None, owner: User) -> None:
    texts = [do_create_token(owner, name, ["view"], 1)[1] for name in ("one", "two")]
    one, two = (Client(headers={"Authorization": f"Bearer {text}"}) for text in texts)
    assert _statuses(one, "/api/mentions/unread", 4)[-1] == 429
    assert two.get("/api/mentions/unread").status_code == 200


def test_who_is_nobody_is_counted_by_address(transactional_db: None, tight: None, owner: User) -> None:
    guesses = Client(headers={"Authorization": "Bearer wf_nothing"})
    assert _statuses(guesses, "/api/mentions/unread", 4) == [401, 401, 401, 429]
    assert Client().get("/api/mentions/unread").status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").get("/api/mentions/unread").status_code == 401
    signed_in = Client()
    signed_in.force_login(owner)
    assert signed_in.get("/api/mentions/unread").status_code == 200


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-in/nothing/", "/people/join/nothing/", "/share/nothing/"])
def test_pages_that_are_open_to_anybody_are_limited(db: None, tight: None, address: str) -> None:
    assert 429 not in _statuses(Client(), address, 3)
    refused = Client().get(address)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


async def _close_code(flow: Flow) -> int:
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
    socket = WebsocketCommunicator(application, f"/ws/flows/{flow.pk}", headers=headers)
    await socket.connect(timeout=40)
    closed = await socket.receive_output(10)
    return int(closed["code"])


def test_sockets_are_not_opened_without_end(transactional_db: None, tight: None, flow: Flow) -> None:
    assert [async_to_sync(_close_code)(flow) for _ in range(4)] == [4401, 4401, 4401, 1013]


def test_fifty_people_who_edit_from_one_address_are_never_limited(settings: Any) -> None:
    now = 0.0
    buckets = Buckets(lambda: now)
    for step in range(60 * 4):
        now = step / 4
        assert not any(buckets.take(f"person {number}", settings.LIMITS["api"]) for number in range(50))


def test_a_bucket_fills_again_up_to_its_burst() -> None:
    now = 0.0
    buckets, rate = Buckets(lambda: now), Rate(2, 4)
    assert [buckets.take("a", rate) for _ in range(5)] == [0, 0, 0, 0, 0.5]
    now = 0.5
    assert [buckets.take("a", rate), buckets.take("a", rate)] == [0, 0.5]
    now = 100
    assert [buckets.take("a", rate) for _ in range(5)] == [0, 0, 0, 0, 0.5]


def test_buckets_do_not_grow_without_bound() -> None:
    buckets = Buckets(lambda: 0.0)
    for number in range(MAX_BUCKETS + 10):
        buckets.take(str(number), Rate(1, 1))
    assert len(buckets._buckets) == MAX_BUCKETS


def test_web_processes_count_together_in_redis(redis_server: Redis) -> None:
    told: dict[str, float] = {}
    one, other = (SharedBuckets(redis_server.url, told.__setitem__) for _ in range(2))
    one.report("api:person 1", Rate(1, 10), 8)
    one.close()
    assert told == {}
    other.report("api:person 1", Rate(1, 10), 8)
    other.report("api:person 2", Rate(1, 10), 8)
    other.close()
    assert list(told) == ["api:person 1"]
    assert 5 < told["api:person 1"] <= 6


def test_without_redis_requests_go_on(caplog: pytest.LogCaptureFixture) -> None:
    shared = SharedBuckets("redis://127.0.0.1:1/0", lambda key, seconds: pytest.fail("nobody answered"))
    shared.report("api:person 1", Rate(1, 1), 5)
    shared.close()
    assert "Redis does not answer" in caplog.text
