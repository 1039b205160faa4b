"""Applies operations to the pages of a project. The caller holds the project's lock and writes the PageChange."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import Max

from projects.errors import ProjectError
from projects.models import Kind, Node, Operators, Project, Removed, Widget, WidgetPage
from projects.names import resource_name
from projects.pages.limits import COLUMNS, MAX_PAGES, MAX_WIDGETS
from projects.pages.shape import (
    AddPage,
    AddWidget,
    DeletePage,
    DeleteWidget,
    PageOp,
    SetPage,
    SetWidget,
    patch_of,
)
from projects.permissions import Person, require
from projects.titles import checked_title

Row = dict[str, Any]
Missing = Callable[[str, str, int], ProjectError]
"""Why a page or widget is not there: who deleted it."""


class PageApplier:
    """`applied` and `before` are what the PageChange keeps. Raises ProjectError; nothing is written back then by the
    transaction around it."""

    def __init__(self, person: Person, project: Project, rev: int, missing: Missing) -> None:
        self._person, self._project, self._missing = person, project, missing
        self.rev = rev
        self.applied: list[Row] = []
        self.before: list[Row] = []

    def apply(self, op: PageOp, index: int) -> None:
        """One operation, as a client sent it."""
        match op:
            case AddPage():
                self.add_page(op.model_dump(mode="json", exclude={"op"}), index)
            case SetPage():
                self.set_page(self.page(op.id, index), op.fields.model_dump(exclude_unset=True), index)
            case DeletePage():
                self.delete_page(self.page(op.id, index))
            case AddWidget():
                row = op.model_dump(mode="json", exclude={"op", "schema_patch"})
                self.add_widget({**row, "schema_patch": patch_of(op.schema_patch, index)}, index)
            case SetWidget():
                fields = op.fields.model_dump(exclude_unset=True, exclude={"schema_patch"})
                if op.fields.schema_patch is not None:
                    fields["schema_patch"] = patch_of(op.fields.schema_patch, index)
                self.set_widget(self.widget(op.id, index), fields)
            case DeleteWidget():
                self.delete_widget(self.widget(op.id, index))

    # Rows

    def page(self, page_id: uuid.UUID | str, index: int) -> WidgetPage:
        """The page of this project; who deleted it where it is gone."""
        page = WidgetPage.objects.filter(pk=page_id, project=self._project).first()
        if page is None:
            raise self._missing("page", str(page_id), index)
        return page

    def widget(self, widget_id: uuid.UUID | str, index: int) -> Widget:
        """The widget with its page."""
        widget = Widget.objects.select_related("page").filter(pk=widget_id, page__project=self._project).first()
        if widget is None:
            raise self._missing("widget", str(widget_id), index)
        return widget

    # Operations

    def add_page(self, row: Row, index: int, name: str = "", widgets: list[Row] | None = None) -> None:
        """Behind all others unless `row` says where. `name` of its resource and `widgets`: as they were before it was
        deleted."""
        if WidgetPage.objects.filter(pk=row["id"]).exists():
            raise ProjectError("id_taken", "A page with this id exists already.", 409, op=index, field="/id")
        others = WidgetPage.objects.filter(project=self._project)
        if others.count() >= MAX_PAGES:
            message = f"The dashboard has {MAX_PAGES} pages, which is the limit: delete one first."
            raise ProjectError("too_many_pages", message, op=index)
        position = row.get("position")
        if position is None:
            last = others.aggregate(last=Max("position"))["last"]
            position = 0 if last is None else last + 1
        title = checked_title(row["name"])
        self._check_operators(row["operators"])
        page = WidgetPage(
            id=uuid.UUID(row["id"]),
            project=self._project,
            name=title,
            resource_name=name or resource_name(title),
            operators=row["operators"],
            position=position,
        )
        self._mark(page)
        page.save(force_insert=True)
        Removed.objects.filter(kind=Kind.PAGE, resource_name=page.resource_name).delete()
        rows = Widget.objects.bulk_create([self._new_widget(page, one) for one in widgets or ()])
        shown = {"widgets": [widget.as_row() for widget in rows]} if rows else {}
        self._done({"op": "add_page", **page.as_row(), **shown}, {})

    def set_page(self, page: WidgetPage, fields: Row, index: int) -> None:
        """`fields` are new values by name."""
        if "name" in fields:
            fields = {**fields, "name": checked_title(fields["name"])}
        if "operators" in fields:
            self._check_operators(fields["operators"])
        before = {name: getattr(page, name) for name in fields}
        for name, value in fields.items():
            setattr(page, name, value)
        self._touch(page, *fields)
        self._done({"op": "set_page", "id": str(page.pk), "fields": fields}, before)

    def delete_page(self, page: WidgetPage) -> None:
        """Its widgets go along; they are kept with the change."""
        widgets = [_kept(widget) for widget in page.widgets.order_by("pk")]
        before = {"page": page.as_row(), "name": page.resource_name, "widgets": widgets}
        Removed.objects.get_or_create(
            kind=Kind.PAGE,
            resource_name=page.resource_name,
            defaults={"project_name": self._project.resource_name, "uid": page.applied_uid},
        )
        page_id = str(page.pk)
        page.delete()
        self._done({"op": "delete_page", "id": page_id}, before)

    def add_widget(self, row: Row, index: int) -> None:
        """On a page of the project, of one of its nodes."""
        page = self.page(row["page"], index)
        if Widget.objects.filter(pk=row["id"]).exists():
            raise ProjectError("id_taken", "A widget with this id exists already.", 409, op=index, field="/id")
        if page.widgets.count() >= MAX_WIDGETS:
            message = f"{page.name} has {MAX_WIDGETS} widgets, which is the limit: use another page."
            raise ProjectError("too_many_widgets", message, op=index)
        widget = self._new_widget(page, row)
        if not widget.node_name:
            message = f"There is no node {row['node']} in this project."
            raise ProjectError("unknown_node", message, op=index, field="/node")
        widget.save(force_insert=True)
        self._touch(page)
        self._done({"op": "add_widget", **widget.as_row()}, {})

    def set_widget(self, widget: Widget, fields: Row) -> None:
        """`fields` are new values by name. One that would stand out of the page is moved in: two people may have moved
        and widened it."""
        x, w = fields.get("x", widget.x), fields.get("w", widget.w)
        if x + w > COLUMNS:
            fields = {**fields, "x": COLUMNS - w}
        before = {name: getattr(widget, name) for name in fields}
        for name, value in fields.items():
            setattr(widget, name, value)
        widget.rev = self.rev
        widget.save(update_fields=[*fields, "rev"])
        self._touch(widget.page)
        self._done({"op": "set_widget", "id": str(widget.pk), "fields": fields}, before)

    def delete_widget(self, widget: Widget) -> None:
        """Take it from its page."""
        row, page = _kept(widget), widget.page
        widget.delete()
        self._touch(page)
        self._done({"op": "delete_widget", "id": row["id"]}, row)

    # What they share

    def _new_widget(self, page: WidgetPage, row: Row) -> Widget:
        name = Node.objects.filter(pk=row["node"], project=self._project).values_list("name", flat=True).first()
        # One that comes back may show a node that is gone: it still knows its name.
        fields = {field: row[field] for field in Widget.FIELDS}
        known = name or row.get("node_name", "")
        return Widget(id=uuid.UUID(row["id"]), page=page, node=row["node"], node_name=known, rev=self.rev, **fields)

    def _check_operators(self, operators: str) -> None:
        """That viewers may press is a decision about roles, which are the owners'."""
        if operators == Operators.EVERYONE:
            require(self._person, "manage", self._project)

    def _touch(self, page: WidgetPage, *fields: str) -> None:
        self._mark(page)
        page.save(update_fields=[*fields, "rev", "desired_rev", "dirty"])

    def _mark(self, page: WidgetPage) -> None:
        page.rev = page.desired_rev = self.rev
        page.dirty = True

    def _done(self, op: Row, before: Row) -> None:
        self.applied.append(op)
        self.before.append(before)


def _kept(widget: Widget) -> Row:
    """All that is needed to make it again, even if its node is gone by then."""
    return {**widget.as_row(), "node_name": widget.node_name}
