"""One PostgreSQL and one Redis for the whole run, started by the first test that asks for them.

`--postgres` runs the tests on PostgreSQL instead of SQLite; those that have to hold there are marked `both_databases`.
"""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.services.postgres import Postgres
from tests.services.redis import Redis


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on PostgreSQL in the place of SQLite")


@pytest.fixture(scope="session")
def running_postgres() -> Iterator[Postgres]:
    """Shared by all tests of a run; take `postgres`, which is there again after a test that killed it."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres(running_postgres: Postgres) -> Postgres:
    """The server. A test may kill it."""
    running_postgres.start()
    return running_postgres


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty database, which goes with the test."""
    name = f"t{uuid.uuid4().hex[:8]}"
    yield postgres.make(name)
    postgres.start()
    postgres.drop(name)


@pytest.fixture(scope="session")
def running_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """Shared by all tests of a run; take `redis_server`."""
    server = Redis(tmp_path_factory.mktemp("redis"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def redis_server(running_redis: Redis) -> Redis:
    """An empty Redis. A test may kill it: what the next finds is another."""
    running_redis.start()
    running_redis.run("FLUSHALL")
    return running_redis


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """The server goes, and the database with it: nobody has to have left before."""
    return bool(request.config.getoption("postgres"))


@pytest.fixture(scope="session")
def on_postgres(running_postgres: Postgres) -> None:
    """Every connection that is opened from now on goes to PostgreSQL."""
    from django.db import connections

    from config.database import from_url

    settings: dict[str, Any] = connections.settings["default"]
    settings.update(from_url(running_postgres.url("postgres")), OPTIONS={}, CONN_MAX_AGE=None)
    settings["TEST"]["NAME"] = "weirflow_test"
    connections["default"].close()
    del connections["default"]
