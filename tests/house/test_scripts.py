"""The scripts do their work once, say what is missing, and start nothing twice."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ["script/run", "script/test", "script/check", "script/bench", "script/control-plane", ".ci/run"]

# A stand-in for python, npm and node that writes down how it was called. As `python -m venv` it puts itself there; as
# `npm run build` it makes the folder that the real one makes.
STAND_IN = r"""#!/bin/bash
name=$(basename "$0")
echo "$name $*" >> "$CALLS"
case "$name $*" in
  "python3.11 -m venv --clear .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  "npm ci "*) mkdir -p frontend/node_modules ;;
  "npm run build"*) mkdir -p static/dist ;;
  "go build"*)
    folder=$(sed 's/.* -o \([^ ]*\) .*/\1/' <<<"$*")
    cp "$0" "$folder/kube-apiserver" && cp "$0" "$folder/kube-controller-manager"
    ;;
esac
if [[ "$name $*" == "${FAIL:-nothing}"* ]]; then exit 1; fi
"""


class Clone:
    """A clone of the project, cut down to what the scripts read, on a machine of stand-ins."""

    def __init__(self, path: Path) -> None:
        self.path, self.calls = path, path.parent / "calls"
        shutil.copytree(ROOT / "script", path / "script", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("requirements.txt", "requirements-dev.txt", "requirements-node.txt"):
            (path / name).write_text("package==1.0\n")
        (path / "frontend/src").mkdir(parents=True)
        (path / "frontend/src/main.ts").write_text("export {};\n")
        for name in ("package.json", "package-lock.json"):
            (path / "frontend" / name).write_text("{}\n")
        self.programs = path.parent / "programs"
        self.programs.mkdir()
        for name in ("python3.11", "npm", "node"):
            self.install(name)

    def install(self, name: str) -> None:
        program = self.programs / name
        program.write_text(STAND_IN)
        program.chmod(0o755)

    def run(self, script: str, fail: str = "") -> subprocess.CompletedProcess[str]:
        system = self.path.parent / "system"
        if not system.exists():
            system.mkdir()
            for name in (
                "bash",
                "env",
                "find",
                "sort",
                "xargs",
                "sha256sum",
                "basename",
                "dirname",
                "mkdir",
                "cp",
                "flock",
                "sed",
                "nice",
                "rm",
                "mv",
            ):
                if found := shutil.which(name):
                    (system / name).symlink_to(found)
        return subprocess.run(
            [str(self.path / script)],
            env={
                "PATH": f"{self.programs}:{system}",
                "CALLS": str(self.calls),
                "XDG_CACHE_HOME": str(self.path.parent / "cache"),
                **({"FAIL": fail} if fail else {}),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def called(self) -> list[str]:
        calls = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return calls


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path / "a clone with spaces")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_executable_short_and_correct_bash(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & stat.S_IXUSR
    assert len(path.read_text().splitlines()) <= 50
    subprocess.run(["bash", "-n", str(path)], check=True, timeout=20)


def test_the_first_run_sets_everything_up_and_starts(clone: Clone) -> None:
    assert clone.run("script/run").returncode == 0
    calls = clone.called()
    assert "python3.11 -m venv --clear .venv" in calls
    assert any(call.startswith("python -m pip install") and call.endswith("-r requirements.txt") for call in calls)
    assert any(call.startswith("npm ci") for call in calls)
    assert any(call.startswith("npm run build") for call in calls)
    assert calls[-1] == "python manage.py up"


def test_the_second_run_only_starts(clone: Clone) -> None:
    clone.run("script/run")
    clone.called()
    assert clone.run("script/run").returncode == 0
    assert clone.called() == ["python manage.py up"]


def test_changed_requirements_are_installed_again(clone: Clone) -> None:
    clone.run("script/run")
    clone.called()
    (clone.path / "requirements.txt").write_text("package==2.0\n")
    clone.run("script/run")
    calls = clone.called()
    assert any(call.startswith("python -m pip install") for call in calls)
    assert not any(call.startswith("npm") for call in calls)


def test_a_changed_source_is_built_again_without_installing(clone: Clone) -> None:
    clone.run("script/run")
    clone.called()
    (clone.path / "frontend/src/main.ts").write_text("export const changed = 1;\n")
    clone.run("script/run")
    calls = [call for call in clone.called() if call.startswith("npm")]
    assert [call.split(" --")[0] for call in calls] == ["npm run build"]


def test_a_failed_install_is_said_and_tried_again(clone: Clone) -> None:
    result = clone.run("script/run", fail="python -m pip install")
    assert result.returncode == 1
    assert "pip could not install requirements.txt" in result.stderr
    clone.called()
    assert clone.run("script/run").returncode == 0
    assert any(call.startswith("python -m pip install") for call in clone.called())


def test_without_python_it_says_what_to_install(clone: Clone) -> None:
    (clone.programs / "python3.11").unlink()
    result = clone.run("script/run")
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed" in result.stderr


def test_without_node_the_package_index_has_one(clone: Clone) -> None:
    (clone.programs / "node").unlink()
    result = clone.run("script/run")
    assert any(call.endswith("-r requirements-node.txt") for call in clone.called())
    assert "Node.js 20.19 or newer is needed" in result.stderr


def test_the_control_plane_is_built_once(clone: Clone) -> None:
    for name in ("go", "etcd"):
        clone.install(name)
    assert clone.run("script/control-plane").returncode == 0
    calls = clone.called()
    assert len([call for call in calls if call.startswith("go build")]) == 1
    assert calls[-1] == "python -m tests.cluster.plane"
    assert len(list((clone.path.parent / "cache/weirflow/control-plane").glob("v*/kube-*"))) == 2
    assert clone.run("script/control-plane").returncode == 0
    assert clone.called() == ["python -m tests.cluster.plane"]


def test_a_control_plane_that_cannot_be_built_is_said_and_tried_again(clone: Clone) -> None:
    for name in ("go", "etcd"):
        clone.install(name)
    result = clone.run("script/control-plane", fail="go build")
    assert result.returncode == 1
    assert "Install Go" in result.stderr
    assert "KUBEBUILDER_ASSETS" in result.stderr
    assert clone.run("script/control-plane").returncode == 0


def test_ci_runs_all_tests() -> None:
    assert '../script/test"' in (ROOT / ".ci/run").read_text()
