"""Which database: SQLite in the data directory, or PostgreSQL by `WEIRFLOW_DATABASE_URL`."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


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


def from_url(url: str) -> dict[str, Any]:
    """Settings for `postgresql://user:password@host:port/name`; needs `pip install "psycopg[binary]"`."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if parts.scheme not in ("postgres", "postgresql") or not parts.hostname or not name:
        raise ImproperlyConfigured("WEIRFLOW_DATABASE_URL must read postgresql://user:password@host:port/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
