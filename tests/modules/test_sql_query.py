"""SQL queries: parameters only, one file or one server, and an end to everything."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from modules.data import postgres_pool
from modules.data.sql_parameters import names_in, numbered
from modules.data.sql_query import SqlQuery
from tests.services.postgres import Postgres
from tests.transport.certificates import Authority
from tests.waiting import eventually
from weirflow import Fail
from weirflow.outbound.caller import Caller
from weirflow.outbound.guard import Guard
from weirflow.outbound.lookup import Names, numeric
from weirflow.outbound.policy import Policy
from weirflow.testing import Node, run

TABLE = "CREATE TABLE visits (path TEXT PRIMARY KEY, n INTEGER CHECK (n > 0), data BLOB)"
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"


async def ask(node: Node, query: str, **parameters: Any) -> Any:
    await node.set(query=query)
    await node.send("run", {"parameters": parameters})
    return node.emitted[-1].value


async def failure(node: Node, query: str, **parameters: Any) -> Fail:
    with pytest.raises(Fail) as caught:
        await ask(node, query, **parameters)
    return caught.value


def test_a_parameter_is_found_where_it_is_one() -> None:
    query = """SELECT ':a', ":b", x::text, y[1:2] -- :c
        /* :d */ , $$ :e $$, $t$ :f $t$, E'\\':g', :id, ( :name ), :id FROM t WHERE a=:z_1"""
    assert names_in(query) == ["id", "name", "z_1"]
    assert numbered("SELECT :b, :a, :b::int, ':b'") == "SELECT $1, $2, $1::int, ':b'"


async def test_rows_are_written_and_read_by_parameters() -> None:
    async with run(SqlQuery) as node:
        await ask(node, TABLE)
        inserted = await ask(node, "INSERT INTO visits VALUES (:path, :n, x'00ff')", path="/a'; DROP TABLE visits", n=3)
        assert (inserted["changed"], inserted["rows"]) == (1, [])
        found = await ask(node, "SELECT path, n, data, 1.5 AS n FROM visits WHERE path LIKE :like", like="/a%")
        assert found["rows"] == [{"path": "/a'; DROP TABLE visits", "n": 3, "data": "AP8=", "n_2": 1.5}]
        assert found["count"] == 1
        listed = await ask(node, "SELECT value FROM json_each(:ids)", ids=[1, 2])
        assert [row["value"] for row in listed["rows"]] == [1, 2]
        assert (await failure(node, "SELECT :a", a="\ud800")).code == "invalid_parameter"
        assert (await ask(node, "SELECT :a AS a", a=[2**70]))["rows"] == [{"a": f"[{2**70}]"}]
        assert node.live.startswith("1 row ·")


async def test_the_file_is_the_projects_and_stays_over_a_restart() -> None:
    async with run(SqlQuery, settings={"file": "sub/visits.db", "query": TABLE}) as node:
        await node.send("run", {})
        file = node.data_dir() / "sub/visits.db"
        assert file.stat().st_mode & 0o777 == 0o600
        node = await node.restart()
        assert (await ask(node, "SELECT count(*) AS n FROM visits"))["rows"] == [{"n": 0}]


@pytest.mark.parametrize(
    "name", ["../x.db", "/etc/passwd", "a/../b", "a//b", ".hidden", "a\x00b", "a/b/c/d/e", "", "a b"]
)
async def test_a_path_that_leads_out_is_refused(name: str) -> None:
    async with run(SqlQuery) as node:
        problem = await node.set(file=name)
        assert problem is not None
        assert problem.field == "/file"


async def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    async with run(SqlQuery, settings={"query": "SELECT 1"}) as node:
        os.symlink(tmp_path, node.data_dir() / "out")
        os.symlink(tmp_path / "x.db", node.data_dir() / "link.db")
        for name in ("out/x.db", "link.db"):
            assert await node.set(file=name) is not None
        # One that was put there after the settings were taken.
        os.symlink(tmp_path / "y.db", node.data_dir() / "data.db")
        with pytest.raises(Fail) as caught:
            await node.send("run", {})
        assert caught.value.code == "invalid_file"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH DATABASE '{other}' AS other", "VACUUM INTO '{other}'", "VACUUM", "PRAGMA user_version",
        "SELECT * FROM pragma_table_info('visits')", "SELECT load_extension('x')", "SELECT fts3_tokenizer('simple')",
        "CREATE VIRTUAL TABLE v USING fts5(a)", "BEGIN", "SAVEPOINT a", "DETACH DATABASE main",
    ],
)  # fmt: skip
async def test_a_query_reaches_its_own_file_alone(query: str, tmp_path: Path) -> None:
    async with run(SqlQuery) as node:
        await ask(node, TABLE)
        error = await failure(node, query.format(other=tmp_path / "other.db"))
        assert (error.code, error.permanent) == ("not_allowed", True)
    assert not list(tmp_path.iterdir())


