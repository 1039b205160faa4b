"""The commands of docs/clusters.md, typed as they stand there by the administrator of a real cluster."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.plane.binaries import ROOT

pytestmark = [pytest.mark.server, pytest.mark.kubectl]

PAGE = (ROOT / "docs/clusters.md").read_text()
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_commands_of_the_page_install_use_and_remove_it(
    cluster_namespace: ClusterNamespace, tmp_path: Path
) -> None:
    home, clone = tmp_path / "home", tmp_path / "clone"
    (home / ".kube").mkdir(parents=True)
    clone.mkdir()
    for name in (
        ".venv",
        *(path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name != "var"),
    ):
        (clone / name).symlink_to(ROOT / name)
    # As after a first start: what rotates keys asks the database which are needed for an undo.
    environment = {**os.environ, "HOME": str(home), "WEIRFLOW_HOME": str(tmp_path / "var")}
    subprocess.run([sys.executable, "manage.py", "migrate"], cwd=ROOT, env=environment, check=True, capture_output=True)
    config = home / ".kube/config"
    shutil.copy(cluster_namespace.kubeconfig(), config)

    install, start, *others = COMMANDS
    # How the product is started on it: tests/e2e/test_real_cluster.py.
    assert re.fullmatch(r"WEIRFLOW_KUBECONFIG=var/remote/kubeconfig script/run\n", start)
    assert len(others) == 3
    for command in (install, "kubectl config set-context --current --namespace weirflow", *others):
        done = subprocess.run(
            ["bash", "-euc", command], cwd=clone, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    left = cluster_namespace.plane.call(
        "GET", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/weirflow-definitions-weirflow"
    )
    assert left[0] == 404
