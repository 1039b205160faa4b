"""Components whose settings hold a program, and who may write one (ADR 103)."""

from collections.abc import Iterable, Iterator
from typing import Any

from projects.errors import ProjectError
from projects.models import Project
from projects.operations.apply import Applier
from projects.permissions import Person, can

_NAME = "code"
"""What such a component is called as a rule: counts as long as the module has not been heard of."""
_MOST = 10_000
_announced: set[tuple[str, str]] = set()


def announced(components: Iterable[tuple[str, str]]) -> None:
    """Takes note of components, by module and name, that say of themselves that they run code. Once said is said."""
    for one in components:
        if len(_announced) < _MOST:
            _announced.add(one)


def runs_code(module: str, component: str) -> bool:
    """Whether settings of such a node are a program."""
    return component == _NAME or (module, component) in _announced


def refuse_programs(person: Person, project: Project, applier: Applier) -> None:
    """ProjectError when what was applied adds or changes a program, and the person may edit, but not that."""
    first = next(_written(applier), None)
    if first is None or can(person, "code", project):
        return
    index, title = first
    who = "only its owners may write code" if project.code_for_owners else "your role, or your token, does not allow it"
    message = f"{title} runs code, and in this project {who}: ask an owner, or make a token with the scope `code`."
    raise ProjectError("code_forbidden", message, 403, op=index)


def _written(applier: Applier) -> Iterator[tuple[int, str]]:
    """The operations that write a program, each with what it is called."""
    for index, op in enumerate(applier.applied):
        about = _about(applier, op)
        if about is not None and runs_code(*about[:2]):
            yield index, about[2]


def _about(applier: Applier, op: dict[str, Any]) -> tuple[str, str, str] | None:
    if op["op"] == "add_node":
        return op["module"], op["component"], op["label"] or op["component"]
    node = applier.rows.nodes.get(op["id"]) if op["op"] == "set_setting" else None
    return (node.module, node.component, str(node)) if node is not None else None
