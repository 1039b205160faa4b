"""Backups while the cluster is used, their way back, and files of other versions."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.process import ClusterProcess
from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.backup import NoBackup, restore
from weirflow.embedded.journal import SCHEMA_VERSION, StoreInUse, StoreTooNew

MAPS = "/api/v1/namespaces/default/configmaps"
SECRETS = "/api/v1/namespaces/default/secrets"


async def make(cluster: EmbeddedCluster, path: str, name: str) -> None:
    assert (await cluster.call("POST", path, None, {"metadata": {"name": name}}))[0] == 201


async def names(cluster: EmbeddedCluster) -> set[str]:
    return {item["metadata"]["name"] for item in (await cluster.call("GET", MAPS))[1]["items"]}


async def copy_of(cluster: EmbeddedCluster) -> Path:
    status, made = await cluster.call("POST", "/weirflow/backup")
    assert status == 201, made
    return Path(made["path"])


async def test_a_copy_shows_one_moment_whatever_is_written_meanwhile(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path / "one")
    for number in range(50):
        await make(cluster, MAPS, f"before-{number}")
    copying = asyncio.create_task(copy_of(cluster))
    await asyncio.sleep(0)
    for number in range(50):
        await make(cluster, MAPS, f"after-{number}")
    path = await copying
    await cluster.close()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "secrets.key").write_bytes((tmp_path / "one" / "secrets.key").read_bytes())
    restore(path, tmp_path / "two")
    other = await EmbeddedCluster.open(tmp_path / "two")
    found = await names(other)
    assert found >= {f"before-{number}" for number in range(50)}
    assert not {f"after-{number}" for number in range(1, 50)} & found
    await other.close()


async def test_what_is_restored_hands_out_no_version_again(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    await make(cluster, SECRETS, "kept")
    path = await copy_of(cluster)
    _, late = await cluster.call("POST", MAPS, None, {"metadata": {"name": "late"}})
    await cluster.close()
    restore(path, tmp_path)
    cluster = await EmbeddedCluster.open(tmp_path)
    assert await names(cluster) == set()
    assert (await cluster.call("GET", f"{SECRETS}/kept"))[0] == 200
    _, made = await cluster.call("POST", MAPS, None, {"metadata": {"name": "late"}})
    assert int(made["metadata"]["resourceVersion"]) > int(late["metadata"]["resourceVersion"])
    assert (tmp_path / "cluster.db.before").exists()
    await cluster.close()


async def test_what_cannot_be_restored_says_why(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path / "one")
    await make(cluster, SECRETS, "s")
    path = await copy_of(cluster)
    with pytest.raises(StoreInUse, match="stop it first"):
        restore(path, tmp_path / "one")
    await cluster.close()
    with pytest.raises(NoBackup, match="is not there"):
        restore(tmp_path / "none", tmp_path / "one")
    (tmp_path / "two").mkdir()
    with pytest.raises(NoBackup, match="put back the key"):
        restore(path, tmp_path / "two")
    (tmp_path / "text").write_text("no database" * 500)
    with pytest.raises(NoBackup, match="is no copy"):
        restore(tmp_path / "text", tmp_path / "one")
    again = await EmbeddedCluster.open(tmp_path / "one")
    assert (await again.call("GET", f"{SECRETS}/s"))[0] == 200
    await again.close()


async def test_the_newest_copies_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_BACKUPS_KEPT", "2")
    cluster = await EmbeddedCluster.open(tmp_path)
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / ".cluster-1-1.db.part").write_text("of a process that was killed")
    (folder / "mine.db").write_text("of somebody else")
    made = []
    for number in range(4):
        await make(cluster, MAPS, f"m{number}")
        made.append(await copy_of(cluster))
        os.utime(made[-1], (number, number))
    assert {path.name for path in folder.iterdir()} == {made[2].name, made[3].name, "mine.db"}
    monkeypatch.setenv("WEIRFLOW_BACKUPS_KEPT", "many")
    status, refused = await cluster.call("POST", "/weirflow/backup")
    assert (status, "must be from 1 to" in refused["message"]) == (500, True)
    await cluster.close()


async def test_only_the_administrator_gets_a_copy(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    for role in ("web", "modules", "anonymous"):
        assert (await cluster.call("POST", "/weirflow/backup", role=role))[0] == 403
    await cluster.close()


async def test_a_file_from_before_versions_is_taken_over(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    await make(cluster, MAPS, "old")
    await cluster.close()
    _set_version(tmp_path, 0)
    cluster = await EmbeddedCluster.open(tmp_path)
    assert await names(cluster) == {"old"}
    await cluster.close()
    database = sqlite3.connect(tmp_path / "cluster.db")
    assert database.execute("pragma user_version").fetchone() == (SCHEMA_VERSION,)
    database.close()


async def test_a_file_of_a_later_program_is_left_alone(tmp_path: Path) -> None:
    await (await EmbeddedCluster.open(tmp_path)).close()
    _set_version(tmp_path, SCHEMA_VERSION + 1)
    with pytest.raises(StoreTooNew, match="a later Weirflow wrote"):
        await EmbeddedCluster.open(tmp_path)


def _set_version(directory: Path, version: int) -> None:
    database = sqlite3.connect(directory / "cluster.db")
    database.execute(f"pragma user_version = {version}")
    database.close()


async def test_a_file_does_not_grow_with_what_came_and_went(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    sizes = []
    for _ in range(4):
        body = {"data": {"a": "x" * 10_000}}
        made = [{"metadata": {"name": f"c{number}", "labels": {"go": "1"}}, **body} for number in range(300)]
        await asyncio.gather(*(cluster.call("POST", MAPS, None, one) for one in made))
        await cluster.call("DELETE", MAPS, {"labelSelector": "go=1"})
        files = ("cluster.db", "cluster.db-wal")
        sizes.append(sum(path.stat().st_size for name in files if (path := tmp_path / name).exists()))
    await cluster.close()
    assert sizes[-1] < sizes[0] * 2 + 16 * 2**20


@pytest.mark.server
def test_backup_and_restore_by_command(process: ClusterProcess, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "one.db"
    done = _command(process, "backup", str(target))
    assert done.returncode == 0, done.stderr
    assert "secrets.key" in done.stdout
    assert target.stat().st_mode & 0o077 == 0
    again = _command(process, "backup", str(target))
    assert (again.returncode, "name another file" in again.stderr) == (1, True)
    busy = _command(process, "restore", str(target))
    assert (busy.returncode, "stop it first" in busy.stderr) == (1, True)
    process.stop()
    asleep = _command(process, "backup", str(tmp_path / "two.db"))
    assert (asleep.returncode, "does not answer" in asleep.stderr) == (1, True)
    assert _command(process, "restore", str(target)).returncode == 0
    assert _command(process, "fly").returncode == 2


def _command(process: ClusterProcess, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "weirflow.embedded", *arguments]
    return subprocess.run(
        command,
        env={**os.environ, "WEIRFLOW_HOME": str(process.home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_one_copy_is_written_at_a_time(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path / "one")
    await make(cluster, MAPS, "kept")
    answers = await asyncio.gather(*(cluster.call("POST", "/weirflow/backup") for _ in range(5)))
    assert sorted(status for status, _ in answers) == [201, 409, 409, 409, 409]
    path = await copy_of(cluster)
    await cluster.close()
    restore(path, tmp_path / "one")


async def test_nothing_of_a_damaged_store_gets_into_the_one_that_is_restored(tmp_path: Path) -> None:
    directory = tmp_path / "one"
    cluster = await EmbeddedCluster.open(directory)
    await make(cluster, MAPS, "kept")
    copy = await copy_of(cluster)
    await make(cluster, MAPS, "later")
    beside = (directory / "cluster.db-wal").read_bytes()
    await cluster.close()
    # As after a kill -9 on a disk that broke the file.
    (directory / "cluster.db").write_bytes(b"not a database" * 1000)
    (directory / "cluster.db-wal").write_bytes(beside)
    restore(copy, directory)
    cluster = await EmbeddedCluster.open(directory)
    assert "later" not in await names(cluster)
    assert "kept" in await names(cluster)
    await cluster.close()


async def test_the_file_of_a_killed_cluster_is_a_copy_too(tmp_path: Path) -> None:
    directory = tmp_path / "one"
    cluster = await EmbeddedCluster.open(directory)
    await make(cluster, MAPS, "kept")
    killed = tmp_path / "killed.db"
    for suffix in ("", "-wal"):
        (tmp_path / f"killed.db{suffix}").write_bytes((directory / f"cluster.db{suffix}").read_bytes())
    await cluster.close()
    restore(killed, directory)
    cluster = await EmbeddedCluster.open(directory)
    assert "kept" in await names(cluster)
    await cluster.close()
