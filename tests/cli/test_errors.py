"""Calls that cannot be done: each says what is wrong and what to do, and ends with the exit code of its kind."""

import json
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from weirflow.cli.app import run
from weirflow.cli.failures import Exit

#: Nothing listens there.
NOBODY = "http://127.0.0.1:9"
KUBECONFIG = json.dumps(
    {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:9"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
    }
)
COMPONENT = "from weirflow import Component, Module\n\nclass Here(Component):\n    pass\n\n"
FILES = {
    "kubeconfig": KUBECONFIG,
    "plain.yaml": "clusters: []",
    "broken.yaml": "weirflow: 1\nkind: Flow\nnodes:\n  a: {component: x}\n",
    "syntax/__init__.py": "from weirflow import Module\nmodule = Module(\n",
    "raising/__init__.py": "from weirflow import Module\n\nmodule = Module(1 / 0)\n",
    "lacking/__init__.py": "import no_such_thing\nfrom weirflow import Module\nmodule = Module('a-v1', '1.0.0', [])\n",
    "made/__init__.py": f"{COMPONENT}module = Module('made-v1', '0.1.0', [Here()])\n",
    "alone/__init__.py": f"{COMPONENT}module = Module('alone-v1', '0.1.0', Here)\n",
    "bare/__init__.py": "",
    "empty/__init__.py": "from weirflow import Module\nmodule = Module('empty-v1', '0.1.0', [])\n",
    "odd/__init__.py": "from weirflow import Module\nmodule = Module('Odd Name', '0.1.0', [])\n",
    "nodes.json": "[]",
    "exists/file": "",
    "above/tides/pyproject.toml": '[tool.weirflow]\npackage = "tides"\n',
}


@dataclass(frozen=True)
class Case:
    call: str
    exit: Exit
    code: str
    #: What the text has to say.
    says: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