async def test_one_statement_at_a_time() -> None:
    async with run(SqlQuery) as node:
        await ask(node, TABLE)
        assert (await failure(node, "SELECT 1; DROP TABLE visits")).code == "sql_error"
        await ask(node, "SELECT 1 FROM visits;")


async def test_a_node_without_a_query_says_what_to_fill_in() -> None:
    async with run(SqlQuery) as node:
        assert [(one.code, one.field) for one in node.problems] == [("no_query", "/query")]
        await node.set(query="SELECT 1")
        assert node.problems == []
        await node.set(query="  ")
        assert [one.code for one in node.problems] == ["no_query"]


async def test_what_is_wrong_has_a_code() -> None:
    async with run(SqlQuery) as node:
        await ask(node, TABLE)
        await ask(node, "INSERT INTO visits VALUES ('/a', 1, NULL)")
        assert (await failure(node, "")).code == "no_query"
        assert (await failure(node, "SELEC 1")).code == "sql_error"
        assert (await failure(node, "SELECT :a", b=1)).code == "missing_parameter"
        assert (await failure(node, "SELECT :a", a=2**70)).code == "invalid_parameter"
        assert (await failure(node, "INSERT INTO visits VALUES ('/a', 1, NULL)")).code == "constraint"
        await node.set(readOnly=True)
        assert (await failure(node, "DELETE FROM visits")).code == "read_only"
        await node.set(file="none.db")
        assert (await failure(node, "SELECT 1")).code == "no_such_file"
        (node.data_dir() / "text.db").write_text("no database" * 100)
        await node.set(file="text.db")
        assert (await failure(node, "SELECT 1 FROM sqlite_master")).code == "invalid_file"


async def test_rows_bytes_and_the_file_have_an_end() -> None:
    async with run(SqlQuery, settings={"maxRows": 10, "maxBytes": 2000, "maxFile": 65_536}) as node:
        series = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT {}) SELECT x FROM c"
        assert (await ask(node, series.format(10)))["count"] == 10
        assert (await failure(node, series.format(11))).code == "too_many_rows"
        assert (await failure(node, "SELECT printf('%.3000c', 'x')")).code == "too_many_bytes"
        await ask(node, TABLE)
        assert (await failure(node, "INSERT INTO visits VALUES ('/a', 1, zeroblob(1000000))")).code == "database_full"


