"""`weirflow validate`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from weirflow.cli.command import command
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out, styled
from weirflow.cli.where import KUBECONFIG_HELP

if TYPE_CHECKING:
    from weirflow.cli.findings import Finding
    from weirflow.spec import Module

HELP = """Look for what is wrong with a module or with flow files, and say where.

WHAT is a package or folder (the one here without it), or YAML files with flows. Of a module: its name, the
documentation, titles and descriptions of its components, and whether their examples fit them. Of a file: whether it can
be read, whether it fits the components of the module here, and with --cluster whether all of them are offered.

Ends with 1 where something is an error, with --strict also where something is a warning.
"""
SUFFIXES = (".yaml", ".yml", ".json")


@command("validate", help=HELP)
@click.argument("what", nargs=-1, type=click.Path())
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--cluster", is_flag=True, help="Ask the cluster which components are offered.")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
def validate(out: Out, what: tuple[str, ...], strict: bool, cluster: bool, kubeconfig: Path | None) -> int:
    """Say all that is found."""
    files = [Path(one) for one in what if one.endswith(SUFFIXES)]
    if files and len(files) != len(what):
        raise Failure("name either files or one package", code="usage", exit=Exit.USAGE)
    if len(what) > 1 and not files:
        raise Failure("name one package at a time", code="usage", exit=Exit.USAGE)
    if files:
        found = [finding for file in files for finding in _of_file(file, cluster, kubeconfig)]
        looked_at = ", ".join(map(str, files))
    else:
        looked_at, found = _of_module(what[0] if what else None)
    errors = sum(one.level == "error" for one in found)
    warnings = len(found) - errors
    good = not errors and not (strict and warnings)
    lines = [_near(str(one)) for one in found]
    counted = (
        f"{_many(errors, 'error')}, {_many(warnings, 'warning')}" if found else styled("nothing is wrong", "green")
    )
    lines.append(f"{looked_at}: {counted}")
    out.answer({"what": looked_at, "ok": good, "findings": [one.to_json() for one in found]}, "\n".join(lines))
    return Exit.DONE if good else Exit.WRONG


def _of_module(named: str | None) -> tuple[str, list[Finding]]:
    from weirflow.cli.check_module import check_module
    from weirflow.cli.package import find_package, load_module

    package = find_package(named)
    module = load_module(package)
    return f"{module.name} {module.version}", list(check_module(module, package))


def _of_file(file: Path, cluster: bool, kubeconfig: Path | None) -> Iterator[Finding]:
    from weirflow.cli.check_flow import check_flow

    offered = None
    if cluster:
        from weirflow.cli import offers
        from weirflow.cli.cluster import in_cluster
        from weirflow.cli.where import find_cluster

        known = in_cluster(find_cluster(kubeconfig), offers.of_cluster)
        offered = {f"{offer['module']}/{offer['name']}" for offer in known}
    yield from check_flow(file, _module_here(), offered)


def _module_here() -> list[Module]:
    """The module in this folder, if there is one that can be imported."""
    from weirflow.cli.package import find_package, load_module

    with suppress(Failure):
        return [load_module(find_package(None))]
    return []


def _near(text: str) -> str:
    return text.replace(str(Path.cwd()) + os.sep, "")


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
