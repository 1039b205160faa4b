"""The dashboard of a project as people see it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from projects.models import LastPress, Node, PageChange, Project, Widget, WidgetPage

MAX_CHOICES = 500
"""Nodes that are offered to be put on a page at a time; who has more searches."""


def pages_rev(project_id: uuid.UUID) -> int:
    """The revision of the newest change of pages; 0 where there was none."""
    newest = PageChange.objects.filter(project_id=project_id).order_by("-rev")
    return newest.values_list("rev", flat=True).first() or 0


def pages_document(project: Project, only: WidgetPage | None = None) -> dict[str, Any]:
    """``{rev, pages[], widgets[], nodes[]}``: every page in order, every widget, and of the nodes they show who they
    are; or that of one page. A node that is gone is not among these."""
    pages = WidgetPage.objects.filter(project=project) if only is None else WidgetPage.objects.filter(pk=only.pk)
    widgets = [widget.as_row() for widget in Widget.objects.filter(page__in=pages).order_by("y", "x", "pk")]
    return {
        "rev": pages_rev(project.pk),
        "pages": [page.as_row() for page in pages.order_by("position", "pk")],
        "widgets": widgets,
        "nodes": nodes_about(project, {widget["node"] for widget in widgets}),
    }


def nodes_about(project: Project, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Names and flows of these nodes, and who pressed their buttons last."""
    wanted = list(ids)
    pressed: dict[str, dict[str, Any]] = {}
    presses = LastPress.objects.filter(project=project, node__in=wanted).select_related("actor")
    for press in presses:
        pressed.setdefault(press.node, {})[press.control] = press_row(press)
    nodes = Node.objects.filter(project=project, pk__in=wanted).select_related("flow").order_by("pk")
    return [{**_about(node), "pressed": pressed.get(node.pk, {})} for node in nodes.defer("settings", "schemas")]


def choices(project: Project, text: str, components: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Nodes whose label, component or flow has `text` in it, of the components that have a control panel."""
    having = Q(pk__in=[])
    for module, component in components:
        having |= Q(module=module, component=component)
    found = Node.objects.filter(having, project=project)
    if text:
        found = found.filter(Q(label__icontains=text) | Q(component__icontains=text) | Q(flow__name__icontains=text))
    ordered = found.select_related("flow").order_by("flow__name", "label", "pk").defer("settings", "schemas")
    return [_about(node) for node in ordered[:MAX_CHOICES]]


def press_row(press: LastPress) -> dict[str, Any]:
    """``{by, at}`` of a last press."""
    name = press.actor.get_username() if press.actor else "a former member"
    return {"by": name, "at": press.at.isoformat()}


def _about(node: Node) -> dict[str, Any]:
    return {
        "id": node.pk,
        "label": node.label,
        "module": node.module,
        "component": node.component,
        "flow": {"id": str(node.flow_id), "name": node.flow.name},
    }
