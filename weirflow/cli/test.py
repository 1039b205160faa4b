"""`weirflow test`: run the tests that stand in flow files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weirflow.cli import complete
from weirflow.cli.command import command
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out

if TYPE_CHECKING:
    from weirflow.spec import Module


HELP = """Run the tests in flow files: given a message at one port, what is expected at others.

Nothing is started and nothing is called: nodes run in memory, on a clock that is moved on. They are made of the modules
that are shipped, of the one in this folder, where there is one, and of those named by --module.

Exit code 1 says that a test failed.
"""


@command("test", help=HELP)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--module",
    "packages",
    multiple=True,
    shell_complete=complete.packages,
    metavar="PACKAGE",
    help="Take components from PACKAGE, too.",
)
@click.option("--only", metavar="TEXT", default="", help="Run the tests that have TEXT in their names.")
@click.option("--lines", is_flag=True, help="With --json: a line for each test as it ends, and one for all at the end.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write the results as JUnit XML to this file.")
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=10.0, help="Real time that one test may take.")
def test(
    out: Out,
    files: tuple[Path, ...],
    packages: tuple[str, ...],
    only: str,
    lines: bool,
    junit: Path | None,
    seconds: float,
) -> int:
    """Run, tell, count."""
    from weirflow.cli.test_report import Report
    from weirflow.flowfile import FlowFileError, read_flow_file
    from weirflow.flowtest.cases import NotATest, read_tests
    from weirflow.flowtest.files import flows_in
    from weirflow.flowtest.run import run_test

    modules = _modules(out, packages)
    report = Report(out, lines=lines)
    for path in files:
        try:
            file = read_flow_file(path.read_bytes())
        except FlowFileError as error:
            faults = [{"line": fault.line, "message": str(fault)} for fault in error.faults]
            text = "\n".join(f"{path}: {fault}" for fault in error.faults)
            raise Failure(text, code="file_invalid", exit=Exit.USAGE, file=str(path), faults=faults) from None
        except OSError as error:
            text = f"{path} cannot be read: {error.strerror}"
            raise Failure(text, code="no_file", exit=Exit.MISSING, file=str(path)) from None
        for flow, tested in flows_in(file):
            try:
                tests = read_tests(flow.tests)
            except NotATest as error:
                text = f"{path}: a test of {flow.name} cannot be understood: {error}"
                raise Failure(text, code="test_invalid", exit=Exit.USAGE, file=str(path)) from None
            chosen = [one for one in tests if only.lower() in one.name.lower()]
            report.flow(path, flow.name, [wire.id for wire in tested.wires], len(chosen))
            for at, one in enumerate(chosen, 1):
                report.begins(one.name, at, len(chosen))
                report.result(run_test(tested, one, modules, seconds=seconds))
    report.end()
    if junit is not None:
        from weirflow.cli.junit import write_junit

        write_junit(junit, report.flows)
    return Exit.WRONG if report.bad else Exit.DONE


def _modules(out: Out, packages: tuple[str, ...]) -> list[Module]:
    """Those that are shipped, that of this folder, and those that are named. Raises ``Failure``."""
    from weirflow.cli.package import find_package, load_module
    from weirflow.flowtest.modules import load_modules, shipped_packages

    modules, faults = load_modules(shipped_packages())
    for fault in faults:
        out.note(f"a module is left out: {fault}")
    try:
        here = find_package(None)
    except Failure as failure:
        if failure.code not in ("no_package", "several_packages"):
            raise
        found = []
    else:
        found = [load_module(here)]
    found += [load_module(find_package(name)) for name in packages]
    own = {module.name for module in found}
    return [*(module for module in modules if module.name not in own), *found]
