"""Results of tests in the form that build servers read: JUnit's XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.test_report import FlowReport
from weirflow.flowtest.results import TestResult

#: What XML cannot say.
_UNSAYABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, flows: Iterable[FlowReport]) -> None:
    """One suite for each flow. Raises ``Failure`` when the file cannot be written."""
    root = Element("testsuites")
    for flow in flows:
        results = flow.results
        suite = SubElement(
            root,
            "testsuite",
            name=_clean(f"{flow.file}: {flow.flow}"),
            tests=str(len(results)),
            failures=str(sum(result.outcome == "failed" for result in results)),
            errors=str(sum(result.outcome == "error" for result in results)),
            time=f"{sum(result.seconds for result in results):.3f}",
        )
        for result in results:
            case = SubElement(
                suite, "testcase", name=_clean(result.name), classname=_clean(flow.flow), time=f"{result.seconds:.3f}"
            )
            if result.outcome != "passed":
                what = SubElement(case, "failure" if result.outcome == "failed" else "error", message=_headline(result))
                what.text = _clean(json.dumps(result.to_json(), indent=2, ensure_ascii=False))
    indent(root)
    try:
        ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        text = f"{path} cannot be written: {error.strerror}"
        raise Failure(text, code="no_file", exit=Exit.MISSING, file=str(path)) from None


def _headline(result: TestResult) -> str:
    if result.problem is not None:
        return _clean(str(result.problem["message"]))
    return _clean("; ".join(f"{finding.at}: {finding.text}" for finding in result.findings if not finding.held))


def _clean(text: str) -> str:
    return _UNSAYABLE.sub("�", text)
