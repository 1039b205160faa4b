"""The editor's own client in Node, as a browser without a screen (frontend/src/robot)."""

import json
import queue
import shutil
import subprocess
import threading
from functools import cache
from pathlib import Path
from typing import Any

from tests.services.team import Team

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
ANSWER_SECONDS = 30.0


@cache
def bundle(into: Path) -> Path:
    """The program as one file, made once in a run."""
    made = into / "robot.mjs"
    command = ["npx", "rolldown", "src/robot/main.ts", "--format", "esm", "--platform", "node", "-o", str(made)]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return made


class Robot:
    """One person's page. Orders are answered by what it shows then."""

    def __init__(self, program: Path, team: Team, number: int) -> None:
        node = shutil.which("node")
        assert node, "node is missing: install it as docs/dependencies.md says"
        place = {"url": team.url, "flow": team.flow, "headers": team.headers(number)}
        self._process = subprocess.Popen(
            [node, "--experimental-websocket", "--no-warnings", str(program), json.dumps(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._answer() == {"ready": True}

    def order(self, do: str, **more: Any) -> dict[str, Any]:
        """Raises AssertionError with what failed there."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert "failed" not in answer, answer
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.wait(40)
        self._reader.join(10)

    def _answer(self) -> dict[str, Any]:
        return dict(json.loads(self._lines.get(timeout=ANSWER_SECONDS)))

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)
