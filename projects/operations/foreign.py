"""What other people wrote between a change and its undo, down to the single field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from projects.models import Change, Flow
from projects.permissions import Person

Cell = tuple[str, ...]
"""One thing that is written as a whole: `("node", id, field)` and the same of groups and notes,
`("setting", id, *path)`, `("schema", id, port, definition)`, `("mapping", id)`, `("delivery", id)`. That a node, wire,
group or note was deleted is `("gone", id)`."""


@dataclass(slots=True)
class ForeignWrites:
    """Writes by others than `person` after the revision `after`. Reads the log once, and only when it is asked."""

    person: Person
    flow: Flow
    after: int
    _found: list[tuple[int, Cell]] | None = field(default=None, init=False)

    def of(self, cell: Cell) -> list[int]:
        """The revisions in which somebody else wrote the cell, one above it or one within it.

        The value alone does not tell: a colleague may have written the same one. What its author has taken back again
        does not count.
        """
        return [rev for rev, other in self._writes() if all(one == two for one, two in zip(cell, other, strict=False))]

    def on(self, thing: str) -> list[int]:
        """The revisions in which somebody else wrote anything of a node or an edge."""
        return [rev for rev, cell in self._writes() if cell[1] == thing and cell[0] != "gone"]

    def _writes(self) -> Sequence[tuple[int, Cell]]:
        if self._found is None:
            self._found = [(change.rev, cell) for change in self._changes() for cell in _cells(change.ops)]
        return self._found

    def _changes(self) -> Iterator[Change]:
        later = Change.objects.filter(flow=self.flow, rev__gt=self.after, undone_by=None).only("rev", "ops", "undoes")
        for change in later.exclude(actor_id=self.person.pk).iterator(chunk_size=50):
            if change.undoes is None or change.undoes <= self.after:
                yield change


def _cells(ops: Sequence[dict[str, Any]]) -> Iterator[Cell]:
    for op in ops:
        match op["op"]:
            case "set_node":
                yield from (("node", op["id"], name) for name in op["fields"])
            case "set_setting":
                yield setting_cell(op["id"], op["path"])
            case "set_schema":
                yield ("schema", op["id"], op["port"], op["definition"])
            case "set_group" | "set_note":
                yield from ((op["op"].removeprefix("set_"), op["id"], name) for name in op["fields"])
            case "set_mapping":
                yield ("mapping", op["id"])
            case "set_delivery":
                yield ("delivery", op["id"])
            case "delete_node" | "delete_edge" | "delete_group" | "delete_note":
                yield ("gone", op["id"])


def setting_cell(node_id: str, path: Sequence[str | int]) -> Cell:
    return ("setting", node_id, *(str(step) for step in path))
