"""Pages of dashboards as TinyWidgetPages."""

import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from editor.push.problems import problem_of
from projects.models import Widget, WidgetPage
from projects.prepared import Prepared
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, ApiError, TooManyRequests, Unavailable
from weirflow.kube.resources import (
    ANNOTATION_OPERATORS,
    ANNOTATION_PAGE_POSITION,
    ANNOTATION_PAGE_TITLE,
    LABEL_PROJECT,
    TINY_WIDGET_PAGE,
    encode_json,
)
from weirflow.spec import CONTROL_PORT

log = logging.getLogger(__name__)

_dirty_pages_of = Prepared(lambda project: WidgetPage.objects.filter(project_id=project, dirty=True))


@dataclass(frozen=True, slots=True)
class DesiredPage:
    """A page of a dashboard whose TinyWidgetPage has to be written, as its rows have it. ``widgets`` is the resource's
    own list."""

    pk: uuid.UUID
    name: str
    title: str
    position: int
    operators: str
    rev: int
    widgets: list[dict[str, Any]]


PushedPage = tuple[DesiredPage, str, dict[str, Any] | None]
"""A page, the uid of its resource, and why it could not be written."""


def dirty_pages(project_id: uuid.UUID) -> list[DesiredPage]:
    """The pages of a project that have to be written."""
    return [_desired_page(page) for page in _dirty_pages_of(project_id)]


async def push_page(cluster: ClusterClient, project: str, page: DesiredPage) -> tuple[str, dict[str, Any] | None]:
    """Write one page; a page is a small document of ours alone, so it is written whole. Raises what concerns the whole
    cluster; what it has against this page is returned."""
    metadata = {
        "labels": {LABEL_PROJECT: project},
        "annotations": {
            ANNOTATION_PAGE_TITLE: page.title,
            ANNOTATION_PAGE_POSITION: str(page.position),
            ANNOTATION_OPERATORS: page.operators,
        },
    }
    spec = {"widgets": page.widgets}
    try:
        try:
            written = await cluster.create(
                TINY_WIDGET_PAGE, TINY_WIDGET_PAGE.new(page.name, metadata=metadata, spec=spec)
            )
        except AlreadyExists:
            written = await cluster.patch(TINY_WIDGET_PAGE, page.name, {"metadata": metadata, "spec": spec})
    except (Unavailable, TooManyRequests):
        raise
    except ApiError as error:
        log.warning("push of the page %s failed: %s", page.name, error.message)
        return "", problem_of(error, page.name)
    return str(written["metadata"].get("uid", "")), None


def record_pages(applied: Iterable[PushedPage]) -> None:
    """Remember what came of each page: the uid of its resource, or the problem. An edit made meanwhile keeps its row
    dirty."""
    for page, uid, problem in applied:
        found = WidgetPage.objects.filter(pk=page.pk)
        if problem is not None:
            found.filter(dirty=True).update(push_problem=problem)
            continue
        found.update(applied_rev=page.rev, applied_uid=uid, push_problem=None)
        found.filter(desired_rev=page.rev).update(dirty=False)


def _desired_page(page: WidgetPage) -> DesiredPage:
    widgets = [_widget(widget) for widget in page.widgets.order_by("y", "x", "pk")]
    return DesiredPage(page.pk, page.resource_name, page.name, page.position, page.operators, page.desired_rev, widgets)


def _widget(widget: Widget) -> dict[str, Any]:
    cells = {"gridX": widget.x, "gridY": widget.y, "gridW": widget.w, "gridH": widget.h}
    entry = {"port": f"{widget.node_name}:{CONTROL_PORT}", "name": widget.title, **cells}
    return {**entry, "schemaPatch": encode_json(widget.schema_patch)} if widget.schema_patch else entry
