"""Takes back the operations of a PageChange: a field goes back only if it still has the value that the change wrote."""

from collections.abc import Sequence
from typing import Any

from projects.errors import ProjectError
from projects.models import PageChange, Project, Widget, WidgetPage
from projects.pages.apply import PageApplier
from projects.pages.history import author_since
from projects.permissions import Person


class PageInverter:
    """Applies the opposite of each operation, the last first. With `force` what others did since is taken along."""

    def __init__(self, applier: PageApplier, person: Person, project: Project, change: PageChange, force: bool) -> None:
        self._applier, self._person, self._project = applier, person, project
        self._change, self._force = change, force

    def invert(self) -> None:
        """Raises ProjectError 409 `undo_conflict` naming who stands in the way."""
        pairs = list(enumerate(zip(self._change.ops, self._change.before, strict=True)))
        for index, (op, before) in reversed(pairs):
            self._one(index, op, before)

    def _one(self, index: int, op: dict[str, Any], before: dict[str, Any]) -> None:
        applier = self._applier
        match op["op"]:
            case "add_page":
                page = applier.page(op["id"], index)
                self._refuse_foreign(index, [page, *page.widgets.all()], f"The page {page.name}")
                applier.delete_page(page)
            case "set_page":
                page = applier.page(op["id"], index)
                self._check_fields(index, page, op["fields"], before)
                applier.set_page(page, before, index)
            case "delete_page":
                applier.add_page(before["page"], index, before["name"], before["widgets"])
            case "add_widget":
                widget = applier.widget(op["id"], index)
                self._refuse_foreign(index, [widget], f"The widget {widget}")
                applier.delete_widget(widget)
            case "set_widget":
                widget = applier.widget(op["id"], index)
                self._check_fields(index, widget, op["fields"], before)
                applier.set_widget(widget, before)
            case "delete_widget":
                applier.add_widget(before, index)

    def _check_fields(
        self, index: int, row: WidgetPage | Widget, wrote: dict[str, Any], before: dict[str, Any]
    ) -> None:
        for name, value in wrote.items():
            if getattr(row, name) != value and getattr(row, name) != before.get(name):
                raise self._conflict(index, f"{row} was changed since.", row.rev)

    def _refuse_foreign(self, index: int, rows: Sequence[WidgetPage | Widget], what: str) -> None:
        """A deletion does not take along what others did since, unless it is asked to."""
        if self._force:
            return
        for row in rows:
            # What this undo has touched on its way is nobody else's.
            since = self._change.rev < row.rev < self._applier.rev
            if since and author_since(self._project, row.rev) != self._person.pk:
                error = self._conflict(index, f"{what} was worked on since.", row.rev)
                error.ways.append("force")
                raise error

    def _conflict(self, index: int, message: str, rev: int) -> ProjectError:
        change = PageChange.objects.filter(project=self._project, rev=rev).select_related("actor").first()
        by = change.actor_name if change else "somebody"
        return ProjectError("undo_conflict", f"{message} Last change by {by}.", 409, op=index, by=by)
