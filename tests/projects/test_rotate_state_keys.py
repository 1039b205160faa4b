"""The command that changes the keys of states, against a cluster that runs."""

import base64
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.models import Change, Flow, Node
from tests.embedded.process import NODES, ClusterProcess, node
from tests.projects.world import add, edit

SECRET = "/api/v1/namespaces/default/secrets/weirflow-state-keys"

pytestmark = [pytest.mark.server]


class Keys:
    """The command, and the cluster that it works on."""

    def __init__(self, process: ClusterProcess) -> None:
        self.process = process

    def __call__(self, *arguments: str) -> str:
        out = StringIO()
        kubeconfig = str(self.process.home / "kubeconfig")
        call_command("rotate_state_keys", "--kubeconfig", kubeconfig, *arguments, stdout=out)
        return out.getvalue()

    def data(self) -> dict[str, str]:
        data: dict[str, str] = self.process.call("GET", SECRET)[1]["data"]
        return data

    def primary(self) -> str:
        return base64.b64decode(self.data()["primary"]).decode()

    def seal(self, name: str, key: str) -> None:
        """A node whose state is sealed with this key."""
        if self.process.call("GET", f"{NODES}/{name}")[0] == 404:
            assert self.process.call("POST", NODES, node(name))[0] == 201
        state = {"metadata": {"pin": sealed(key), "state-version": "1"}}
        media = "application/merge-patch+json"
        assert self.process.call("PATCH", f"{NODES}/{name}/status", {"status": state}, content_type=media)[0] == 200


def sealed(key: str) -> str:
    return f"sealed:{key}:{'A' * 40}"


@pytest.fixture
def keys(tmp_path: Path, db: None) -> Iterator[Keys]:
    process = ClusterProcess(tmp_path)
    process.start()
    yield Keys(process)
    process.kill()


def test_a_new_key_seals_and_the_old_one_stays_until_nothing_needs_it(keys: Keys) -> None:
    old = keys.primary()
    keys.seal("p.m.a-1", old)
    assert "Key next added" in keys("--id", "next")
    assert keys.primary() == "next"
    assert f"{old}: opens; needed by nodes: 1, by undo: 0" in keys("--list")
    with pytest.raises(CommandError, match=r"p\.m\.a-1"):
        keys("--remove", old)
    keys.seal("p.m.a-1", "next")
    assert f"Key {old} removed" in keys("--remove", old)
    assert set(keys.data()) == {"next", "primary"}
    assert keys("--list") == "next: seals; needed by nodes: 1, by undo: 0\n"


def test_no_secret_is_printed(keys: Keys) -> None:
    said = keys() + keys("--list")
    assert len(keys.data()) == 3
    assert not any(text in said for name, text in keys.data().items() if name != "primary")


def test_what_cannot_be_is_said(keys: Keys) -> None:
    for arguments, why in (
        (["--remove", keys.primary()], "add another first"),
        (["--remove", "nothing"], "there is no key"),
        (["--id", "Not One"], "no id of a key"),
        (["--id", keys.primary()], "already"),
    ):
        with pytest.raises(CommandError, match=why):
            keys(*arguments)


def test_a_key_that_an_undo_needs_is_kept_unless_told(keys: Keys, flow: Flow, owner: Any) -> None:
    old = keys.primary()
    keys("--id", "next")
    edit(owner, flow, add("aaaaaaaaaaaa"))
    Node.objects.filter(id="aaaaaaaaaaaa").update(last_state={"pin": sealed(old)})
    edit(owner, flow, {"op": "delete_node", "id": "aaaaaaaaaaaa"})
    assert sealed(old) in json.dumps(list(Change.objects.values_list("before", flat=True)))
    assert f"{old}: opens; needed by nodes: 0, by undo: 1" in keys("--list")
    with pytest.raises(CommandError, match="--lose-undo"):
        keys("--remove", old)
    assert "removed" in keys("--remove", old, "--lose-undo")


def test_a_cluster_without_keys_gets_its_first(keys: Keys) -> None:
    assert keys.process.call("DELETE", SECRET)[0] == 200
    assert "no key" not in keys("--list")
    keys("--id", "first")
    assert keys.primary() == "first"
