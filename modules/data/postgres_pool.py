"""Connections to one PostgreSQL server: few, kept, and each at an address that the guard has judged."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from modules.data.postgres_errors import failure_of, unfit
from modules.data.sql_parameters import may_give_rows, names_in, numbered
from modules.data.sql_rows import Rows
from weirflow import JSON, Fail
from weirflow.outbound import Address, Outbound

_KEPT_SECONDS = 60.0
#: How often a query that runs on is looked at: whether its server may still be called.
_LOOK_SECONDS = 2.0
#: Rows that come in one piece.
_CHUNK = 200
#: Where systems keep the authorities that they trust.
_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


@dataclass(frozen=True, slots=True)
class Server:
    """``tls``: `verify` (name and authority), `encrypt` (any certificate) or `off`. ``authority`` is PEM."""

    host: str
    port: int
    database: str
    user: str
    password: str
    tls: str
    authority: str
    read_only: bool


class PostgresPool:
    """At most ``most`` connections; ``close`` ends them."""

    def __init__(self, outbound: Outbound, server: Server, most: int) -> None:
        self._outbound, self._server = outbound, server
        self._room = asyncio.Semaphore(most)
        #: With its address and the time of its last use; the latest at the end.
        self._idle: list[tuple[Any, str, float]] = []
        self._closed = False
        self._authority: str | None = None

    async def run(self, query: str, parameters: dict[str, JSON], rows: Rows, seconds: float) -> None:
        """Fill ``rows`` within ``seconds``, of which others before may take some. Raises `Fail`."""
        until = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds), self._room:
                connection, ip = await self._take(seconds)
                try:
                    await self._while_allowed(_run(connection, query, parameters, rows, until - time.monotonic()))
                except BaseException:
                    await _end(connection)
                    raise
        except TimeoutError:
            raise Fail(
                f"the query did not end within {seconds:g} s, others of this node before it included; make it cheaper, "
                "or give it more time",
                code="query_timeout",
                retryable=True,
            ) from None
        if self._closed:
            await _end(connection)
        else:
            self._idle.append((connection, ip, time.monotonic()))

    async def close(self) -> None:
        """End what is idle now, and the rest when it comes back."""
        self._closed = True
        while self._idle:
            await _end(self._idle.pop()[0])
        if self._authority is not None:
            with suppress(OSError):
                os.unlink(self._authority)

    async def _while_allowed(self, work: Coroutine[Any, Any, None]) -> None:
        """End the work when its server is taken off the project's list. Raises `Fail`."""
        denied: list[Fail] = []
        try:
            async with asyncio.timeout(None) as scope:
                watch = asyncio.create_task(self._watch(scope, denied), name="a query's server")
                try:
                    await work
                finally:
                    watch.cancel()
        except TimeoutError:
            if denied:
                raise denied[0] from None
            raise

    async def _watch(self, scope: asyncio.Timeout, denied: list[Fail]) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self._outbound.resolve(self._server.host, self._server.port)
            except Fail as fail:
                # That a name server is silent now ends nothing.
                if fail.code == "outbound_denied":
                    denied.append(fail)
                    scope.reschedule(asyncio.get_running_loop().time())
                    return

    async def _take(self, seconds: float) -> tuple[Any, str]:
        # Asked each time: the rules of the project may have changed, and the name may lead elsewhere.
        server = self._server
        addresses = await self._outbound.resolve(server.host, server.port)
        allowed = {address.ip for address in addresses}
        while self._idle:
            connection, ip, used_at = self._idle.pop()
            if ip in allowed and not connection.closed and time.monotonic() < used_at + _KEPT_SECONDS:
                return connection, ip
            await _end(connection)
        return await self._open(addresses, seconds)

    async def _open(self, addresses: tuple[Address, ...], seconds: float) -> tuple[Any, str]:
        try:
            # Its library takes a tenth of a second to load: not in the loop that all nodes share.
            psycopg = await asyncio.to_thread(import_module, "psycopg")
        except ImportError:
            raise Fail(
                "PostgreSQL needs the package psycopg, which this host has not; install psycopg[binary]",
                code="driver_missing",
                permanent=True,
            ) from None
        server = self._server
        try:
            async with asyncio.timeout(seconds):
                connection = await psycopg.AsyncConnection.connect(
                    # Of libpq's own ways to find a server, a password or a file none is left.
                    host=",".join([server.host] * len(addresses)),
                    hostaddr=",".join(address.ip for address in addresses),
                    port=server.port,
                    dbname=server.database,
                    user=server.user,
                    password=server.password,
                    passfile=os.devnull,
                    sslmode={"verify": "verify-full", "encrypt": "require", "off": "disable"}[server.tls],
                    sslrootcert=self._trust(),
                    sslcertmode="disable",
                    gssencmode="disable",
                    connect_timeout=max(2, round(seconds)),
                    client_encoding="UTF8",
                    application_name="weirflow",
                    options="-c default_transaction_read_only=on" if server.read_only else "",
                    autocommit=True,
                )
        except TimeoutError:
            raise Fail(
                f"{server.host}:{server.port} gave no connection within {seconds:g} s; is it running, and does a "
                "firewall let this machine through?",
                code="database_unreachable",
                retryable=True,
            ) from None
        except psycopg.Error as error:
            raise failure_of(error, f"{server.host}:{server.port}") from None
        return connection, str(connection.info.hostaddr)

    def _trust(self) -> str:
        if self._server.tls != "verify":
            return ""
        if not self._server.authority:
            return next((path for path in _BUNDLES if Path(path).is_file()), "system")
        if self._authority is None:
            # The library reads files alone.
            number, self._authority = tempfile.mkstemp(prefix="weirflow-", suffix=".pem")
            with os.fdopen(number, "w") as file:
                file.write(self._server.authority)
        return self._authority


