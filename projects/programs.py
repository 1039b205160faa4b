"""Components whose settings hold a program, and who may write one (ADRs 103 and 134)."""

from collections.abc import Iterator
from typing import Any

from projects.errors import ProjectError
from projects.heard import Kind, known
from projects.models import Project
from projects.operations.apply import Applier
from projects.operations.documents import pointer
from projects.permissions import Person, can
from weirflow.secret_references import REFERENCE_IN_CODE, REFERENCE_IN_CODE_WORDS, places_of

_NAME = "code"
"""What such a component is called as a rule. It is one, whatever its module says."""


def refuse_programs(person: Person, project: Project, applier: Applier) -> None:
    """ProjectError when what was applied adds or changes a program, and the person may edit, but not that; or when it
    would be read from a secret, which others may replace. What no module has ever announced may turn out to be a
    program when its module comes: who may not write one may not write that either."""
    written = list(_written(applier))
    said = known({kind for _, kind, _ in written}) if written else {}
    judged = [(index, kind, title) for index, kind, title in written if kind[1] == _NAME or said.get(kind, True)]
    for index, kind, title in judged:
        if kind[1] == _NAME or kind in said:
            _refuse_secret(applier.applied[index], title, index)
    if not judged or can(person, "code", project):
        return
    index, kind, title = judged[0]
    who = "only its owners may write code" if project.code_for_owners else "your role, or your token, does not allow it"
    if kind[1] == _NAME or kind in said:
        message = f"{title} runs code, and in this project {who}: ask an owner, or make a token with the scope `code`."
    else:
        message = (
            f"No module has ever announced {kind[0]}/{kind[1]}, so the settings of {title} may be code, and in this "
            f"project {who}: ask an owner, or try again when the module is running."
        )
    raise ProjectError("code_forbidden", message, 403, op=index)


def _refuse_secret(op: dict[str, Any], title: str, index: int) -> None:
    value, above = (op["settings"], "") if op["op"] == "add_node" else (op.get("value"), pointer(op["path"]))
    place, reference = next(places_of(value), ("", None))
    if reference is not None:
        message = f"The settings of {title} are a program, and {reference} stands in them. {REFERENCE_IN_CODE_WORDS}"
        raise ProjectError(REFERENCE_IN_CODE, message, op=index, field=above + place)


def _written(applier: Applier) -> Iterator[tuple[int, Kind, str]]:
    """The operations that write settings, each with the kind of its node and what it is called."""
    pairs = zip(applier.applied, applier.before, strict=True)
    # What is changed and deleted in one go comes back as it was changed.
    deleted = {op["id"]: before["node"] for op, before in pairs if op["op"] == "delete_node"}
    for index, op in enumerate(applier.applied):
        about = _about(applier, op, deleted)
        if about is not None:
            yield index, *about


def _about(applier: Applier, op: dict[str, Any], deleted: dict[str, Any]) -> tuple[Kind, str] | None:
    if op["op"] == "set_setting" and (node := applier.rows.nodes.get(op["id"])) is not None:
        return (node.module, node.component), str(node)
    row = op if op["op"] == "add_node" else deleted.get(op["id"]) if op["op"] == "set_setting" else None
    return ((row["module"], row["component"]), row["label"] or row["component"]) if row is not None else None
