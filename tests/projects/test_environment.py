"""What the environment says is taken as it is or refused by name."""

import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler

from config.database import from_url, sqlite
from config.env import env_bool, env_list, env_port, secret_file


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("true", True), ("YES", True), ("0", False), ("off", False), ("", False)]
)
def test_a_switch(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("WEIRFLOW_TRY", text)
    assert env_bool("WEIRFLOW_TRY", not value) is value


def test_what_cannot_be_understood_stops_and_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_TRY", "maybe")
    with pytest.raises(ImproperlyConfigured, match="WEIRFLOW_TRY"):
        env_bool("WEIRFLOW_TRY", True)
    for text in ("http", "-1", "65536"):
        monkeypatch.setenv("WEIRFLOW_TRY", text)
        with pytest.raises(ImproperlyConfigured, match="WEIRFLOW_TRY"):
            env_port("WEIRFLOW_TRY", 8000)


def test_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_TRY", " a.example, ,b.example ")
    assert env_list("WEIRFLOW_TRY") == ["a.example", "b.example"]
    assert env_list("WEIRFLOW_UNSET") == []


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret_key"
    secret = secret_file(path)
    assert len(secret) >= 50
    assert secret_file(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    together = threading.Barrier(8)
    secrets: list[str] = []

    def start() -> None:
        together.wait(40)
        secrets.append(secret_file(path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert len(secrets) == 8
    assert len(set(secrets)) == 1


def test_half_a_secret_is_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_text("short")
    with pytest.raises(ImproperlyConfigured, match="secret_key"):
        secret_file(path)


def test_postgresql_by_address() -> None:
    settings = from_url("postgresql://me:p%40ss@db.example:5433/weirflow")
    assert settings["ENGINE"].endswith("postgresql")
    assert [settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "weirflow",
        "me",
        "p@ss",
        "db.example",
        "5433",
    ]


@pytest.mark.parametrize("url", ["mysql://me@db/x", "postgresql://db", "nonsense"])
def test_another_address_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="WEIRFLOW_DATABASE_URL") as refused:
        from_url(url)
    assert url not in str(refused.value)


def test_sqlite_is_set_up_for_several_writers(db: None, tmp_path: Path) -> None:
    from django.db.backends.sqlite3.base import DatabaseWrapper

    # Of its own: the tests' does not wait for the disk.
    connection = DatabaseWrapper({**ConnectionHandler({"default": sqlite(tmp_path / "web.db")}).settings["default"]})
    with connection.cursor() as cursor:
        answers = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            answers[pragma] = cursor.fetchone()[0]
    connection.close()
    assert answers == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    assert sqlite(Path("x"))["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