def test_what_a_query_sorts_has_an_end_and_leaves_no_file(tmp_path: Path) -> None:
    """In a process of its own: the limit holds for all of one, and cannot be raised again."""
    program = """
import asyncio, sys
from pathlib import Path
from modules.data import sqlite_file
from modules.data.sql_rows import Rows
from weirflow import Fail
sqlite_file._MEMORY = 8 << 20
async def main():
    file = sqlite_file.SqliteFile(Path(sys.argv[1]), "a.db", read_only=False, max_bytes=1 << 30)
    async def ask(query):
        rows = Rows(10, 1 << 20)
        await file.run(query, {}, rows, 60)
        return rows.rows
    await ask("CREATE TABLE t (a TEXT)")
    await ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
              "INSERT INTO t SELECT hex(randomblob(50)) FROM n")
    try:
        await ask("SELECT a FROM t ORDER BY a LIMIT 5 OFFSET 99000")
    except Fail as fail:
        print(fail.code, fail.retryable, (await ask("SELECT count(*) AS n FROM t"))[0]["n"])
    await file.close()
asyncio.run(main())
"""
    environment = {**os.environ, "SQLITE_TMPDIR": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "database_memory True 100000\n", done.stderr


async def test_an_endless_query_is_ended_and_holds_up_no_other_node() -> None:
    async with (
        run(SqlQuery) as other,
        run(SqlQuery, settings={"query": ENDLESS, "timeout": 2_000}) as node,
    ):
        endless = asyncio.create_task(failure(node, ENDLESS))
        await ask(other, "SELECT 1")
        assert not endless.done()
        error = await endless
        assert (error.code, error.retryable) == ("query_timeout", True)
        await ask(node, "SELECT 1")


async def test_who_waits_for_a_file_that_another_holds_waits_no_longer_than_told() -> None:
    """The other holds it by a statement that writes without an end."""
    endless = ENDLESS.replace("SELECT count(*) FROM c", "INSERT INTO c2 SELECT x FROM c")
    async with run(SqlQuery, settings={"query": "CREATE TABLE c2 (x INTEGER)", "timeout": 1_000}) as node:
        await node.send("run", {})
        await node.set(query=endless)
        holding = asyncio.create_task(node.send("run", {}))
        other = node.replica()
        await other.ready()
        await other.set(query="INSERT INTO c2 VALUES (1)", timeout=100)

        async def refused() -> Fail | None:
            try:
                await other.send("run", {})
            except Fail as error:
                return error
            return None

        error = await eventually(refused, what="the endless query's holding the file")
        assert error.code in ("database_busy", "query_timeout")
        assert error.retryable
        assert not holding.done()
        with pytest.raises(Fail, match="did not end"):
            await holding
        await other.kill()


async def test_a_node_that_goes_while_it_is_busy_leaves_no_thread_at_work() -> None:
    import threading

    async with run(SqlQuery, settings={"query": ENDLESS, "timeout": 60_000, "file": "endless.db"}) as node:
        task = asyncio.create_task(node.send("run", {}))
        working = [None]
        while not working[0]:
            await asyncio.sleep(0.01)
            working = [one for one in threading.enumerate() if one.name.startswith("sqlite endless")] or [None]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await asyncio.to_thread(working[0].join, 5)
    assert not working[0].is_alive()


async def test_a_thousand_at_once_are_counted_once_each() -> None:
    async with run(SqlQuery) as node:
        await ask(node, "CREATE TABLE c (n INTEGER)")
        await ask(node, "INSERT INTO c VALUES (0)")
        await node.set(query="UPDATE c SET n = n + 1")
        await asyncio.gather(*(node.send("run", {}) for _ in range(1000)))
        assert (await ask(node, "SELECT n FROM c"))["rows"] == [{"n": 1000}]


def of_server(url: str, **more: Any) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "database": "postgresql", "host": parts.hostname, "port": parts.port, "name": parts.path[1:],
        "user": parts.username, "password": parts.password or "", "tls": "off", **more,
    }  # fmt: skip


async def test_postgresql_takes_parameters_and_gives_rows(postgres_url: str) -> None:
    async with run(SqlQuery, settings=of_server(postgres_url)) as node:
        await ask(node, "CREATE TABLE v (id int PRIMARY KEY, at timestamptz, data jsonb, price numeric)")
        inserted = await ask(
            node, "INSERT INTO v VALUES (:id, :at, :data, :price)",
            id=1, at="2026-01-02T03:04:05Z", data={"a": [1]}, price="1.10",
        )  # fmt: skip
        assert inserted["changed"] == 1
        found = await ask(node, "SELECT id, data, price, id::text AS t FROM v WHERE id = ANY(:ids)", ids=[1, 2])
        assert found["rows"] == [{"id": 1, "data": {"a": [1]}, "price": "1.10", "t": "1"}]
        returned = await ask(node, "UPDATE v SET price = 2 RETURNING id -- :none")
        assert returned["rows"] == [{"id": 1}]
        await ask(node, "WITH w AS (SELECT 2 AS id) INSERT INTO v (id) SELECT id FROM w")
        assert (await ask(node, "DELETE FROM v WHERE id = 2"))["changed"] == 1
        assert (await failure(node, "INSERT INTO v VALUES (:id)", id=1)).code == "constraint"
        assert (await failure(node, "SELECT 1; SELECT 2")).code == "sql_error"
        assert (await failure(node, "SELECT * FROM none")).code == "sql_error"
        assert (await failure(node, "SELECT :a::int", a="x")).code == "invalid_parameter"
        for unfit in ([1, "a"], "a\x00b", "\ud800"):
            assert (await failure(node, "SELECT :a", a=unfit)).code == "invalid_parameter", unfit
        many = "INSERT INTO v (id) SELECT id FROM jsonb_to_recordset(:rows) AS r (id int)"
        assert (await ask(node, many, rows=[{"id": 7}, {"id": 8}]))["changed"] == 2
        await node.set(maxRows=10)
        assert (await failure(node, "SELECT generate_series(1, 1000000)")).code == "too_many_rows"
        await node.set(timeout=200)
        error = await failure(node, "SELECT pg_sleep(20)")
        assert (error.code, error.retryable) == ("query_timeout", True)
        await node.set(readOnly=True, timeout=10_000)
        assert (await failure(node, "DELETE FROM v")).code == "read_only"
        await node.set(readOnly=False, connections=3)
        await node.set(query="SELECT :n::int AS n")
        node.replies["rows"] = lambda message: message["rows"][0]["n"]
        numbers = await asyncio.gather(*(node.send("run", {"parameters": {"n": number}}) for number in range(1000)))
        assert numbers == list(range(1000))


