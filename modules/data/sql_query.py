"""Queries to databases."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Literal

from modules.data.postgres_pool import PostgresPool, Server
from modules.data.sql_parameters import names_in
from modules.data.sql_rows import Rows
from modules.data.sqlite_file import SqliteFile, path_below
from weirflow import Component, Context, Fail, Field, Model, Problem, Result, input, output
from weirflow.keywords import When

#: The definition of what is passed on beside the rows.
CONTEXT = "sql-context"
#: Queries of a node that run or wait.
QUERIES = 1_000
NO_QUERY = "there is no query yet; write one in the settings"
#: When a field of the settings is shown.
SQLITE: When = ("database", "equal", "sqlite")
POSTGRESQL: When = ("database", "equal", "postgresql")


class QueryInput(Model):
    """The values of one query."""

    parameters: dict[str, Any] = Field(
        default_factory=dict,
        title="Parameters",
        description="Values by the names that the query has them under, without the colon",
        configurable=True,
    )
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class RowsOutput(Model):
    """What the query gave."""

    rows: list[dict[str, Any]] = Field(title="Rows", description="Values by column")
    count: int = Field(title="Count", description="How many rows there are")
    changed: int | None = Field(None, title="Changed", description="Rows written; null where the database is silent")
    milliseconds: float = Field(title="Milliseconds", description="What it took, waiting included")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class SqlQuery(Component):
    """Runs a query on SQLite or PostgreSQL.

    The query stands in the settings; a message brings values for its parameters and nothing of its text, so that no
    message can make another query of it. A parameter is `:name`: `SELECT * FROM visits WHERE path = :path`. One
    statement each time, and each is a transaction of its own.

    *SQLite*: a file in the project's folder on this machine, shared by all nodes of the project that name it; replicas
    on other machines have files of their own. Lists and objects are given as JSON (`json_each(:ids)`). A query reaches
    its own file alone: no ATTACH, PRAGMA, VACUUM or extensions.

    *PostgreSQL*: the server has to be allowed on the project's page *Outbound* unless it is on the internet. Lists are
    given as arrays (`= ANY(:ids)`), objects and lists of them as `jsonb` (`jsonb_to_recordset(:rows)`).

    In rows, bytes are Base64, times are ISO 8601, and PostgreSQL's `numeric` is a text with all of its digits. Of
    a message that is delivered twice the query runs twice: write `ON CONFLICT` where that matters.

    Errors: `sql_error` for a query that cannot be run, `missing_parameter`, `invalid_parameter`, `constraint`,
    `not_allowed`, `read_only`, `too_many_rows`, `too_many_bytes`, `credentials`, `database_tls`, `invalid_file`,
    `no_such_file`, `database_full`, `driver_missing`, `no_query` and `outbound_denied` stay as they are;
    `query_timeout`, `database_busy`, `database_memory`, `database_unreachable`, `overloaded` and `outbound_unresolved`
    may be tried again.
    """

    title = "SQL Query"
    category = "Data"
    icon = "database"
    tags = ("database", "sqlite", "postgresql", "table", "select")

    class Settings(Model):
        database: Literal["sqlite", "postgresql"] = Field(
            "sqlite", title="Database", description="Where the query runs", enum_titles=["SQLite", "PostgreSQL"]
        )
        query: str = Field(
            "",
            title="Query",
            description="One statement, its parameters as :name",
            format="code",
            language="sql",
            max_length=20_000,
        )
        read_only: bool = Field(False, title="Read only", description="Refuse whatever writes")
        file: str = Field(
            "data.db",
            title="File",
            description="In the project's folder",
            max_length=200,
            tab="Database",
            shown_when=SQLITE,
        )
        host: str = Field(
            "localhost",
            title="Host",
            description="Of the server",
            max_length=253,
            tab="Database",
            shown_when=POSTGRESQL,
        )
        port: int = Field(
            5432, ge=1, le=65_535, title="Port", description="Of the server", tab="Database", shown_when=POSTGRESQL
        )
        name: str = Field(
            "postgres",
            title="Name",
            description="Of the database",
            max_length=100,
            tab="Database",
            shown_when=POSTGRESQL,
        )
        user: str = Field(
            "postgres",
            title="User",
            description="Whose rights the query has",
            max_length=100,
            tab="Database",
            shown_when=POSTGRESQL,
        )
        password: str = Field(
            "",
            title="Password",
            description="Of the user",
            secret=True,
            max_length=1_000,
            tab="Database",
            shown_when=POSTGRESQL,
        )
        tls: Literal["verify", "encrypt", "off"] = Field(
            "verify",
            title="TLS",
            description="How the server proves itself",
            enum_titles=["Verify the server", "Encrypt only", "Off"],
            tab="Database",
            shown_when=POSTGRESQL,
        )
        authority: str = Field(
            "",
            title="Authority",
            description="Certificates (PEM) to trust in place of the system's",
            format="textarea",
            max_length=100_000,
            tab="Database",
            shown_when=POSTGRESQL,
        )
        timeout: int = Field(10_000, ge=10, le=600_000, title="Timeout", description="Milliseconds", tab="Limits")
        connections: int = Field(
            5,
            ge=1,
            le=50,
            title="Connections",
            description="At most, of each replica",
            tab="Limits",
            shown_when=POSTGRESQL,
        )
        max_rows: int = Field(1_000, ge=1, le=100_000, title="Most rows", description="More are an error", tab="Limits")
        max_bytes: int = Field(
            4_194_304, ge=1_024, le=67_108_864, title="Most bytes", description="More are an error", tab="Limits"
        )
        max_file: int = Field(
            1_073_741_824,
            ge=65_536,
            le=1_099_511_627_776,
            title="Largest file",
            description="Bytes that it may grow to",
            tab="Limits",
            shown_when=SQLITE,
        )

    settings: Settings

    rows = output("rows", RowsOutput)

    def __init__(self) -> None:
        self._engine: SqliteFile | PostgresPool | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._names: list[str] = []
        self._running = 0
        self._last = ""

    async def on_settings(self) -> None:
        if self.settings.database == "sqlite":
            path_below(self.services.data_dir(), self.settings.file)
        self._names = names_in(self.settings.query)
        self.report(None if self.settings.query.strip() else Problem("no_query", NO_QUERY, field="/query"))
        await self._close()

    @input("run")
    async def run(self, ctx: Context, message: QueryInput) -> Result:
        settings = self.settings
        parameters = self._parameters(message.parameters)
        if self._running >= QUERIES:
            raise Fail(
                f"{QUERIES:,} queries of this node run or wait already; send fewer at once",
                code="overloaded",
                retryable=True,
            )
        rows, began, seconds = Rows(settings.max_rows, settings.max_bytes), time.perf_counter(), settings.timeout / 1000
        self._running += 1
        try:
            await self._opened().run(settings.query, parameters, rows, seconds)
        finally:
            self._running -= 1
        took = (time.perf_counter() - began) * 1000
        self._last = f"{len(rows.rows):,} row{'' if len(rows.rows) == 1 else 's'} · {took:.0f} ms"
        self.publish()
        result = RowsOutput(
            rows=rows.rows,
            count=len(rows.rows),
            changed=rows.changed,
            milliseconds=round(took, 2),
            context=message.context,
        )
        return await self.rows.emit(ctx, result)

    def live(self) -> str:
        return self._last

    def _parameters(self, given: dict[str, Any]) -> dict[str, Any]:
        """Those that the query names. Raises `Fail` for one that the message has not."""
        if not self.settings.query.strip():
            raise Fail(NO_QUERY, code="no_query", permanent=True)
        for name in self._names:
            if name not in given:
                raise Fail(
                    f"the query's parameter :{name} has no value; map one to it, null will do",
                    code="missing_parameter",
                    permanent=True,
                    field="/parameters",
                )
        return {name: given[name] for name in self._names}

    def _opened(self) -> SqliteFile | PostgresPool:
        if self._engine is None:
            settings = self.settings
            if settings.database == "sqlite":
                folder = self.services.data_dir()
                self._engine = SqliteFile(
                    folder, settings.file, read_only=settings.read_only, max_bytes=settings.max_file
                )
            else:
                self._engine = PostgresPool(self.services.outbound, _server(settings), settings.connections)
            if self._keeper is None or self._keeper.done():
                self._keeper = self.spawn(self._keep(), "keep the database open")
        return self._engine

    async def _keep(self) -> None:
        """What is open ends with the node."""
        try:
            await asyncio.Event().wait()
        finally:
            await self._close()

    async def _close(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.close()


def _server(settings: SqlQuery.Settings) -> Server:
    return Server(
        settings.host,
        settings.port,
        settings.name,
        settings.user,
        settings.password,
        settings.tls,
        settings.authority,
        settings.read_only,
    )
