"""What the live side reads of dashboards."""

import uuid
from dataclasses import dataclass
from typing import Any

from editor.live.rows import MAX_MISSED
from editor.push.rows import RowFacts, row_facts
from projects.models import Node, PageChange, WidgetPage
from projects.pages.document import pages_rev


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page as read when its first viewer opens it."""

    rev: int
    project: str
    nodes: list[RowFacts]
    shown: set[str]
    """Ids of all nodes its widgets show, gone or not."""


def project_of(page_id: uuid.UUID) -> uuid.UUID | None:
    """The project of a page; None when there is no such page."""
    return WidgetPage.objects.filter(pk=page_id).values_list("project_id", flat=True).first()


def open_page(page_id: uuid.UUID) -> OpenedPage | None:
    """The nodes of a page; None when there is no such page."""
    page = WidgetPage.objects.select_related("project").filter(pk=page_id).first()
    if page is None:
        return None
    shown = set(page.widgets.values_list("node", flat=True))
    nodes = Node.objects.filter(pk__in=shown, project=page.project_id).defer("settings", "comment", "last_state")
    return OpenedPage(
        pages_rev(page.project_id), page.project.resource_name, [row_facts(node) for node in nodes], shown
    )


def missed_page_changes(revs: dict[uuid.UUID, int]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Changes of pages after the given revisions, by project, oldest first."""
    missed: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for project_id, rev in revs.items():
        newer = PageChange.objects.filter(project_id=project_id, rev__gt=rev).select_related("actor")
        changes = [change.as_message() for change in newer.order_by("rev")[:MAX_MISSED]]
        if changes:
            missed[project_id] = changes
    return missed