async def test_a_server_that_is_not_allowed_not_there_or_not_trusted(postgres_url: str) -> None:
    nobody = Caller(Guard(Policy()))
    settings = of_server(postgres_url)
    async with run(SqlQuery, settings=settings, outbound=nobody) as node:
        error = await failure(node, "SELECT 1")
        assert (error.code, error.permanent) == ("outbound_denied", True)
    async with run(SqlQuery, settings={**settings, "port": 1}) as node:
        error = await failure(node, "SELECT 1")
        assert (error.code, error.retryable) == ("database_unreachable", True)
    async with run(SqlQuery, settings={**settings, "tls": "verify"}) as node:
        assert (await failure(node, "SELECT 1")).code == "database_tls"


@pytest.fixture
def tls_of_server(postgres: Postgres, tmp_path: Path) -> Iterator[str]:
    """The server with a certificate for localhost and 127.0.0.1; the authority's, which signed it."""
    authority = Authority(tmp_path)
    options = authority.options("server")
    files = {"cert": options.certificate, "key": options.key}
    for name, source in files.items():
        copy = postgres.home / f"tls.{name}"
        shutil.copy(source, copy)
        copy.chmod(0o600)
        if os.getuid() == 0:
            shutil.chown(copy, "postgres")
        postgres.run(f"ALTER SYSTEM SET ssl_{name}_file = '{copy}'")
    postgres.run("ALTER SYSTEM SET ssl = on")
    postgres.run("SELECT pg_reload_conf()")
    yield (authority.home / "ca.crt").read_text()
    postgres.run("ALTER SYSTEM SET ssl = off")
    postgres.run("SELECT pg_reload_conf()")


async def test_postgresql_proves_itself_by_its_name_at_the_address_that_was_judged(
    postgres_url: str, tls_of_server: str
) -> None:
    names = Names(lambda _: numeric(ip_address("127.0.0.1")))
    caller = Caller(Guard(Policy.of(["127.0.0.1"]), lookup=names.look_up))
    settings = of_server(postgres_url, host="localhost", tls="verify", authority=tls_of_server)
    async with run(SqlQuery, settings=settings, outbound=caller) as node:
        query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        # The server reads its settings a moment later.
        await eventually(lambda: _answered(node, query), what="TLS at the server")
        assert node.emitted[-1].value["rows"] == [{"ssl": True}]
        # Any other name leads to the same address here, and is not in the certificate.
        await node.set(host="other.example")
        assert (await failure(node, query)).code == "database_tls"
        await node.set(host="localhost", authority="")
        assert (await failure(node, query)).code == "database_tls"
        await node.set(tls="encrypt")
        assert (await ask(node, query))["rows"] == [{"ssl": True}]


async def _answered(node: Node, query: str) -> bool:
    try:
        return bool((await ask(node, query))["count"])
    except Fail:
        return False


async def test_a_query_under_way_ends_when_its_server_is_taken_off_the_list(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_pool, "_LOOK_SECONDS", 0.05)
    caller = Caller(Guard(Policy.of(["127.0.0.0/8", "localhost"])))
    async with (
        run(SqlQuery, settings=of_server(postgres_url), outbound=caller) as other,
        run(SqlQuery, settings=of_server(postgres_url, timeout=120_000), outbound=caller) as node,
    ):
        sleeping = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(97)%'"

        async def running() -> bool:
            return bool((await ask(other, sleeping))["rows"][0]["n"])

        asked = asyncio.create_task(ask(node, "SELECT pg_sleep(97)"))
        await eventually(running)
        caller.govern(Policy())
        with pytest.raises(Fail) as caught:
            await asked
        assert caught.value.code == "outbound_denied"


async def test_a_pool_follows_the_rules_of_the_project(postgres_url: str) -> None:
    caller = Caller(Guard(Policy.of(["127.0.0.0/8", "localhost"])))
    async with run(SqlQuery, settings=of_server(postgres_url), outbound=caller) as node:
        await ask(node, "SELECT 1")
        caller.govern(Policy())
        assert (await failure(node, "SELECT 1")).code == "outbound_denied"
