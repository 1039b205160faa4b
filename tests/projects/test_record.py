"""Reading the audit: filters, pages, exports and how long it is kept."""

import csv
import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from projects.actions import retention
from projects.actions.retention import days_of, do_set_retention, trim_audit
from projects.errors import ProjectError
from projects.models import AuditEntry, Flow, Project
from projects.record import pages
from projects.record.export import head, piece
from projects.record.filters import Filters, read_filters
from projects.record.pages import find

pytestmark = pytest.mark.both_databases


@pytest.fixture
def told(owner: User, project: Project, flow: Flow) -> list[AuditEntry]:
    """Ten entries of two people; the third speaks of a flow, the seventh came from elsewhere."""
    start = timezone.now() - timedelta(days=20)
    for number in range(10):
        AuditEntry.objects.create(
            at=start + timedelta(days=number),
            person=owner.pk,
            person_name=("ada", "owner")[number % 2],
            action=("node.press", "flow.rename")[number == 3],
            kind="flow" if number == 3 else "node",
            object_id=str(flow.pk) if number == 3 else f"n{number}",
            object_name=f"Thing {number}",
            address="198.51.100.9" if number == 7 else "192.0.2.7",
            project=project.pk,
            flow=flow.pk if number == 3 else None,
            after={"note": 'Grüße, "quoted"'} if number == 5 else None,
        )
    return list(AuditEntry.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"person": "ada"}, "8 6 4 2 0"),
        ({"action": "flow.rename"}, "3"),
        ({"action": "node"}, "9 8 7 6 5 4 2 1 0"),
        ({"address": "198.51.100.9"}, "7"),
        ({"address": "198.51.100.0/24"}, "7"),
        ({"object": "n4"}, "4"),
        ({"text": "thing 4"}, "4"),
        ({"text": "Grüße"}, "5"),
        ({"text": '"quoted'}, "5"),
        ({"text": "%"}, ""),
        ({"text": "thing\x00 4", "person": "a\x00da"}, "4"),
        ({"person": "ada", "action": "flow.rename"}, ""),
    ],
)
def test_filters(told: list[AuditEntry], project: Project, asked: dict[str, str], names: str) -> None:
    found = find(read_filters(asked, project.pk)).entries
    things = [entry.object_name.removeprefix("Thing ") for entry in found if "Thing" in entry.object_name]
    assert " ".join(things) == names


def test_what_concerns_a_flow(told: list[AuditEntry], flow: Flow, project: Project) -> None:
    found = find(read_filters({"object": str(flow.pk)}, project.pk)).entries
    assert [entry.action for entry in found] == ["flow.rename", "flow.create"]


def test_days_and_moments(told: list[AuditEntry], project: Project) -> None:
    day = (timezone.now() - timedelta(days=17)).astimezone(UTC).date().isoformat()
    found = find(read_filters({"since": day, "until": day}, project.pk)).entries
    assert [entry.object_name for entry in found] == ["Thing 3"]
    assert read_filters({"since": "2026-11-26T07:30"}).since == datetime(2026, 11, 26, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("since", "yesterday"),
        ("until", "2026-13-45"),
        ("until", "9999-12-31"),
        ("since", "0001-01-01T00:00+14:00"),
        ("address", "here"),
        ("address", "10.0.0.0/9"),
        ("action", "Robert'); --"),
        ("text", "x" * 101),
    ],
)
def test_what_cannot_be_read_is_named(name: str, text: str, db: None) -> None:
    with pytest.raises(ProjectError) as refused:
        find(read_filters({name: text}))
    assert (refused.value.status, refused.value.field) == (400, f"/{name}")


def test_pages_go_on_where_the_last_one_ended(told: list[AuditEntry], project: Project) -> None:
    seen, before = [], None
    while True:
        page = find(Filters(project=project.pk), before, size=4)
        seen += [entry.pk for entry in page.entries]
        if page.older is None:
            break
        before = page.older
    assert seen == sorted(AuditEntry.objects.filter(project=project.pk).values_list("pk", flat=True), reverse=True)


@pytest.mark.parametrize("scoped", [True, False])
def test_a_search_in_many_says_how_far_it_looked_and_goes_on(
    told: list[AuditEntry], project: Project, monkeypatch: pytest.MonkeyPatch, scoped: bool
) -> None:
    monkeypatch.setattr(pages, "LOOKED_AT", 3)
    filters = Filters(project=project.pk if scoped else None, text="Thing 2")
    page, looks = find(filters), 1
    while page.older is not None and not page.entries:
        assert page.back_to is not None
        page, looks = find(filters, page.older), looks + 1
    assert [entry.object_name for entry in page.entries] == ["Thing 2"]
    assert looks >= 2


def test_a_spreadsheet_runs_no_formula(owner: User, project: Project) -> None:
    for name in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://evil")', "＝1"):
        AuditEntry.objects.create(action="flow.rename", object_name=name, project=project.pk, person_name=name)
    entries = list(AuditEntry.objects.filter(action="flow.rename"))
    rows = list(csv.DictReader(io.StringIO((head("csv") + piece("csv", entries)).decode())))
    assert len(rows) == 7
    for row in rows:
        assert row["object_name"].startswith("'")
        assert row["person_name"].startswith("'")


def test_json_lines_are_whole(told: list[AuditEntry]) -> None:
    rows = [json.loads(line) for line in piece("jsonl", told).splitlines()]
    assert [row["id"] for row in rows] == [entry.pk for entry in told]
    assert any(row["after"] == {"note": 'Grüße, "quoted"'} for row in rows)


def old(days: int, project: uuid.UUID | None, count: int = 1) -> None:
    at = timezone.now() - timedelta(days=days)
    for _ in range(count):
        AuditEntry.objects.create(action="old.one", at=at, project=project)


def left() -> int:
    return AuditEntry.objects.filter(action="old.one").count()


def test_old_entries_are_trimmed_in_pieces(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PIECE", 4)
    monkeypatch.setattr(retention, "MAX_PIECES", 2)
    old(400, None, count=10)
    old(300, None)
    assert trim_audit() == 8
    assert trim_audit() == 2
    assert trim_audit() == 0
    assert left() == 1


def test_a_project_may_be_kept_for_less(owner: User, project: Project) -> None:
    do_set_retention(owner, project, 60)
    old(70, project.pk)
    old(70, None)
    old(50, project.pk)
    assert trim_audit() == 1
    assert left() == 2
    assert days_of(project) == 60
    last = AuditEntry.objects.order_by("-pk").filter(action="audit.retain")[0]
    assert (last.before, last.after, last.project) == ({"days": 365}, {"days": 60}, project.pk)


def test_only_owners_say_how_long_and_within_bounds(owner: User, colleague: User, project: Project) -> None:
    refused: list[tuple[User, Any, int]] = [
        (colleague, project, 60),
        (owner, None, 60),
        (owner, project, 29),
        (owner, project, 366),
    ]
    for person, thing, days in refused:
        with pytest.raises(ProjectError):
            do_set_retention(person, thing, days)
    boss = User.objects.create_user("boss", is_superuser=True)
    do_set_retention(boss, None, 90)
    assert (days_of(None), days_of(project)) == (90, 90)
