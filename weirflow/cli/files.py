"""`weirflow apply` and `weirflow export`."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from weirflow.cli import complete
from weirflow.cli.command import command
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out

if TYPE_CHECKING:
    from weirflow.cli.server import Server

#: Bytes that go along with a file.
_BESIDE = 200

APPLY = """Make a flow on the server what FILE says; `-` is standard input.

The flow is the one of the file's name in --project, or the one that --flow names. Where there is none it is made. Else
it is changed in one step that can be undone in the editor: nodes that keep their names in the file keep their states,
those that the file does not have are deleted. Where nothing is different nothing is written. A file with a whole
project makes a new project, or adds its flows to --project.

Needs a token (weirflow login) that may edit. Secrets are not in files: --dry-run says which are needed.
"""
EXPORT = """Write a flow, or with --project alone a whole project, as a YAML file (docs/export.md).

FLOW is its name or id. The same flow has the same text each time. Needs a token (weirflow login) that may view.
"""


@command("apply", help=APPLY)
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--project", shell_complete=complete.projects, help="Name or id of the project.")
@click.option(
    "--flow",
    shell_complete=complete.flows,
    help="Name or id of the flow, where it is called otherwise than in the file.",
)
@click.option("--dry-run", is_flag=True, help="Say what is in the file and what it needs; change nothing.")
def apply(out: Out, file: str, project: str | None, flow: str | None, dry_run: bool) -> int:
    """Apply one file."""
    from weirflow.cli.accounts import find_account
    from weirflow.cli.server import Server

    text, name, is_project = _read(file)
    _refuse_too_large(file, text, is_project)
    server = Server(find_account())
    out.progress(f"looking at {file}")
    row = server.project(project) if project is not None else None
    if dry_run:
        plan = server.post("/import/plan", {"text": text, "project": row["id"] if row else None})
        out.answer(plan, _plan_text(plan))
        return Exit.DONE
    if is_project:
        answer = server.post(f"/projects/{quote(row['id'])}/import" if row else "/import", {"text": text})
        return _said(out, "created", answer["project"], answer["flows"], [])
    known = _the_flow(server, flow or name, project, exact=flow is not None)
    if known is None:
        if row is None:
            raise Failure(
                f"there is no flow {name!r} to change, and no project to make it in; say --project",
                code="no_project",
                exit=Exit.USAGE,
            )
        answer = server.post(f"/projects/{quote(row['id'])}/import", {"text": text})
        return _said(out, "created", answer["project"], answer["flows"], [])
    body = {"text": text, "client_op_id": uuid.uuid4().hex}
    answer = server.put(f"/flows/{quote(known['id'])}/file", body)
    what = "changed" if answer["changed"] else "unchanged"
    flows = [{"id": known["id"], "name": known["name"]}]
    return _said(out, what, known["project"]["id"], flows, answer["left"])


@command("export", help=EXPORT)
@click.argument("flow", required=False, shell_complete=complete.flows)
@click.option(
    "--project",
    shell_complete=complete.projects,
    help="Name or id of the project: to find the flow in, or to export whole.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to this file, not to stdout.")
def export(out: Out, flow: str | None, project: str | None, output: Path | None) -> None:
    """Export one flow or one project."""
    from weirflow.cli.accounts import find_account
    from weirflow.cli.server import Server

    if flow is None and project is None:
        raise Failure("say which FLOW, or which --project", code="usage", exit=Exit.USAGE)
    server = Server(find_account())
    out.progress(f"asking for {flow or project}")
    if flow is not None:
        row = server.flow(flow, project)
        text = server.text(f"/flows/{quote(row['id'])}/export")
    else:
        row = server.project(project or "")
        text = server.text(f"/projects/{quote(row['id'])}/export")
    told = {"id": row["id"], "name": row["name"]}
    if output is None:
        out.answer({**told, "text": text}, text.rstrip("\n"))
        return
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        message = f"{output} cannot be written: {error.strerror}"
        raise Failure(message, code="not_written", exit=Exit.REFUSED) from error
    out.answer({**told, "file": str(output)}, f"{row['name']} is in {output}")


def _read(file: str) -> tuple[str, str, bool]:
    """The text of the file, the name in it, and whether it is a project. Raises ``Failure`` with every fault."""
    from weirflow.cli.check_flow import read_text
    from weirflow.flowfile import FileProject, FlowFileError, read_flow_file

    text = sys.stdin.read() if file == "-" else read_text(Path(file))
    if text.lstrip()[:1] == "[":
        raise Failure(
            f"{file} looks like flows of Node-RED: import them in the editor, which says what is mapped",
            code="node_red",
            exit=Exit.USAGE,
        )
    try:
        document = read_flow_file(text)
    except FlowFileError as error:
        faults = [{"line": fault.line, "message": str(fault)} for fault in error.faults]
        told = "\n".join(f"{file}: {fault}" for fault in error.faults)
        raise Failure(told, code="file_invalid", exit=Exit.USAGE, file=file, faults=faults) from None
    return text, document.name, isinstance(document, FileProject)


def _refuse_too_large(file: str, text: str, is_project: bool) -> None:
    from weirflow.cli.server import encoded
    from weirflow.flowfile.limits import MAX_SENT

    size = len(encoded({"text": text})) + _BESIDE
    if size > MAX_SENT:
        what = (
            "apply its flows one by one: `weirflow export FLOW` writes a file for each"
            if is_project
            else "move a part of its nodes into a flow of their own"
        )
        raise Failure(
            f"{file} comes to {size / 2**20:.2f} MiB as it is sent, and a server takes {MAX_SENT >> 20} MiB at once "
            f"(about 12,000 nodes); {what}",
            code="file_too_large",
            exit=Exit.USAGE,
            file=file,
        )


def _the_flow(server: Server, wanted: str, project: str | None, *, exact: bool) -> dict[str, Any] | None:
    """The flow, or None where it is to be made: never where ``exact``ly it was asked for."""
    try:
        return server.flow(wanted, project)
    except Failure as failure:
        if failure.code != "no_flow" or exact:
            raise
        return None


def _said(out: Out, what: str, project: str, flows: list[dict[str, Any]], left: list[str]) -> int:
    names = ", ".join(f"{flow['name']} ({flow['id']})" for flow in flows)
    text = "\n".join([f"{what}: {names}", *(f"not as the file says: {sentence}" for sentence in left)])
    out.answer({"outcome": what, "project": project, "flows": flows, "left": left}, text)
    return Exit.WRONG if left else Exit.DONE


def _plan_text(plan: dict[str, Any]) -> str:
    lines = [f"{plan['kind']} {plan['name']}"]
    lines += [f"  flow {flow['name']}: {flow['nodes']} nodes, {flow['wires']} wires" for flow in plan["flows"]]
    for secret in plan["secrets"]:
        there = "" if secret["known"] else " (the project does not have it)"
        lines.append(f"  needs the secret {secret['name']}/{secret['key']}{there}")
    for unknown in plan["unknown"]:
        lines.append(f"  nobody offers {unknown['module']}/{unknown['component']} now ({unknown['nodes']} nodes)")
    return "\n".join(lines)
