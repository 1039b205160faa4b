"""kubectl against the embedded cluster: the commands a person types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from tests.embedded.process import NODES, ClusterProcess, node

pytestmark = [pytest.mark.kubectl, pytest.mark.server]

NAME = "demo-ab1cd.common-v1.ticker-k3f9"


class Kubectl:
    def __init__(self, process: ClusterProcess, cache: Path) -> None:
        binary = shutil.which("kubectl")
        if binary is None:
            pytest.fail("these tests need kubectl: apt-get install kubernetes-client")
        self.command = [binary, f"--cache-dir={cache}"]
        self.process = process

    def start(self, *arguments: str, role: str = "admin") -> subprocess.Popen[str]:
        environment = {**os.environ, "KUBECONFIG": str(self.process.kubeconfig(role))}
        pipe = subprocess.PIPE
        return subprocess.Popen([*self.command, *arguments], env=environment, stdout=pipe, stderr=pipe, text=True)

    def fails(self, *arguments: str, role: str = "admin") -> str:
        child = self.start(*arguments, role=role)
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 1
        return errors

    def __call__(self, *arguments: str, role: str = "admin") -> str:
        child = self.start(*arguments, role=role)
        output, errors = child.communicate(timeout=60)
        assert child.returncode == 0, errors
        assert "error" not in errors.lower(), errors
        return output


@pytest.fixture
def kubectl(process: ClusterProcess, tmp_path: Path) -> Kubectl:
    body = node(NAME)
    body["metadata"]["labels"] = {"tinysystems.io/flow-name": "visits-x1y2z"}
    assert process.call("POST", NODES, body)[0] == 201
    return Kubectl(process, tmp_path / "cache")


def manifest(directory: Path, **spec: str) -> str:
    path = directory / "node.json"
    path.write_text(json.dumps(node("applied.m.n", **spec)))
    return str(path)


def test_get_shows_the_columns(kubectl: Kubectl) -> None:
    header, row = kubectl("get", "tinynodes").splitlines()
    assert header.split() == ["NAME", "MODULE", "COMPONENT", "FLOW", "STATUS", "AGE"]
    assert row.split()[:4] == [NAME, "common-v1", "ticker", "visits-x1y2z"]
    assert NAME in kubectl("get", "tinynodes", "-A", "-l", "tinysystems.io/flow-name=visits-x1y2z")
    assert json.loads(kubectl("get", "tinynode", NAME, "-o", "json"))["spec"]["component"] == "ticker"


def test_all_kinds_are_listed(kubectl: Kubectl) -> None:
    kinds = kubectl("api-resources", "--api-group=operator.tinysystems.io", "-o", "name").split()
    assert len(kinds) == 7
    assert len(kubectl("get", "crd", "--no-headers").splitlines()) == 7
    for name in (*kinds, "leases", "configmaps", "events", "secrets", "namespaces"):
        kubectl("get", name)


def test_get_watch_sees_changes(kubectl: Kubectl) -> None:
    child = kubectl.start("get", "tinynodes", "-w", "--no-headers")
    assert child.stdout is not None
    stop = threading.Timer(60, child.kill)
    stop.start()
    assert NAME in child.stdout.readline()
    kubectl("patch", "tinynode", NAME, "--subresource=status", "--type=merge", "-p", '{"status":{"status":"OK"}}')
    assert "OK" in child.stdout.readline()
    child.kill()
    child.communicate()
    stop.cancel()


def test_describe_shows_the_object_and_its_events(kubectl: Kubectl) -> None:
    uid = json.loads(kubectl("get", "tinynode", NAME, "-o", "json"))["metadata"]["uid"]
    about = {"kind": "TinyNode", "namespace": "default", "name": NAME, "uid": uid}
    event = {"metadata": {"name": "e"}, "involvedObject": about, "reason": "Started", "message": "it ticks"}
    assert kubectl.process.call("POST", "/api/v1/namespaces/default/events", {**event, "type": "Normal"})[0] == 201
    text = kubectl("describe", "tinynode", NAME)
    assert "Component:  ticker" in text
    assert "it ticks" in text


def test_apply_creates_changes_and_leaves_alone(kubectl: Kubectl, tmp_path: Path) -> None:
    assert "created" in kubectl("apply", "-f", manifest(tmp_path))
    assert "unchanged" in kubectl("apply", "-f", manifest(tmp_path))
    assert "configured" in kubectl("apply", "-f", manifest(tmp_path, component="router"))
    assert kubectl("get", "tinynode", "applied.m.n", "-o", "jsonpath={.spec.component}") == "router"


def test_edit_changes_the_object(kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBE_EDITOR", "sed -i s/ticker$/router/")
    assert "edited" in kubectl("edit", "tinynode", NAME)
    assert kubectl("get", "tinynode", NAME, "-o", "jsonpath={.spec.component}") == "router"


def test_label_annotate_and_wait(kubectl: Kubectl) -> None:
    kubectl("label", "tinynode", NAME, "tier=1")
    kubectl("annotate", "tinynode", NAME, "note=here")
    kubectl("wait", "--for=jsonpath={.metadata.labels.tier}=1", f"tinynode/{NAME}", "--timeout=10s")


def test_delete_waits_for_finalizers(kubectl: Kubectl) -> None:
    kubectl("patch", "tinynode", NAME, "--type=merge", "-p", '{"metadata":{"finalizers":["x.io/hold"]}}')
    child = kubectl.start("delete", "tinynode", NAME)
    kubectl("wait", "--for=jsonpath={.metadata.deletionGracePeriodSeconds}=0", f"tinynode/{NAME}", "--timeout=20s")
    assert child.poll() is None
    kubectl("patch", "tinynode", NAME, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    output, errors = child.communicate(timeout=30)
    assert child.returncode == 0, errors
    assert "deleted" in output
    assert "NotFound" in kubectl.fails("get", "tinynode", NAME)


def test_a_namespace_can_be_made_and_deleted(kubectl: Kubectl, tmp_path: Path) -> None:
    path = tmp_path / "namespace.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "aside"}}))
    kubectl("create", "-f", str(path))
    kubectl("apply", "-n", "aside", "-f", manifest(tmp_path))
    kubectl("delete", "namespace", "aside", "--timeout=20s")
    assert kubectl("get", "tinynodes", "-n", "aside", "-o", "name") == ""


def test_what_is_invalid_says_why(kubectl: Kubectl, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(node("p.m.x", ports=[{"configuration": 7}])))
    said = kubectl.fails("apply", "-f", str(broken))
    assert "spec.ports[0].port: Required value" in said
    assert "must be of type string" in said


def test_roles_reach_kubectl_as_forbidden(kubectl: Kubectl) -> None:
    assert "Forbidden" in kubectl.fails("delete", "tinynode", NAME, role="modules")
    assert NAME in kubectl("get", "tinynodes", role="modules")
