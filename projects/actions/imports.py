"""Bring in flows and projects from files (docs/export.md)."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import transaction

from projects.actions.flow_tests import add_tests
from projects.actions.flows import do_create_flow
from projects.actions.pages import do_change_pages
from projects.actions.projects import do_create_project
from projects.actions.recorded import locked_for_edit, record, repeated
from projects.actions.scenarios import do_create_scenario
from projects.audit import audit
from projects.catalogue import Catalogue
from projects.exchange.checking import check_file, nodes_and_wires
from projects.exchange.flow_export import schemas_of
from projects.exchange.flow_import import Ids, additions, apply_additions, in_changes, make_ids, wires
from projects.exchange.limits import ONE_TRANSACTION
from projects.exchange.pages_import import page_ops
from projects.exchange.samples import PortsToCome, samples_of
from projects.models import Change, Flow, Project
from projects.names import node_resource_name
from projects.operations.apply import Applier
from projects.operations.history import missing
from projects.operations.rows import Rows
from projects.operations.sharing import share_node
from projects.operations.wanted import Wanted
from projects.pages.limits import MAX_OPS as MAX_PAGE_OPS
from projects.permissions import Person, require
from weirflow.flowfile import FileFlow, FileProject

Place = tuple[int, int]


def do_import_into_flow(
    person: Person, flow: Flow, file: FileFlow, client_op_id: str, catalogue: Catalogue, offset: Place = (0, 0)
) -> list[Change]:
    """Adds everything of the file to a flow that there is, moved by `offset` canvas pixels, as one Change that can be
    undone like any other (of what is very large, as several). A repeat of `client_op_id` returns the first.

    Unknown components and ports come in as they are. Raises FlowFileError for what no flow may hold, ProjectError.
    """
    check_file(file, schemas_of(catalogue))
    with transaction.atomic():
        _, fresh = locked_for_edit(person, flow)
        first = repeated(person, fresh, client_op_id)
        if first is not None:
            return [first]
        ids = make_ids(file)
        changes = _add(person, fresh, file, ids, client_op_id, offset)
        _add_beside(person, fresh, file, ids, catalogue)
        audit(person, "flow.import", fresh, after=_told(file))
    return changes


def do_import_flow(person: Person, project: Project, file: FileFlow, catalogue: Catalogue, name: str = "") -> Flow:
    """A new flow in the project, called as its file says unless `name` does. Raises FlowFileError, ProjectError."""
    check_file(file, schemas_of(catalogue))
    with transaction.atomic():
        flow = _new_flow(person, project, file, name)
        ids = make_ids(file)
        _add(person, flow, file, ids, _op_id(), (0, 0))
        _add_beside(person, flow, file, ids, catalogue)
        audit(person, "flow.import", flow, after=_told(file))
    return Flow.objects.get(pk=flow.pk)


def do_import_project(person: Person, file: FileProject, catalogue: Catalogue, name: str = "") -> Project:
    """A new project that belongs to `person`, with all flows and pages of the file. Raises FlowFileError,
    ProjectError."""
    check_file(file, schemas_of(catalogue))
    with _whole(file):
        project = do_create_project(person, name or file.name, file.description)
        _add_flows(person, project, file, catalogue)
    return Project.objects.get(pk=project.pk)


def do_import_flows(person: Person, project: Project, file: FileProject, catalogue: Catalogue) -> list[Flow]:
    """The flows and pages of a project's file beside those that the project has. Raises FlowFileError,
    ProjectError."""
    require(person, "edit", project)
    check_file(file, schemas_of(catalogue))
    with _whole(file):
        return _add_flows(person, project, file, catalogue)


@contextmanager
def _whole(file: FileProject) -> Iterator[None]:
    """All or nothing, unless it is so much that nobody else could write meanwhile."""
    if nodes_and_wires(file) > ONE_TRANSACTION:
        yield
        return
    with transaction.atomic():
        yield


def _add_flows(person: Person, project: Project, file: FileProject, catalogue: Catalogue) -> list[Flow]:
    flows: dict[str, Flow] = {}
    ids: dict[str, Ids] = {}
    for key, one in file.flows.items():
        with transaction.atomic():
            flows[key], ids[key] = _new_flow(person, project, one, ""), make_ids(one)
            _add(person, flows[key], one, ids[key], _op_id(), (0, 0))
    _add_shown(person, file, flows, ids)
    for key, one in file.flows.items():
        _add_beside(person, flows[key], one, ids[key], catalogue)
    nodes = {
        (key, name): pk
        for key, known in ids.items()
        for name, pk in known.nodes.items()
        if name in file.flows[key].nodes
    }
    ops = page_ops(file, nodes)
    for at in range(0, len(ops), MAX_PAGE_OPS):
        do_change_pages(person, project, ops[at : at + MAX_PAGE_OPS], _op_id())
    told = {"flow_count": len(flows), "node_count": sum(len(one.nodes) for one in file.flows.values())}
    audit(person, "project.import", project, after=told)
    return list(flows.values())


def _new_flow(person: Person, project: Project, file: FileFlow, name: str) -> Flow:
    return do_create_flow(person, project, name or file.name, file.description)


def _add(person: Person, flow: Flow, file: FileFlow, ids: Ids, op_id: str, offset: Place) -> list[Change]:
    changes: list[Change] = []
    for piece in in_changes(additions(file, ids, offset)):
        with _edit(person, flow, Wanted(groups=set(ids.groups.values()) if changes else set())) as applier:
            apply_additions(applier, piece)
            changes.append(record(person, applier.rows, applier, op_id if not changes else _op_id()))
    return changes


def _add_shown(person: Person, file: FileProject, flows: Mapping[str, Flow], ids: Mapping[str, Ids]) -> None:
    """Nodes in other flows than their own, and then the wires that lead to them there."""
    shown = [(key, name, one) for key, flow in file.flows.items() for name, one in flow.shown.items()]
    for home in sorted({one.flow for _, _, one in shown}):
        mine = [(key, name, one) for key, name, one in shown if one.flow == home]
        pks = {ids[home].nodes[one.node] for _, _, one in mine}
        groups = {ids[key].groups[one.group] for key, _, one in mine if one.group}
        with _edit(person, flows[home], Wanted(nodes=pks, groups=groups, anywhere=True)) as applier:
            for key, name, one in mine:
                pk = ids[key].nodes[name] = ids[home].nodes[one.node]
                group = applier.rows.groups.rows[ids[key].groups[one.group]] if one.group else None
                share_node(applier, pk, flows[key].pk, one.at, None, group)
            record(person, applier.rows, applier, _op_id())
    for key, flow in file.flows.items():
        for piece in in_changes(wires(flow, ids[key].nodes, foreign=True)):
            with _edit(person, flows[key], Wanted()) as applier:
                apply_additions(applier, piece)
                record(person, applier.rows, applier, _op_id())


@contextmanager
def _edit(person: Person, flow: Flow, wanted: Wanted) -> Iterator[Applier]:
    with transaction.atomic():
        project, fresh = locked_for_edit(person, flow)
        rows = Rows(project, fresh, project.rev + 1)
        rows.load(wanted)
        applier = Applier(rows, partial(missing, fresh))
        applier.allow = partial(require, person, "edit")
        yield applier


def _add_beside(person: Person, flow: Flow, file: FileFlow, ids: Ids, catalogue: Catalogue) -> None:
    """What stands beside the document: scenarios, then tests, which name them."""
    add_scenarios(person, flow, file, ids, catalogue)
    add_tests(person, flow, file.tests, ids.nodes, catalogue)


def add_scenarios(person: Person, flow: Flow, file: FileFlow, ids: Ids, catalogue: Catalogue) -> None:
    taken = set(flow.scenarios.values_list("name", flat=True)) if file.scenarios else set()
    for name, messages in file.scenarios.items():
        samples = samples_of(messages, ids.nodes)
        known = PortsToCome(catalogue, _ports_to_come(flow, file, messages, ids, catalogue))
        title = next(one for one in _numbered(name) if one not in taken)
        taken.add(title)
        do_create_scenario(person, flow, uuid.uuid4(), title, samples, known)


def _ports_to_come(
    flow: Flow, file: FileFlow, messages: Mapping[str, Any], ids: Ids, catalogue: Catalogue
) -> dict[str, set[str]]:
    ports: dict[str, set[str]] = {}
    for end in messages:
        name, _, port = end.partition(".")
        node = file.nodes.get(name)
        if node is None:
            continue
        offered = catalogue.component(node.module, node.component)
        if offered is None or port not in offered.ports:
            resource = node_resource_name(flow.project.resource_name, node.module, node.component, ids.nodes[name])
            ports.setdefault(resource, set()).add(port)
    return ports


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name[:90]} ({number})" for number in range(2, 1_000))


def _told(file: FileFlow) -> dict[str, int]:
    return {"node_count": len(file.nodes), "wire_count": len(file.wires)}


def _op_id() -> str:
    return f"import-{uuid.uuid4()}"
