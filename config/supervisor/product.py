"""What `manage.py up` runs: the processes of the product, on the data directory and ports of the environment."""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from config.supervisor.alone import code_rule
from config.supervisor.child import ChildSpec
from config.supervisor.errors import StartError
from config.supervisor.home import Home
from config.supervisor.output import Output
from config.supervisor.ports import HOST, listener_from, port_from
from config.supervisor.remote import Remote, remote_cluster
from config.supervisor.supervisor import Supervisor
from weirflow.log_format import LogFormatError, log_format

ROOT = Path(__file__).resolve().parents[2]
MOST_REPLICAS = 16
MOST_WEB_PROCESSES = 32

HELP = """usage: manage.py up [--replicas N]

Run Weirflow on this machine: embedded cluster, module hosts, web and worker. Ctrl-C stops it.
Of N module hosts one leads each module, and any of them answers; SIGUSR1 starts them again, one after the other.

environment: WEIRFLOW_HOME       data directory (var)
             WEIRFLOW_PORT       the editor's port on 127.0.0.1 (8000; 0: any free one)
             WEIRFLOW_HTTP_PORT  the port that flows' HTTP servers share (8080; 0: any free one)
             WEIRFLOW_KUBECONFIG another cluster to run on instead of the embedded one
             WEIRFLOW_REPLICAS   the number of module hosts (1)
             WEIRFLOW_WEB_PROCESSES  web processes that share the port; several need PostgreSQL and Redis (1)
             WEIRFLOW_LOG_LEVEL  debug, info, warning or error (info)
             WEIRFLOW_LOG_FORMAT text, or json: an object on each line (text)
"""


def main(arguments: Sequence[str] = ()) -> int:
    """Run the product until it is stopped; the exit code of the command."""
    words = [*arguments]
    text = os.environ.get("WEIRFLOW_REPLICAS") or "1"
    if len(words) == 2 and words[0] == "--replicas":
        text, words = words[1], []
    if words:
        asked = words[0] in ("-h", "--help")
        (sys.stdout if asked else sys.stderr).write(HELP)
        return 0 if asked else 2
    home = Home(Path(os.environ.get("WEIRFLOW_HOME") or ROOT / "var").absolute())
    try:
        log_format()
        replicas, remote, webs = _count(text), remote_cluster(), web_names()
        home.take()
        listener = listener_from("WEIRFLOW_PORT", 8000) if len(webs) > 1 else None
        port = listener.getsockname()[1] if listener else port_from("WEIRFLOW_PORT", 8000)
        flows = listener_from("WEIRFLOW_HTTP_PORT", 8080)
        cluster_port = (
            port_from("WEIRFLOW_CLUSTER_PORT", 0) if os.environ.get("WEIRFLOW_CLUSTER_PORT", "0") != "0" else 0
        )
    except (StartError, LogFormatError) as error:
        sys.stderr.write(f"Weirflow cannot start. {error}\n")
        return 1
    url = f"http://{HOST}:{port}"
    home.record(pid=os.getpid(), url=url, flows=f"http://{HOST}:{flows.getsockname()[1]}")
    hosts = host_names(replicas)
    supervisor = Supervisor(
        product(
            home.path,
            port=port,
            flows=flows,
            cluster_port=cluster_port,
            hosts=hosts,
            remote=remote,
            webs=webs,
            listener=listener,
        ),
        home=home,
        directory=ROOT,
        stop_order=stop_order(hosts, remote, webs),
        on_ready=lambda output, sign_in: _announce(output, url, sign_in),
        parent=os.getpid(),
        rolling=[*(webs if listener else ()), *hosts],
    )
    return supervisor.run()


def host_names(replicas: int) -> list[str]:
    """What the module hosts are called in the log."""
    return ["modules"] if replicas == 1 else [f"modules-{number}" for number in range(replicas)]


def web_names() -> list[str]:
    """What the web processes are called in the log. Raises StartError where several would not know of each other."""
    text = os.environ.get("WEIRFLOW_WEB_PROCESSES") or "1"
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WEB_PROCESSES:
        raise StartError(f"WEIRFLOW_WEB_PROCESSES must be from 1 to {MOST_WEB_PROCESSES}, not {text!r}.")
    if int(text) == 1:
        return ["web"]
    missing = [name for name in ("WEIRFLOW_DATABASE_URL", "WEIRFLOW_REDIS_URL") if not os.environ.get(name)]
    if missing:
        raise StartError(
            f"{text} web processes need a database and a Redis that they share: set {' and '.join(missing)}, or "
            "WEIRFLOW_WEB_PROCESSES to 1."
        )
    return [f"web-{number}" for number in range(int(text))]


