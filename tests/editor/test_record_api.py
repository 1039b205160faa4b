"""The record over the HTTP API."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.models import Flow, Project
from tests.projects.world import add, edit

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_entries_by_filter_and_page(owner: User, project: Project, flow: Flow) -> None:
    client, address = client_of(owner), f"/api/projects/{project.pk}/audit"
    first = client.get(address, {"limit": 1}).json()
    assert [entry["action"] for entry in first["entries"]] == ["flow.create"]
    second = client.get(address, {"limit": 1, "before": first["older"]}).json()
    assert [entry["action"] for entry in second["entries"]] == ["project.create"]
    assert client.get(address, {"action": "project"}).json()["entries"] == second["entries"]
    wrong = client.get(address, {"address": "here"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "/address")
    assert client.get(address, {"limit": 100_000}).status_code == 400


def test_sentences(viewer: User, owner: User, project: Project, flow: Flow) -> None:
    edit(owner, flow, add("naaaaaaaaaaa", label="Counter"))
    told = client_of(viewer).get(f"/api/projects/{project.pk}/activity", {"flow": str(flow.pk)}).json()
    assert [sentence["text"] for sentence in told["sentences"]] == [
        "owner added Counter in Visit counter",
        "owner created the flow Visit counter",
    ]
    place = f"/projects/{project.pk}/flows/{flow.pk}/?node=naaaaaaaaaaa"
    assert {"text": "Counter", "strong": True, "url": place} in told["sentences"][0]["pieces"]
    assert "address" not in told["sentences"][0]
