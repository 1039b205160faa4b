"""The table of docs/howto/csv-to-postgresql.md takes the rows of its template."""

from urllib.parse import urlsplit

import psycopg

from modules.data.sql_query import SqlQuery
from tests.docs.blocks import ROOT, blocks_of
from weirflow.flowfile import FileFlow, read_flow_file
from weirflow.testing import run


async def test_a_file_sent_twice_is_written_once(postgres_url: str) -> None:
    (table,) = [block.text for block in blocks_of(ROOT / "docs/howto/csv-to-postgresql.md") if block.kind == "sql"]
    template = read_flow_file((ROOT / "modules/howto/examples/csv-to-postgresql.yaml").read_text())
    assert isinstance(template, FileFlow)
    assert table in template.notes[0].text
    with psycopg.connect(postgres_url, autocommit=True) as database:
        database.execute(table)  # type: ignore[arg-type]
    at = urlsplit(postgres_url)
    server = {"host": at.hostname, "port": at.port, "name": at.path[1:], "user": at.username, "tls": "off"}
    settings = {**dict(template.nodes["insert"].settings), **server, "password": at.password or ""}
    async with run(SqlQuery, settings=settings) as node:
        for pieces in (4, 5):
            await node.send("run", {"parameters": {"number": 1, "sku": "pen", "pieces": pieces}})
    with psycopg.connect(postgres_url) as database:
        assert database.execute("SELECT number, sku, pieces FROM orders").fetchall() == [(1, "pen", 5)]
