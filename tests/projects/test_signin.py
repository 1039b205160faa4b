"""Signing in by a link that works once."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from editor.tasks import clear_sessions
from projects import signals
from projects.actions.signin import do_create_signin_link, do_spend_signin_link
from projects.models import SignInLink

pytestmark = pytest.mark.both_databases


def test_looking_does_not_spend_the_link_but_the_button_does(owner: User) -> None:
    path = do_create_signin_link(owner)
    client = Client()
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert "no-store" in page.headers["Cache-Control"]
    assert client.get("/projects/").status_code == 302
    assert client.post(path).headers["Location"] == "/projects/"
    assert client.get("/projects/").status_code == 200


@pytest.mark.parametrize(
    ("settings", "reached"),
    [
        ({}, "http://127.0.0.1:8000/"),
        ({"WEIRFLOW_HOST": "0.0.0.0"}, "http://127.0.0.1:8000/"),
        ({"WEIRFLOW_HOST": "0.0.0.0", "CSRF_TRUSTED_ORIGINS": ["https://flows.example"]}, "https://flows.example/"),
    ],
)
def test_a_printed_link_leads_where_browsers_reach_the_editor(
    owner: User, settings: dict[str, Any], reached: str
) -> None:
    said = io.StringIO()
    with override_settings(WEIRFLOW_PORT=8000, WEIRFLOW_HOME=Path("nowhere"), **settings):
        call_command("signin_link", owner.username, stdout=said)
    assert said.getvalue().startswith(f"Sign in: {reached}sign-in/")


@pytest.mark.parametrize(
    ("started", "set_to", "port"),
    [
        ('{"url": "http://127.0.0.1:8107"}', "", 8107),
        ('{"url": "http://127.0.0.1:8107"}', "8000", 8000),
        ("{", "", 8000),
        ("[]", "", 8000),
    ],
)
def test_a_link_leads_to_the_port_of_the_product_that_runs(
    owner: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: str, set_to: str, port: int
) -> None:
    (tmp_path / "up.json").write_text(started)
    monkeypatch.setenv("WEIRFLOW_PORT", set_to)
    said = io.StringIO()
    with override_settings(WEIRFLOW_PORT=8000, WEIRFLOW_HOME=tmp_path):
        call_command("signin_link", owner.username, stdout=said)
    assert f"http://127.0.0.1:{port}/" in said.getvalue()


def test_a_link_works_once(owner: User) -> None:
    path = do_create_signin_link(owner)
    Client().post(path)
    again = Client().post(path)
    assert again.status_code == 410
    assert b"no longer works" in again.content
    assert Client().get(path).status_code == 410


def test_a_link_is_over_after_ten_minutes(owner: User) -> None:
    path = do_create_signin_link(owner)
    SignInLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410


def test_a_person_who_was_switched_off_cannot_use_a_link(owner: User) -> None:
    path = do_create_signin_link(owner)
    User.objects.update(is_active=False)
    assert Client().post(path).status_code == 410


def test_the_token_is_nowhere_in_the_database(owner: User) -> None:
    token = do_create_signin_link(owner).split("/")[2]
    assert token not in str(SignInLink.objects.values())
    assert do_spend_signin_link(token) == owner


def test_old_links_are_swept_away(owner: User) -> None:
    do_create_signin_link(owner)
    SignInLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    do_create_signin_link(owner)
    assert SignInLink.objects.count() == 1


def test_the_command_prints_a_link_for_the_owner(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("signin_link")
    word, _, link = capsys.readouterr().out.strip().rpartition(" ")
    assert word == "Sign in:"
    assert Client().post(urlsplit(link).path).status_code == 302
    assert User.objects.get().username == "owner"


@pytest.mark.django_db(transaction=True)
def test_signing_out_is_told_and_ends_the_session() -> None:
    owner = User.objects.create_user("owner")
    told = []

    def listen(**about: object) -> None:
        told.append((about["user_id"], about["project_id"]))

    signals.access_changed.connect(listen)
    client = Client()
    client.force_login(owner)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    signals.access_changed.disconnect(listen)
    assert told == [(owner.pk, None)]
    assert client.get("/projects/").status_code == 302


def test_sessions_that_are_over_are_forgotten(owner: User) -> None:
    for _ in range(2):
        Client().force_login(owner)
    Session.objects.filter(pk=Session.objects.values("pk")[:1]).update(expire_date=timezone.now() - timedelta(days=1))
    clear_sessions.run()
    assert Session.objects.count() == 1


def test_without_a_database_the_command_says_where_it_looked(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE auth_user RENAME TO auth_user_away")
    with pytest.raises(CommandError, match="WEIRFLOW_HOME"):
        call_command("signin_link")