async def _run(connection: Any, query: str, parameters: dict[str, JSON], rows: Rows, seconds: float) -> None:
    import psycopg
    from psycopg.types.json import Jsonb

    given = [parameters.get(name) for name in names_in(query)]
    values = [Jsonb(value) if _is_document(value) else value for value in given]
    server = f"{connection.info.host}:{connection.info.port}"
    try:
        async with psycopg.AsyncRawCursor(connection) as cursor:
            # Beside our own clock: the server is to stop as well, should it not hear of our leaving.
            await cursor.execute(f"SET statement_timeout = {max(1, int(seconds * 1000))}")
            if may_give_rows(query):
                await _stream(cursor, numbered(query), values, rows)
            else:
                await cursor.execute(numbered(query), values)
                if cursor.description is not None:
                    rows.name([column.name for column in cursor.description])
                    for row in await cursor.fetchall():
                        rows.add(row)
                rows.changed = _changed(cursor)
    except psycopg.Error as error:
        raise failure_of(error, server) if error.sqlstate or connection.closed else unfit(error) from None
    except (UnicodeError, ValueError, TypeError) as error:
        raise unfit(error) from None


async def _stream(cursor: Any, query: str, values: list[Any], rows: Rows) -> None:
    """Never more of them in memory than wanted."""
    import psycopg

    try:
        async for row in cursor.stream(query, values, size=_CHUNK):
            if not rows.columns:
                rows.name([column.name for column in cursor.description])
            rows.add(row)
    except psycopg.ProgrammingError as error:
        # A WITH that only writes: it was run, and has given no rows, which the library takes for a mistake.
        if error.sqlstate is not None or "produce a result" not in str(error):
            raise


def _is_document(value: JSON) -> bool:
    """An object, or a list that no array of PostgreSQL can be: those go as `jsonb`."""
    if isinstance(value, list):
        return any(isinstance(one, dict | list) for one in value)
    return isinstance(value, dict)


def _changed(cursor: Any) -> int | None:
    """From `INSERT 0 3` and the like."""
    words = (cursor.statusmessage or "").split()
    return int(words[-1]) if words and words[0] != "SELECT" and words[-1].isdecimal() else None


async def _end(connection: Any) -> None:
    with suppress(Exception):
        await connection.close()
