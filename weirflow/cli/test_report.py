"""What `weirflow test` says while tests run, and of all of them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weirflow.cli.out import Out, styled
from weirflow.flowtest.results import Finding, TestResult

_MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "error": ("!", "red")}
_WIDTH = 160


@dataclass(slots=True)
class FlowReport:
    """Of one flow of a file; ``wires`` are all that it has."""

    file: Path
    flow: str
    wires: list[str]
    results: list[TestResult] = field(default_factory=list)

    @property
    def untried(self) -> list[str]:
        """Wires that no test has sent anything along."""
        tried = {wire for result in self.results for wire in result.wires}
        return [wire for wire in self.wires if wire not in tried]


class Report:
    """Told to people as it comes, to programs as one document at the end, or with ``lines`` as it comes, too."""

    def __init__(self, out: Out, *, lines: bool = False) -> None:
        self._out, self._lines = out, lines and out.as_json
        self.flows: list[FlowReport] = []

    @property
    def bad(self) -> int:
        """Tests that did not pass."""
        return sum(result.outcome != "passed" for flow in self.flows for result in flow.results)

    def flow(self, file: Path, name: str, wires: list[str], tests: int) -> None:
        """The tests of a flow begin."""
        self.flows.append(FlowReport(file, name, wires))
        what = styled(f"{file}: {name}", "bold")
        self._say(what if tests else f"{what}  {styled('no tests', 'dim')}")

    def begins(self, name: str, at: int, of: int) -> None:
        """Test number ``at`` of the flow's ``of`` begins: for whoever sits before a terminal and waits."""
        if not self._out.as_json and sys.stderr.isatty():
            self._out.progress(f"  {at} of {of}: {name}")

    def result(self, result: TestResult) -> None:
        """One has ended."""
        flow = self.flows[-1]
        flow.results.append(result)
        if self._lines:
            self._out.line({"file": str(flow.file), "flow": flow.flow, **result.to_json()}, "")
        mark, look = _MARKS[result.outcome]
        time = styled(f"{result.seconds * 1000:.0f} ms", "dim")
        self._say(f"  {styled(mark, look)} {result.name}  {time}")  # type: ignore[arg-type]
        if result.outcome == "passed":
            return
        if result.problem is not None:
            self._say(f"      {result.problem['message']}")
        for finding in result.findings:
            if not finding.held:
                self._finding(finding)
        for note in result.notes:
            self._say(styled(f"      note: {note}", "dim"))

    def end(self) -> None:
        """All have."""
        results = [result for flow in self.flows for result in flow.results]
        counts = {outcome: sum(one.outcome == outcome for one in results) for outcome in _MARKS}
        wires, untried = sum(len(flow.wires) for flow in self.flows), [flow.untried for flow in self.flows]
        tried = wires - sum(map(len, untried))
        said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "no tests"
        document = {
            "flows": [
                {
                    "file": str(flow.file),
                    "flow": flow.flow,
                    **({} if self._lines else {"results": [result.to_json() for result in flow.results]}),
                    "untried": flow.untried,
                }
                for flow in self.flows
            ],
            "counts": counts,
            "wires": {"all": wires, "tried": tried},
        }
        say = self._out.line if self._lines else self._out.answer
        say(document, f"{said}; messages went along {tried} of {wires} wires")

    def _finding(self, finding: Finding) -> None:
        self._say(f"      {finding.at}: {finding.text}")
        for difference in finding.differences:
            pointer = difference["pointer"] or "/"
            self._say(f"        {styled('-', 'green')} {pointer}: {_short(difference['expected'])}")
            came = _short(difference["came"]) if "came" in difference else "nothing"
            self._say(f"        {styled('+', 'red')} {pointer}: {came}")

    def _say(self, text: str) -> None:
        if not self._out.as_json:
            self._out.line(None, text)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
