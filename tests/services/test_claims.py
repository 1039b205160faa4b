"""A press is sent once, whichever web process its repeat comes to."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from config.redis import cache as redis_cache
from editor.cluster import claims
from tests.services.redis import Redis

pytestmark = pytest.mark.server


@pytest.fixture
def shared_cache(redis_server: Redis) -> Iterator[Redis]:
    with override_settings(REDIS_URL=redis_server.url, CACHES={"default": redis_cache(redis_server.url)}):
        yield redis_server


async def test_the_second_finds_it_taken_and_what_became_of_it(shared_cache: Redis) -> None:
    assert await claims.claimed("abc") is None
    assert await claims.claim("abc", "node")
    assert not await claims.claim("abc", "node")
    assert await claims.claimed("abc") == ("node", None)
    await claims.tell_failure("abc", "node", {"code": "refused"})
    assert await claims.claimed("abc") == ("node", {"code": "refused"})
    assert 0 < int(shared_cache.run("TTL", shared_cache.run("KEYS", "*press:abc")[0])) <= 600


async def test_what_was_not_sent_may_be_tried_again(shared_cache: Redis) -> None:
    assert await claims.claim("abc", "node")
    await claims.release("abc")
    assert await claims.claim("abc", "node")


async def test_without_redis_a_press_goes_on(shared_cache: Redis) -> None:
    shared_cache.kill()
    assert await claims.claim("abc", "node")
    assert await claims.claimed("abc") is None
    await claims.release("abc")


async def test_one_process_needs_none() -> None:
    assert await claims.claim("abc", "node")
    assert await claims.claim("abc", "node")
