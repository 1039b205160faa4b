"""The record: what an entry says, and that nobody changes it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from projects.asking import asked, came_by
from projects.audit import Subject, audit
from projects.models import AuditEntry, AuditTrim, Flow, Project
from projects.models.audit import AppendOnlyError

pytestmark = pytest.mark.both_databases

SECRET = "hunter2-planted"


def test_an_entry_says_who_did_what_to_what_and_how_they_came(owner: User, flow: Flow) -> None:
    with asked("request-0001", "192.0.2.7"):
        came_by("token", owner.pk, "tok_1")
        audit(owner, "flow.rename", flow, before={"name": "A"}, after={"name": "B"})
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.person, entry.person_name, entry.way, entry.credential) == (owner.pk, "owner", "token", "tok_1")
    assert (entry.address, entry.request_id) == ("192.0.2.7", "request-0001")
    assert (entry.action, entry.kind, entry.object_id, entry.object_name) == (
        "flow.rename",
        "flow",
        str(flow.pk),
        flow.name,
    )
    assert (entry.project, entry.flow) == (flow.project_id, flow.pk)
    assert (entry.before, entry.after) == ({"name": "A"}, {"name": "B"})


def test_outside_requests_the_system_does_it(owner: User, project: Project) -> None:
    with asked("request-0001", "192.0.2.7"):
        pass
    audit(owner, "project.rename", project)
    audit(None, "session.refuse", Subject("session", name="ada"))
    last, first = AuditEntry.objects.order_by("-pk")[:2]
    assert (first.way, first.address, first.request_id) == ("system", "", "")
    assert (last.person, last.person_name, last.object_name, last.project) == (None, "", "ada", None)


def test_secrets_and_large_values_stay_out(owner: User, project: Project) -> None:
    audit(owner, "node.set", project, after={"password": SECRET, "headers": [{"Authorization": SECRET}], "port": 1})
    assert AuditEntry.objects.order_by("-pk")[0].after["port"] == 1
    audit(owner, "node.set", project, after={"many": ["x" * 200] * 199, "name": "n"})
    assert AuditEntry.objects.order_by("-pk")[0].after["fields"] == ["many", "name"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM projects_auditentry")
        assert SECRET not in str(cursor.fetchall())


def test_code_of_ours_cannot_change_an_entry(owner: User, project: Project) -> None:
    audit(owner, "project.rename", project)
    entry = AuditEntry.objects.order_by("-pk")[0]
    entry.action = "other.thing"
    for change in (
        entry.save,
        entry.delete,
        lambda: AuditEntry.objects.update(action="x"),
        AuditEntry.objects.all().delete,
    ):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE projects_auditentry SET action = 'x'",
        "DELETE FROM projects_auditentry",
        "UPDATE projects_auditentry SET at = '2001-01-01 00:00:00'",
    ],
)
def test_the_database_refuses_it_too(owner: User, project: Project, statement: str) -> None:
    audit(owner, "project.rename", project)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_while_old_entries_are_trimmed_the_young_ones_stay(owner: User, project: Project) -> None:
    now = timezone.now()
    old = AuditEntry.objects.create(action="old.one", at=now - timedelta(days=40))
    AuditTrim.objects.create(before=now + timedelta(days=1))
    delete = "DELETE FROM projects_auditentry WHERE action = %s"
    with connection.cursor() as cursor:
        cursor.execute(delete, ["old.one"])
        assert not AuditEntry.objects.filter(pk=old.pk).exists()
        audit(owner, "young.one", project)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(delete, ["young.one"])
