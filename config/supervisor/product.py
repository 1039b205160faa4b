"""What `manage.py up` runs: the four processes of the product, on the data directory and ports of the environment."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from config.supervisor.child import ChildSpec
from config.supervisor.errors import StartError
from config.supervisor.home import Home
from config.supervisor.output import Output
from config.supervisor.ports import HOST, port_from
from config.supervisor.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]
# What serves people ends first, then what runs their flows, and last what their state is written to. The seconds of
# the slowest of each group add up to less than the five that a stop may take.
STOP_ORDER = (("web", "worker"), ("modules",), ("cluster",))

HELP = """usage: manage.py up

Run Weirflow on this machine: embedded cluster, module host, web and worker. Ctrl-C stops it.

environment: WEIRFLOW_HOME       data directory (var)
             WEIRFLOW_PORT       the editor's port on 127.0.0.1 (8000; 0: any free one)
             WEIRFLOW_HTTP_PORT  the port that flows' HTTP servers share (8080; 0: any free one)
             WEIRFLOW_LOG_LEVEL  debug, info, warning or error (info)
"""


def main(arguments: Sequence[str] = ()) -> int:
    """Run the product until it is stopped; the exit code of the command."""
    if arguments:
        asked = arguments[0] in ("-h", "--help")
        (sys.stdout if asked else sys.stderr).write(HELP)
        return 0 if asked else 2
    home = Home(Path(os.environ.get("WEIRFLOW_HOME") or ROOT / "var").absolute())
    try:
        home.take()
        port, http_port = port_from("WEIRFLOW_PORT", 8000), port_from("WEIRFLOW_HTTP_PORT", 8080)
        cluster_port = (
            port_from("WEIRFLOW_CLUSTER_PORT", 0) if os.environ.get("WEIRFLOW_CLUSTER_PORT", "0") != "0" else 0
        )
    except StartError as error:
        sys.stderr.write(f"Weirflow cannot start. {error}\n")
        return 1
    url = f"http://{HOST}:{port}"
    home.record(pid=os.getpid(), url=url, flows=f"http://{HOST}:{http_port}")
    supervisor = Supervisor(
        product(home.path, port=port, http_port=http_port, cluster_port=cluster_port),
        home=home,
        directory=ROOT,
        stop_order=STOP_ORDER,
        on_ready=lambda output, sign_in: _announce(output, url, sign_in),
        parent=os.getpid(),
    )
    return supervisor.run()


def product(home: Path, *, port: int, http_port: int, cluster_port: int) -> list[ChildSpec]:
    """The children in the order of their start. All start at once; each waits for what it needs itself."""
    common = {
        "WEIRFLOW_HOME": str(home),
        "WEIRFLOW_PORT": str(port),
        "WEIRFLOW_HTTP_PORT": str(http_port),
        "WEIRFLOW_CLUSTER_PORT": str(cluster_port),
        "PYTHONUNBUFFERED": "1",
        # One heap for all threads: the default, one per thread, costs memory and gains nothing under the GIL.
        "MALLOC_ARENA_MAX": "1",
    }
    web = {**common, "KUBECONFIG": str(home / "kubeconfig.web")}
    modules = {**common, "KUBECONFIG": str(home / "kubeconfig.modules")}
    python, manage = sys.executable, str(ROOT / "manage.py")
    return [
        ChildSpec("web", (python, manage, "serve"), {**web, "WEIRFLOW_PRINT_SIGNIN": "1"}, stop_seconds=1.2),
        ChildSpec("cluster", (python, "-m", "weirflow.embedded"), common, stop_seconds=1.3),
        ChildSpec("modules", (python, "-m", "weirflow.runtime", *packages(ROOT)), modules, stop_seconds=2.0),
        ChildSpec("worker", (python, manage, "work"), web, stop_seconds=1.2),
    ]


def packages(root: Path) -> list[str]:
    """The modules to serve: every package in the folder `modules`, so that a new one needs no list to be entered in."""
    return [f"modules.{path.parent.name}" for path in sorted(root.glob("modules/*/__init__.py"))]


def _announce(output: Output, url: str, sign_in: str) -> None:
    output.plain(f"Weirflow is ready at {url}")
    if sign_in:
        output.plain(f"Sign in: {sign_in}")
