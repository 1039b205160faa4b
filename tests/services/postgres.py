"""A PostgreSQL server on data of its own, that need not survive a power cut."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.services.program import Program, found

PACKAGE = "postgresql"
USER = "weirflow"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=80",
         "shared_buffers=32MB", "unix_socket_directories=", "listen_addresses=127.0.0.1", "lc_messages=C")  # fmt: skip


class Postgres:
    """Runs as the user `postgres` for root, whom it does not serve. `url(name)` is what a product is given."""

    def __init__(self) -> None:
        # Not in a folder of pytest's, which only root may enter.
        self.home = Path(tempfile.mkdtemp(prefix="weirflow-postgres-"))
        self._user = "postgres" if os.getuid() == 0 else None
        self._password = secrets.token_urlsafe(12)
        folders = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
        initdb, server = found("initdb", PACKAGE, folders), found("postgres", PACKAGE, folders)
        data, password = self.home / "data", self.home / "password"
        password.write_text(self._password)
        if self._user:
            for path in (self.home, password):
                shutil.chown(path, self._user)
        made = subprocess.run(
            [initdb, "--pgdata", data, "--username", USER, "--pwfile", password, "--auth", "scram-sha-256",
             "--encoding", "UTF8", "--no-locale", "--no-sync"],
            user=self._user, extra_groups=[] if self._user else None, cwd=self.home, capture_output=True, text=True,
            timeout=120,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        port = free_port()
        options = [word for option in QUICK for word in ("-c", option)]
        command = [server, "-D", str(data), "-p", str(port), *options]
        self._program = Program(command, port, self.home / "postgres.log", self._user)

    @property
    def port(self) -> int:
        return self._program.port

    def start(self) -> None:
        """Start it, unless it runs."""
        self._program.start(self._answers)

    def stop(self) -> None:
        """End it and what it still does for others."""
        self._program.stop(signal.SIGQUIT)

    def kill(self) -> None:
        """kill -9 of the server."""
        self._program.kill()

    def remove(self) -> None:
        """End it and delete its data."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database: str) -> str:
        """Its WEIRFLOW_DATABASE_URL."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def make(self, database: str) -> str:
        """Make an empty database; its address."""
        self.run(f'CREATE DATABASE "{database}" TEMPLATE template0')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Delete a database, whoever uses it."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """The rows that a statement answers, none where it answers nothing."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=30) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _answers(self) -> bool:
        import psycopg

        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True
