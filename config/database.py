"""Which database: SQLite in the data directory, or PostgreSQL by `WEIRFLOW_DATABASE_URL`."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db import connections


def sqlite(path: Path) -> dict[str, Any]:
    """Settings of a SQLite database that several processes write.

    IMMEDIATE takes the write lock at the start of a transaction, so that none fails halfway for having read first. FULL
    syncs the log at each commit: with NORMAL a power cut could take back a revision number that the cluster has
    already seen, and the next edit would use it again.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-8000;"
            ),
        },
    }


SECURITY = ("sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding")
CONNECT_SECONDS = 5
WAITS = {"statement_timeout": 60_000, "lock_timeout": 15_000, "idle_in_transaction_session_timeout": 60_000}
"""Milliseconds that a process which serves people waits at most; a migration may take longer."""


def from_url(url: str) -> dict[str, Any]:
    """Settings for `postgresql://user:password@host:port/name?sslmode=verify-full`; a folder with the server's socket
    goes as `?host=/run/postgresql`.

    Connections are kept: there is one for each thread, and the threads are few. Before each piece of work it is seen
    whether the server has closed it. A server that was lost without a word is noticed in half a minute.
    """
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    try:
        query, port = dict(parse_qsl(parts.query)), parts.port
    except ValueError:
        query, port = {"port": ""}, None
    host = query.pop("host", "") or parts.hostname
    if parts.scheme not in ("postgres", "postgresql") or not host or not name or query.keys() - set(SECURITY):
        raise ImproperlyConfigured(
            "WEIRFLOW_DATABASE_URL must read postgresql://user:password@host:port/name, with no more behind a ? than "
            f"host, {', '.join(SECURITY)}."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or 5432),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": CONNECT_SECONDS,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "application_name": "weirflow",
            **query,
        },
    }


def bound_waits() -> None:
    """From the next connection on, PostgreSQL ends what takes this process too long."""
    if shared():
        options = connections.settings["default"]["OPTIONS"]
        options["options"] = " ".join(f"-c {name}={value}" for name, value in WAITS.items())
        connections.close_all()


def shared() -> bool:
    """Whether other processes, on any machine, may use the database as well: it is PostgreSQL."""
    return bool(connections.settings["default"]["ENGINE"].endswith("postgresql"))
