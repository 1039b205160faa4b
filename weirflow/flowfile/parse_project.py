"""A project of a file, from its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weirflow.flowfile.checks import Checks
from weirflow.flowfile.document import FilePage, FileProject, FileWidget
from weirflow.flowfile.faults import Path
from weirflow.flowfile.limits import MAX_DESCRIPTION, MAX_FLOWS
from weirflow.flowfile.names import MAX_NAME, NAME, spoken
from weirflow.flowfile.parse_flow import FLOW_KEYS, MAX_TITLE, read_flow

PROJECT_KEYS = ("name", "description", "flows", "dashboards")
_PAGE = ("name", "operators", "widgets")
_WIDGET = ("node", "title", "at", "size", "schemaPatch")
MAX_PAGES, MAX_WIDGETS = 50, 60
COLUMNS, MAX_ROW, MAX_HEIGHT = 6, 1_000, 40
WIDGET_SIZE = (2, 4)
"""Where the file says none."""


def read_project(checks: Checks, values: Mapping[str, Any]) -> FileProject:
    project = FileProject(
        checks.needed(values.get("name"), ("name",), MAX_TITLE),
        checks.text(values.get("description"), ("description",), MAX_DESCRIPTION),
    )
    flows = checks.mapping(values.get("flows"), ("flows",))
    if len(flows) > MAX_FLOWS:
        checks.note(("flows",), f"a project has at most {MAX_FLOWS} flows")
        return project
    for key, value in flows.items():
        path = ("flows", key)
        if not NAME.match(key) or len(key) > MAX_NAME:
            checks.note(path, f"names have small letters, digits and single hyphens, at most {MAX_NAME}: as in orders")
        flow = checks.mapping(value, path)
        checks.known(flow, path, FLOW_KEYS)
        project.flows[key] = read_flow(checks, flow, path, spoken(key))
    for key, read in project.flows.items():
        for name, shown in read.shown.items():
            at = ("flows", key, "shown", name)
            if shown.flow == key:
                checks.note((*at, "flow"), "a node is shown in other flows than its own")
            elif shown.flow not in project.flows or shown.node not in project.flows[shown.flow].nodes:
                checks.note((*at, "node"), f"the flow {shown.flow} has no node {shown.node} of its own")
    pages = checks.items(values.get("dashboards"), ("dashboards",))
    if len(pages) > MAX_PAGES:
        checks.note(("dashboards",), f"a project has at most {MAX_PAGES} dashboard pages")
    project.pages = [_page(checks, page, ("dashboards", index), project) for index, page in enumerate(pages)]
    return project


def _page(checks: Checks, value: Any, path: Path, project: FileProject) -> FilePage:
    page = checks.mapping(value, path)
    checks.known(page, path, _PAGE)
    widgets = checks.items(page.get("widgets"), (*path, "widgets"))
    if len(widgets) > MAX_WIDGETS:
        checks.note((*path, "widgets"), f"a page has at most {MAX_WIDGETS} widgets")
    return FilePage(
        checks.needed(page.get("name"), (*path, "name"), MAX_TITLE),
        checks.one_of(page.get("operators"), (*path, "operators"), ("nobody", "editors", "everyone"), "editors"),
        [_widget(checks, widget, (*path, "widgets", index), project) for index, widget in enumerate(widgets)],
    )


def _widget(checks: Checks, value: Any, path: Path, project: FileProject) -> FileWidget:
    widget = checks.mapping(value, path)
    checks.known(widget, path, _WIDGET)
    flow, _, node = checks.needed(widget.get("node"), (*path, "node"), 2 * MAX_NAME + 1).partition("/")
    if flow not in project.flows or node not in project.flows[flow].nodes:
        checks.note((*path, "node"), "this has to be a flow and a node of its own: flow/node")
    at = checks.pair(widget.get("at") or [0, 0], (*path, "at"), 0, MAX_ROW)
    size = checks.pair(widget.get("size") or list(WIDGET_SIZE), (*path, "size"), 1, MAX_HEIGHT)
    if at[0] + size[0] > COLUMNS:
        checks.note((*path, "at"), f"a page has {COLUMNS} columns: the widget reaches beyond them")
    patch = checks.items(widget.get("schemaPatch"), (*path, "schemaPatch"))
    title = checks.text(widget.get("title"), (*path, "title"), 100)
    return FileWidget(flow, node, at, size, title, patch)
