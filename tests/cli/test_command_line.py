"""The command line: what it says of itself, and of calls that it does not understand."""

import json
import os
import subprocess
import sys

import pytest

from tests.cli.calling import environment, weirflow
from weirflow.cli.app import run
from weirflow.cli.failures import NobodyReads
from weirflow.cli.out import Out
from weirflow.cli.table import COMMANDS


def test_help_names_every_command_and_loads_none() -> None:
    said = weirflow("--help")
    assert said.code == 0
    assert all(row.summary[:40] in said.out for row in COMMANDS.values())
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "weirflow", "--help"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    heavy = ("pydantic", "aiohttp", "asyncio", "cryptography", "weirflow.runtime", "weirflow.kube")
    assert [name for name in heavy if f"| {name}" in loaded.replace("|   ", "| ").replace("  ", "")] == []


def test_a_command_that_is_not_there_is_answered_with_the_one_that_was_meant() -> None:
    said = weirflow("completoin")
    assert (said.code, said.out) == (2, "")
    assert "did you mean completion" in said.err


def test_with_json_a_fault_is_json_on_stdout_too() -> None:
    said = weirflow("completion", "--json", "--no-such")
    assert said.code == said.json["error"]["exit"] == 2
    assert said.json["error"]["code"] == "usage"
    assert "weirflow completion --help" in said.json["error"]["message"]


def test_shells_are_given_their_completion() -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "_WEIRFLOW_COMPLETE" in weirflow("completion", shell).out


@pytest.mark.parametrize("group", [[], ["new"]])
def test_options_of_commands_are_none_of_groups(group: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*group, "--json"]) == 2
    said = json.loads(capsys.readouterr().out)["error"]["message"]
    assert " ".join(["behind the command: weirflow", *group, "COMMAND --json"]) in said


def test_who_has_read_enough_is_told_nothing_more() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "wb") as nobody_reads:
        done = subprocess.run(
            [sys.executable, "-m", "weirflow", "completion", "bash"],
            env=environment(),
            stdout=nobody_reads,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_pipe_that_is_closed_is_no_fault_of_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(_text: str) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(sys.stdout, "write", write)
    with pytest.raises(NobodyReads) as ended:
        Out(as_json=True).line({}, "")
    assert not isinstance(ended.value, OSError)