def stop_order(
    hosts: Sequence[str], remote: Remote | None = None, webs: Sequence[str] = ("web",)
) -> list[Sequence[str]]:
    """What serves people ends first, then what runs their flows, and last what their state is written to.

    The seconds of the slowest of each group add up to less than the five that a stop may take.
    """
    return [(*webs, "worker"), hosts, *([] if remote else [("cluster",)])]


def product(
    home: Path,
    *,
    port: int,
    flows: socket.socket,
    cluster_port: int,
    hosts: Sequence[str],
    remote: Remote | None = None,
    webs: Sequence[str] = ("web",),
    listener: socket.socket | None = None,
) -> list[ChildSpec]:
    """The children in the order of their start. All start at once; each waits for what it needs itself.

    With a `remote` cluster there is no embedded one.

    `flows` listens for all module hosts: what has connected and not been taken by one is taken by another. So does
    `listener` for the web processes, where there are several.
    """
    common = {
        "WEIRFLOW_HOME": str(home),
        "WEIRFLOW_PORT": str(port),
        "WEIRFLOW_HTTP_PORT": str(flows.getsockname()[1]),
        "WEIRFLOW_CLUSTER_PORT": str(cluster_port),
        "PYTHONUNBUFFERED": "1",
        # One heap for all threads: the default, one per thread, costs memory and gains nothing under the GIL.
        "MALLOC_ARENA_MAX": "1",
    }
    cluster = remote or Remote(home / "kubeconfig.web", home / "kubeconfig.modules")
    code = code_rule(remote=remote is not None)
    # The web runs tests of flows, in which code may stand too.
    web = {**common, **code, "KUBECONFIG": str(cluster.web)}
    embedded = [ChildSpec("cluster", (sys.executable, "-m", "weirflow.embedded"), common, stop_seconds=1.3)]
    python, manage = sys.executable, str(ROOT / "manage.py")
    return [
        *(
            ChildSpec(
                name,
                (python, manage, "serve"),
                {**web, **_sign_in(number), **({"WEIRFLOW_WEB_FD": str(listener.fileno())} if listener else {})},
                stop_seconds=1.2,
                inherit=(listener.fileno(),) if listener else (),
            )
            for number, name in enumerate(webs)
        ),
        *([] if remote else embedded),
        *(
            ChildSpec(
                name,
                (python, "-m", "weirflow.runtime", *packages(ROOT)),
                {
                    **common,
                    **_identity(number, len(hosts)),
                    **code,
                    "KUBECONFIG": str(cluster.modules),
                    "WEIRFLOW_HTTP_FD": str(flows.fileno()),
                    "WEIRFLOW_SLOT": str(number),
                },
                stop_seconds=2.0,
                inherit=(flows.fileno(),),
            )
            for number, name in enumerate(hosts)
        ),
        ChildSpec("worker", (python, manage, "work"), web, stop_seconds=1.2),
    ]


def _count(text: str) -> int:
    """The number of replicas. Raises StartError where it is none, or a setting gives all of them what one can have."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_REPLICAS:
        raise StartError(f"The number of replicas must be from 1 to {MOST_REPLICAS}, not {text!r}.")
    for name in ("WEIRFLOW_LINK_PORT", "WEIRFLOW_GRPC_PORT"):
        if int(text) > 1 and os.environ.get(name, "0") not in ("", "0"):
            raise StartError(f"{name} names a port, which only one of {text} module hosts can have. Leave it out.")
    return int(text)


def _identity(number: int, count: int) -> dict[str, str]:
    """A name that was chosen for the module host becomes one for each of several: no two may have the same."""
    chosen = os.environ.get("WEIRFLOW_IDENTITY")
    return {"WEIRFLOW_IDENTITY": f"{chosen}-{number}"} if chosen and count > 1 else {}


def _sign_in(number: int) -> dict[str, str]:
    """One link is enough."""
    return {} if number else {"WEIRFLOW_PRINT_SIGNIN": "1"}


def packages(root: Path) -> list[str]:
    """The modules to serve: every package in the folder `modules`, so that a new one needs no list to be entered in."""
    return [f"modules.{path.parent.name}" for path in sorted(root.glob("modules/*/__init__.py"))]


def _announce(output: Output, url: str, sign_in: str) -> None:
    output.plain(f"Weirflow is ready at {url}")
    if sign_in:
        output.plain(f"Sign in: {sign_in}")
