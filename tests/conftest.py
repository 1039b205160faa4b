"""The shared world: an owner with a project and a flow, a colleague who edits it, and a stranger who may not see it."""

import gc
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import TransactionTestCase, override_settings

from projects import append_only, limits
from projects.actions import do_create_flow, do_create_project
from projects.models import Flow, Membership, Project, Role

pytest_plugins = ["tests.cluster.fixtures", "tests.services.fixtures"]


def pytest_collection_finish() -> None:
    """Thousands of tests and all the product stay to the end: the garbage collector need not look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database file of its own for each run: SQLite's shared memory knows neither WAL nor waiting for a lock. Nothing
    waits for the disk: no run outlives a power cut. With `--postgres` a database of PostgreSQL's."""
    if request.config.getoption("postgres"):
        request.getfixturevalue("on_postgres")
        return
    from django.db import connections

    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.db")
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(autouse=True, scope="session")
def plain_static_files() -> Iterator[None]:
    """Names of static files as they are: no test waits for them to be collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True, scope="session")
def tables_can_be_emptied() -> Iterator[None]:
    """Between tests that commit, Django empties all tables: the audit's too, which refuses it to everybody else."""
    empty = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        append_only.remove(connection)
        empty(case)
        append_only.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True)
def nobody_has_asked() -> None:
    """No test counts the requests of another."""
    limits.forget()


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner")


@pytest.fixture
def project(owner: User) -> Project:
    return do_create_project(owner, "Web metrics")


@pytest.fixture
def flow(owner: User, project: Project) -> Flow:
    return do_create_flow(owner, project, "Visit counter")


@pytest.fixture
def other_flow(owner: User, project: Project, flow: Flow) -> Flow:
    """Another flow of the same project."""
    return do_create_flow(owner, project, "Reports")


@pytest.fixture
def colleague(project: Project) -> User:
    user = User.objects.create_user("colleague")
    Membership.objects.create(user=user, project=project, role=Role.EDITOR)
    return user


@pytest.fixture
def viewer(project: Project) -> User:
    user = User.objects.create_user("viewer")
    Membership.objects.create(user=user, project=project, role=Role.VIEWER)
    return user


@pytest.fixture
def stranger(db: None) -> User:
    """Signed in, and owner of something else."""
    user = User.objects.create_user("stranger")
    do_create_project(user, "Elsewhere")
    return user
