"""A project's file: its flows with what they share, and its dashboard."""

import uuid

from projects.exchange.flow_export import Homes, Schemas, file_of
from projects.exchange.rows import read_rows
from projects.models import Flow, Project, Widget, WidgetPage
from weirflow.flowfile import FilePage, FileProject, FileWidget
from weirflow.flowfile.names import names_of


def project_file(project: Project, schemas: Schemas) -> FileProject:
    """All that a file has of it. The caller sees to it that nobody writes meanwhile."""
    flows = list(Flow.objects.filter(project=project).order_by("created", "pk"))
    # Of two of one name the older has it without a number: an import makes them in that order.
    keys = names_of((str(flow.pk), flow.name, "flow", age, 0) for age, flow in enumerate(flows))
    rows = read_rows(flows)
    homes: dict[str, tuple[str, str]] = {}
    for flow in flows:
        names = rows[flow.pk].node_names()
        homes.update({node[0]: (keys[str(flow.pk)], names[node[0]]) for node in rows[flow.pk].nodes})
    made = {keys[str(flow.pk)]: file_of(flow, rows[flow.pk], schemas, homes) for flow in flows}
    return FileProject(project.name, project.description, made, _pages(project, homes))


def _pages(project: Project, homes: Homes) -> list[FilePage]:
    """Widgets whose node is gone are left out: they would show nothing."""
    pages = WidgetPage.objects.filter(project=project).order_by("position", "pk")
    widgets: dict[uuid.UUID, list[FileWidget]] = {page.pk: [] for page in pages}
    for one in Widget.objects.filter(page__in=pages):
        if one.node in homes:
            at, size = (one.x, one.y), (one.w, one.h)
            widgets[one.page_id].append(FileWidget(*homes[one.node], at, size, one.title, one.schema_patch))
    return [FilePage(page.name, page.operators, widgets[page.pk]) for page in pages]
