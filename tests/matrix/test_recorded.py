"""Every action leaves an entry in the audit, or says here why not."""

import pytest
from django.db import connection, transaction
from django.test import Client

from projects import actions
from projects.actions.signin import do_create_signin_link
from projects.errors import ProjectError
from projects.models import AuditEntry
from tests.matrix.action_rows import ACTIONS, OF_TEAMS
from tests.matrix.world import World, make_world

LEAVE_NOTHING: dict[str, str] = {
    "do_begin_flow_tests": "a run of tests is recorded when it ends, with its counts",
    "do_note_flow_tests": "the same",
}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_every_action_is_recorded(world: World) -> None:
    silent = []
    for name, row in {**ACTIONS, **OF_TEAMS}.items():
        person = world.people["team manager" if name in OF_TEAMS else "owner"]
        before = AuditEntry.objects.count()
        with transaction.atomic():
            try:
                row.attempt(person, world)
            except ProjectError:
                # What was refused has not been done.
                continue
            finally:
                after = AuditEntry.objects.count()
                transaction.set_rollback(True)
        if after == before and name not in LEAVE_NOTHING:
            silent.append(name)
    assert silent == []


def test_no_secret_is_recorded(world: World) -> None:
    owner = world.people["owner"]
    _, link = actions.do_create_share_link(owner, world.flow, 7)
    signin = do_create_signin_link(owner)
    client = Client()
    client.post("/sign-in/", {"username": "hunter2-planted", "login": "hunter2-planted", "password": "hunter2-planted"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM projects_auditentry")
        table = str(cursor.fetchall())
    for secret in (*world.tokens.values(), link, signin.strip("/").split("/")[-1], "hunter2-planted"):
        assert secret not in table
    assert "share_link.create" in table
