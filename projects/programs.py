"""Components whose settings hold a program, and who may write one (ADR 103)."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from projects.catalogue import Catalogue
from projects.errors import ProjectError
from projects.models import Project
from projects.operations.apply import Applier
from projects.operations.documents import pointer
from projects.permissions import Person, can
from weirflow.secret_references import REFERENCE_IN_CODE, REFERENCE_IN_CODE_WORDS, places_of

Kind: TypeAlias = tuple[str, str]
"""A module, and a component of it."""

_NAME = "code"
"""What such a component is called as a rule: counts as long as the module has not been heard of."""
_MOST = 10_000
_announced: set[Kind] = set()


def announced(components: Iterable[Kind]) -> None:
    """Takes note of components, by module and name, that say of themselves that they run code. Once said is said."""
    for one in components:
        if len(_announced) < _MOST:
            _announced.add(one)


def runs_code(module: str, component: str) -> bool:
    """Whether settings of such a node are a program."""
    return component == _NAME or (module, component) in _announced


def refuse_programs(person: Person, project: Project, applier: Applier) -> None:
    """ProjectError when what was applied adds or changes a program, and the person may edit, but not that; or when it
    would be read from a secret, which others may replace."""
    written = list(_written(applier))
    if not written:
        return
    for index, title in written:
        _refuse_secret(applier.applied[index], title, index)
    if can(person, "code", project):
        return
    index, title = written[0]
    who = "only its owners may write code" if project.code_for_owners else "your role, or your token, does not allow it"
    message = f"{title} runs code, and in this project {who}: ask an owner, or make a token with the scope `code`."
    raise ProjectError("code_forbidden", message, 403, op=index)


def refuse_unheard(person: Person, project: Project, kinds: Iterable[Kind], catalogue: Catalogue) -> None:
    """ProjectError for what is brought in of components that no module offers, from who may not write code: whether its
    settings are a program is known only when its module comes, and then it runs."""
    unheard = next((kind for kind in kinds if catalogue.component(*kind) is None), None)
    if unheard is None or can(person, "code", project):
        return
    message = (
        f"No module offers {unheard[0]}/{unheard[1]} now, and it may run code, which you may not write here: ask an "
        "owner, or bring it in when the module is running."
    )
    raise ProjectError("code_forbidden", message, 403)


def _refuse_secret(op: dict[str, Any], title: str, index: int) -> None:
    value, above = (op["settings"], "") if op["op"] == "add_node" else (op.get("value"), pointer(op["path"]))
    place, reference = next(places_of(value), ("", None))
    if reference is not None:
        message = f"The settings of {title} are a program, and {reference} stands in them. {REFERENCE_IN_CODE_WORDS}"
        raise ProjectError(REFERENCE_IN_CODE, message, op=index, field=above + place)


def _written(applier: Applier) -> Iterator[tuple[int, str]]:
    """The operations that write a program, each with what it is called."""
    pairs = zip(applier.applied, applier.before, strict=True)
    # What is changed and deleted in one go comes back as it was changed.
    deleted = {op["id"]: before["node"] for op, before in pairs if op["op"] == "delete_node"}
    for index, op in enumerate(applier.applied):
        about = _about(applier, op, deleted)
        if about is not None and runs_code(*about[:2]):
            yield index, about[2]


def _about(applier: Applier, op: dict[str, Any], deleted: dict[str, Any]) -> tuple[str, str, str] | None:
    if op["op"] == "set_setting" and (node := applier.rows.nodes.get(op["id"])) is not None:
        return node.module, node.component, str(node)
    row = op if op["op"] == "add_node" else deleted.get(op["id"]) if op["op"] == "set_setting" else None
    return (row["module"], row["component"], row["label"] or row["component"]) if row is not None else None
