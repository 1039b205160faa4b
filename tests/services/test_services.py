"""The services that other tests stand on are there, hold data of their own, and come back after they were killed."""

import pytest

from tests.services.postgres import Postgres
from tests.services.redis import Redis

pytestmark = pytest.mark.server


def test_a_database_is_empty_and_of_this_test(postgres: Postgres, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    assert postgres.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == [(0,)]


@pytest.mark.parametrize("_time", ["first", "second"])
def test_postgres_that_was_killed_is_there_again(postgres: Postgres, _time: str) -> None:
    assert postgres.run("SHOW fsync") == [("off",)]
    postgres.kill()


@pytest.mark.parametrize("_time", ["first", "second"])
def test_redis_is_empty_and_may_be_killed(redis_server: Redis, _time: str) -> None:
    assert redis_server.run("KEYS", "*") == []
    redis_server.run("SET", "a", "1")
    redis_server.kill()
