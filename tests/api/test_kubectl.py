"""kubectl, on the embedded cluster and on a real one: the commands a person types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.servers import node
from tests.cluster.fixtures import ClusterNamespace
from tests.embedded.process import ClusterProcess

pytestmark = [pytest.mark.kubectl, pytest.mark.server]

OLD = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "weirflow" / "kubectl-1.20" / "kubectl"
NAME = "demo-ab1cd.common-v1.ticker-k3f9"


class Kubectl:
    """The command, with the kubeconfig of a role. `namespace` is the one that kubeconfig names."""

    def __init__(
        self, kubeconfig: Callable[[str], Path], namespace: str, directory: Path, binary: Path | None = None
    ) -> None:
        found = shutil.which(binary or "kubectl")
        if found is None:
            pytest.fail(f"these tests need {binary or 'kubectl'}: script/test gets it")
        self.old = binary is not None
        self.command = [found, f"--cache-dir={directory / 'cache'}"]
        self.namespace = namespace
        self._kubeconfig, self._directory = kubeconfig, directory

    @property
    def today(self) -> Kubectl:
        """The current command, for what the old one does not know."""
        return Kubectl(self._kubeconfig, self.namespace, self._directory)

    def start(self, *arguments: str, role: str = "admin") -> subprocess.Popen[str]:
        environment = {**os.environ, "KUBECONFIG": str(self._kubeconfig(role))}
        pipe = subprocess.PIPE
        return subprocess.Popen([*self.command, *arguments], env=environment, stdout=pipe, stderr=pipe, text=True)

    def fails(self, *arguments: str, role: str = "admin") -> str:
        child = self.start(*arguments, role=role)
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 1
        return errors

    def file(self, body: dict[str, Any]) -> str:
        """A manifest for `-f`."""
        path = self._directory / f"{body['metadata']['name']}.json"
        path.write_text(json.dumps(body))
        return str(path)

    def __call__(self, *arguments: str, role: str = "admin") -> str:
        child = self.start(*arguments, role=role)
        output, errors = child.communicate(timeout=60)
        assert child.returncode == 0, errors
        assert "error" not in errors.lower(), errors
        return output


@pytest.fixture(params=["embedded", "old", pytest.param("real", marks=pytest.mark.cluster)])
def kubectl(request: pytest.FixtureRequest, tmp_path: Path) -> Kubectl:
    """The current command on either server, and one of 2021 on the embedded cluster."""
    if request.param != "real":
        process: ClusterProcess = request.getfixturevalue("process")
        made = Kubectl(process.kubeconfig, "default", tmp_path, OLD if request.param == "old" else None)
    else:
        namespace: ClusterNamespace = request.getfixturevalue("cluster_namespace")
        made = Kubectl(namespace.kubeconfig, namespace.name, tmp_path)
    made("create", "-f", made.file(node(NAME, labels={"tinysystems.io/flow-name": "visits-x1y2z"})))
    return made


def applied(kubectl: Kubectl, **spec: str) -> str:
    return kubectl.file(node("applied.m.n", **spec))


def test_get_shows_the_columns(kubectl: Kubectl) -> None:
    header, row = kubectl("get", "tinynodes").splitlines()
    assert header.split() == ["NAME", "MODULE", "COMPONENT", "FLOW", "STATUS", "AGE"]
    assert row.split()[:4] == [NAME, "common-v1", "ticker", "visits-x1y2z"]
    assert NAME in kubectl("get", "tinynodes", "-A", "-l", "tinysystems.io/flow-name=visits-x1y2z")
    assert json.loads(kubectl("get", "tinynode", NAME, "-o", "json"))["spec"]["component"] == "ticker"


def test_all_kinds_are_listed(kubectl: Kubectl) -> None:
    kinds = kubectl("api-resources", "--api-group=operator.tinysystems.io", "-o", "name").split()
    assert len(kinds) == 8
    assert len(kubectl("get", "crd", "--no-headers").splitlines()) == 8
    for name in (*kinds, "leases", "configmaps", "events", "secrets", "namespaces"):
        kubectl("get", name)


def test_get_watch_sees_changes(kubectl: Kubectl) -> None:
    child = kubectl.start("get", "tinynodes", "-w", "--no-headers")
    assert child.stdout is not None
    stop = threading.Timer(60, child.kill)
    stop.start()
    assert NAME in child.stdout.readline()
    kubectl.today("patch", "tinynode", NAME, "--subresource=status", "--type=merge", "-p", '{"status":{"status":"OK"}}')
    assert "OK" in child.stdout.readline()
    child.kill()
    child.communicate()
    stop.cancel()


def test_describe_shows_the_object_and_its_events(kubectl: Kubectl) -> None:
    uid = json.loads(kubectl("get", "tinynode", NAME, "-o", "json"))["metadata"]["uid"]
    about = {"kind": "TinyNode", "namespace": kubectl.namespace, "name": NAME, "uid": uid}
    event = {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"}, "involvedObject": about}
    kubectl("create", "-f", kubectl.file({**event, "reason": "Started", "message": "it ticks", "type": "Normal"}))
    text = kubectl("describe", "tinynode", NAME)
    assert "Component:  ticker" in text
    assert "it ticks" in text


def test_apply_creates_changes_and_leaves_alone(kubectl: Kubectl) -> None:
    assert "created" in kubectl("apply", "-f", applied(kubectl))
    assert "unchanged" in kubectl("apply", "-f", applied(kubectl))
    assert "configured" in kubectl("apply", "-f", applied(kubectl, component="router"))
    assert kubectl("get", "tinynode", "applied.m.n", "-o", "jsonpath={.spec.component}") == "router"


def test_apply_on_the_server_tells_managers_apart(kubectl: Kubectl) -> None:
    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", applied(kubectl))
    kubectl("apply", "--server-side", "-f", applied(kubectl))
    said = kubectl.fails("apply", "--server-side", "--field-manager=other", "-f", applied(kubectl, component="router"))
    assert ".spec.component" in said
    forced = ("--field-manager=other", "--force-conflicts", "-f", applied(kubectl, component="router"))
    kubectl("apply", "--server-side", *forced)
    assert kubectl("get", "tinynode", "applied.m.n", "-o", "jsonpath={.spec.component}") == "router"


def test_what_was_applied_by_the_client_goes_on_with_the_server(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", applied(kubectl))
    kubectl("apply", "--server-side", "-f", applied(kubectl, component="router"))
    assert kubectl("get", "tinynode", "applied.m.n", "-o", "jsonpath={.spec.component}") == "router"


def test_built_in_kinds_are_made_and_deleted(kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "made", "--from-literal=a=1")
    kubectl("create", "secret", "generic", "made", "--from-literal=a=1")
    kubectl("patch", "configmap", "made", "-p", '{"data":{"b":"2"}}')
    assert kubectl("get", "configmap", "made", "-o", "jsonpath={.data}") == '{"a":"1","b":"2"}'
    assert kubectl("get", "secret", "made", "-o", "jsonpath={.data.a}") == "MQ=="
    kubectl("delete", "configmap/made", "secret/made")


def test_a_list_is_made_replaced_and_rehearsed(kubectl: Kubectl) -> None:
    items = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"l{one}"}, "data": {}} for one in "ab"]
    listed = kubectl.file({"apiVersion": "v1", "kind": "List", "metadata": {"name": "list"}, "items": items})
    kubectl("create", "--save-config", "-f", listed)
    kubectl("replace", "-f", listed)
    assert kubectl("apply", "--dry-run=server", "-f", listed).count("server dry run") == 2
    kubectl("diff", "-f", listed)
    kubectl("delete", "-f", listed)


def test_kinds_and_fields_are_explained(kubectl: Kubectl) -> None:
    assert "renewTime" in kubectl("explain", "lease.spec")
    assert "A node of a flow" in kubectl("explain", "tinynode")
    if not kubectl.old:
        assert "component" in kubectl("explain", "tinynode.spec")


def test_one_may_ask_what_one_may(kubectl: Kubectl) -> None:
    assert kubectl("auth", "can-i", "create", "tinynodes").strip() == "yes"
    assert "[*]" in kubectl("auth", "can-i", "--list")
    assert "operator.tinysystems.io" in kubectl("auth", "can-i", "--list", role="modules")
    kubectl.fails("auth", "can-i", "create", "tinynodes", role="modules")


def test_edit_changes_the_object(kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBE_EDITOR", "sed -i s/ticker$/router/")
    assert "edited" in kubectl("edit", "tinynode", NAME)
    assert kubectl("get", "tinynode", NAME, "-o", "jsonpath={.spec.component}") == "router"


def test_label_annotate_and_wait(kubectl: Kubectl) -> None:
    kubectl("label", "tinynode", NAME, "tier=1")
    kubectl("annotate", "tinynode", NAME, "note=here")
    kubectl.today("wait", "--for=jsonpath={.metadata.labels.tier}=1", f"tinynode/{NAME}", "--timeout=50s")


def test_delete_waits_for_finalizers(kubectl: Kubectl) -> None:
    kubectl("patch", "tinynode", NAME, "--type=merge", "-p", '{"metadata":{"finalizers":["x.io/hold"]}}')
    child = kubectl.start("delete", "tinynode", NAME)
    kubectl.today(
        "wait", "--for=jsonpath={.metadata.deletionGracePeriodSeconds}=0", f"tinynode/{NAME}", "--timeout=50s"
    )
    assert child.poll() is None
    kubectl("patch", "tinynode", NAME, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
    output, errors = child.communicate(timeout=30)
    assert child.returncode == 0, errors
    assert "deleted" in output
    assert "NotFound" in kubectl.fails("get", "tinynode", NAME)


def test_a_namespace_can_be_made_and_deleted(kubectl: Kubectl) -> None:
    aside = f"{kubectl.namespace}-aside"
    kubectl("create", "-f", kubectl.file({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": aside}}))
    kubectl("apply", "-n", aside, "-f", applied(kubectl))
    kubectl("delete", "namespace", aside, "--timeout=50s")
    assert kubectl("get", "tinynodes", "-n", aside, "-o", "name") == ""


def test_what_is_invalid_says_why(kubectl: Kubectl) -> None:
    said = kubectl.fails("apply", "-f", kubectl.file(node("p.m.x", ports=[{"configuration": 7}])))
    assert "spec.ports[0].port: Required value" in said
    assert "spec.ports[0].configuration" in said


def test_roles_reach_kubectl_as_forbidden(kubectl: Kubectl) -> None:
    assert "Forbidden" in kubectl.fails("delete", "tinynode", NAME, role="modules")
    assert NAME in kubectl("get", "tinynodes", role="modules")