CASES = [
    Case("new module", Exit.USAGE, "usage", ("missing argument", "new module --help")),
    Case("new module Weather", Exit.USAGE, "bad_name", ("lower case", "such as weather")),
    Case("new module my_thing", Exit.USAGE, "bad_name", ("such as my-thing",)),
    Case("new module 1st", Exit.USAGE, "bad_name", ("a letter first", "such as st")),
    Case("new module ../up", Exit.USAGE, "bad_name", ("lower case",)),
    Case("new module weather-v1", Exit.USAGE, "bad_name", ("leave the version out", "weather-v1")),
    Case("new module json", Exit.USAGE, "bad_name", ("Python itself", "my-json")),
    Case("new module class", Exit.USAGE, "bad_name", ("Python itself",)),
    Case("new module weirflow", Exit.USAGE, "bad_name", ("installed here already", "my-weirflow")),
    Case("new module " + "a" * 41, Exit.USAGE, "bad_name", ("at most 40",)),
    Case("new module größe", Exit.USAGE, "bad_name", ("such as grosse",)),
    Case("new module test", Exit.USAGE, "bad_name", ("installed here already", "my-test")),
    Case("new module common", Exit.USAGE, "bad_name", ("common-v1 is a module of Weirflow itself", "my-common")),
    Case("new module exists", Exit.IN_THE_WAY, "exists", ("exists already", "another name")),
    Case("new module fine --in nowhere", Exit.MISSING, "no_folder", ("no folder nowhere",)),
    Case("run", Exit.USAGE, "several_packages", ("name one of them", "empty")),
    Case("run nothing", Exit.UNREACHABLE, "no_cluster", ("WEIRFLOW_HOME", "--kubeconfig", "script/run")),
    Case("run emty --kubeconfig kubeconfig", Exit.MISSING, "no_package", ("no package emty", "did you mean empty?")),
    Case("run nothing --kubeconfig kubeconfig", Exit.MISSING, "no_package", ("no package nothing",)),
    Case("run bare --kubeconfig kubeconfig", Exit.MISSING, "no_module", ("has no `module`", "module = Module(")),
    Case("run empty --kubeconfig kubeconfig", Exit.WRONG, "no_components", ("has no components",)),
    Case("run odd --kubeconfig kubeconfig", Exit.USAGE, "bad_name", ("'Odd Name'", "weather-v1")),
    Case("run syntax --kubeconfig kubeconfig", Exit.WRONG, "import_failed", ("syntax/__init__.py:2", "never closed")),
    Case("run raising --kubeconfig kubeconfig", Exit.WRONG, "import_failed", ("raising/__init__.py:3", "ZeroDivision")),
    Case("run lacking --kubeconfig kubeconfig", Exit.WRONG, "import_failed", ("lacking/__init__.py:1", "pip install")),
    Case("validate made", Exit.WRONG, "import_failed", ("made/__init__.py:6", "given Here()", "not [Greet()]")),
    Case("validate alone", Exit.WRONG, "import_failed", ("alone/__init__.py:6", "a list of classes")),
    Case("validate ./above", Exit.MISSING, "no_package", ("there is one in tides",)),
    Case("validate missing.yaml", Exit.MISSING, "no_file", ("missing.yaml", "no such file")),
    Case("validate broken.yaml bare", Exit.USAGE, "usage", ("either files or one package",)),
    Case("components", Exit.UNREACHABLE, "no_cluster", ("WEIRFLOW_HOME is gone", "no Weirflow was started there"),
         {"WEIRFLOW_HOME": "gone"}),
    Case("components", Exit.UNREACHABLE, "no_cluster", ("no kubeconfig gone (KUBECONFIG)",), {"KUBECONFIG": "gone"}),
    Case("components --kubeconfig gone", Exit.UNREACHABLE, "no_cluster", ("(--kubeconfig)",)),
    Case("components --kubeconfig plain.yaml", Exit.USAGE, "bad_kubeconfig", ("contexts", "correct it")),
    Case("components --kubeconfig kubeconfig", Exit.UNREACHABLE, "unreachable", ("does not answer", "script/run")),
    Case("schema nope --package empty", Exit.MISSING, "no_component", ("'nope'", "weirflow components")),
    Case("signal a b --data {x --kubeconfig kubeconfig", Exit.USAGE, "not_json", ("--data is not JSON",)),
    Case("signal a b --data yes --kubeconfig kubeconfig", Exit.USAGE, "not_json", ("a text needs quotes",)),
    Case("signal a b --data @gone --kubeconfig kubeconfig", Exit.MISSING, "no_file", ("gone cannot be read",)),
    Case("signal a b --kubeconfig kubeconfig", Exit.UNREACHABLE, "unreachable", ("does not answer",)),
    Case("state a --set value --kubeconfig kubeconfig", Exit.USAGE, "usage", ("FIELD=VALUE",)),
    Case("trace a --limit 0", Exit.USAGE, "usage", ("range", "trace --help")),
    Case("login not-an-address", Exit.USAGE, "bad_url", ("https://",)),
    Case("login http://weirflow.example.org", Exit.USAGE, "not_private", ("in the open", "https://")),
    Case("login http://me:secret@127.0.0.1:8000", Exit.USAGE, "bad_url", ("is like",)),
    Case("logout", Exit.UNREACHABLE, "no_server", ("weirflow login URL",)),
    Case(f"logout {NOBODY}", Exit.MISSING, "not_signed_in", ("no token is kept",)),
    Case("export", Exit.USAGE, "usage", ("which FLOW", "--project")),
    Case("export Visits", Exit.UNREACHABLE, "no_server", ("weirflow login URL", "WEIRFLOW_TOKEN")),
    Case("export Visits", Exit.REFUSED, "not_signed_in", (f"weirflow login {NOBODY}",), {"WEIRFLOW_URL": NOBODY}),
    Case("export Visits", Exit.UNREACHABLE, "unreachable", (f"{NOBODY} does not answer",),
         {"WEIRFLOW_URL": NOBODY, "WEIRFLOW_TOKEN": "wf_0"}),
    Case("apply gone.yaml", Exit.MISSING, "no_file", ("gone.yaml cannot be read",)),
    Case("apply broken.yaml", Exit.USAGE, "file_invalid", ("broken.yaml: line 4",)),
    Case("apply nodes.json", Exit.USAGE, "node_red", ("Node-RED", "in the editor")),
    Case("components --pakage here", Exit.USAGE, "usage", ("no option --pakage", "did you mean --package?")),
    Case("completion tcsh", Exit.USAGE, "usage", ("'bash', 'zsh', 'fish'",)),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with things that are wrong, and no Weirflow anywhere near."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for name in ("KUBECONFIG", "WEIRFLOW_HOME", "WEIRFLOW_URL", "WEIRFLOW_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # Nor the clone that these tests run in.
    monkeypatch.setattr("weirflow.cli.where.CLONE", tmp_path)
    for name in ("made", "alone"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.call[:50])
def test_it_says_what_is_wrong_and_what_to_do(
    case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    before = sorted(folder.rglob("*"))
    assert run(case.call.split()) == case.exit
    said = capsys.readouterr()
    assert said.out == "", "what a program reads has no answer"
    assert all(text in said.err for text in case.says), said.err
    assert "Traceback" not in said.err

    assert run([*case.call.split(), "--json"]) == case.exit
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["code"], told["exit"]) == (case.code, case.exit)
    assert all(text in told["message"] for text in case.says), told
    kept = [path for path in sorted(folder.rglob("*")) if "__pycache__" not in path.parts]
    assert kept == before, "nothing was written"


def test_a_fault_of_the_command_itself_is_said_to_be_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("weirflow.cli.scaffold.check_name", lambda _name: 1 / 0)
    assert run(["new", "module", "fine"]) == Exit.DEFECT
    assert "WEIRFLOW_TRACEBACK=1" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_before_anything_is_served(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["run", "empty", "--kubeconfig", "kubeconfig", "--http-port", port]) == Exit.IN_THE_WAY
    assert f"--http-port {port} cannot be opened" in capsys.readouterr().err


NODES = "nodes: {a: {component: common-v1/debug, at: [0, 0], settings: {text: %s}}}\n"
FLOW = "weirflow: 1\nkind: Flow\nname: A\n" + NODES
PROJECT = "weirflow: 1\nkind: Project\nname: A\nflows:\n  a:\n    name: A\n    " + NODES


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FLOW % ("'" + '"' * 2_100_000 + "'"), "a flow of their own"),
        (PROJECT % ("ü" * 2_100_000), "weirflow export FLOW"),
    ],
    ids=["flow", "project"],
)
def test_a_file_that_no_server_takes_is_not_sent(
    text: str, says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "large.yaml").write_text(text)
    assert run(["apply", "large.yaml"]) == Exit.USAGE
    said = capsys.readouterr().err
    assert "large.yaml comes to 4.01 MiB as it is sent, and a server takes 4 MiB at once" in said
    assert says in said
