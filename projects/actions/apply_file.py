"""Make a flow what its file says (docs/export.md)."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from projects.actions.flow_tests import add_tests, do_change_flow_test
from projects.actions.imports import add_scenarios
from projects.actions.recorded import locked_for_edit, record, repeated
from projects.actions.scenarios import do_change_scenario
from projects.audit import audit
from projects.catalogue import Catalogue
from projects.exchange.checking import check_file
from projects.exchange.flow_export import flow_file, schemas_of
from projects.exchange.flow_import import Ids
from projects.exchange.made_same import MadeSame, differing
from projects.exchange.rows import read_rows
from projects.exchange.samples import samples_of
from projects.history.document import read_document
from projects.last_state import last_states
from projects.models import Change, Flow
from projects.operations.apply import Applier
from projects.operations.history import missing
from projects.operations.rows import Rows
from projects.operations.sharing import finish
from projects.permissions import Person, require
from projects.testing.files import test_from_file
from projects.versions.restorer import Restorer, wanted_to_restore
from weirflow.flowfile import FileFlow, FlowFile, canonical, print_flow_file, read_flow_file


@transaction.atomic
def do_apply_file(
    person: Person, flow: Flow, file: FileFlow, client_op_id: str, catalogue: Catalogue
) -> tuple[Change | None, Sequence[str]]:
    """Makes the flow what the file says, as one Change that can be undone like any other; None where nothing on the
    canvas is different. Nodes that keep their names in the file, and their components, keep their ids and states; those
    that the file does not have are deleted. Scenarios and tests of the file are added or replaced; others stay.

    Answers what could not be made so, in sentences, too. A repeat of `client_op_id` answers the first. Raises
    FlowFileError for what no flow may hold, ProjectError.
    """
    schemas = schemas_of(catalogue)
    check_file(file, schemas)
    project, fresh = locked_for_edit(person, flow)
    first = repeated(person, fresh, client_op_id)
    if first is not None:
        return first, []
    # As a file that was read: what a title implies is told in the same way in both.
    current = _as_read(flow_file(fresh, schemas))
    now = read_document(fresh)
    same = MadeSame(fresh, now, read_rows([fresh])[fresh.pk], current, file)
    then = same.make()
    rows = Rows(project, fresh, project.rev + 1)
    rows.load(wanted_to_restore(now, then))
    deleted = [rows.nodes[pk].name for pk in now.nodes if pk not in then.nodes and pk in rows.nodes]
    applier = Applier(rows, partial(missing, fresh), last_states(deleted) if deleted else {})
    applier.allow = partial(require, person, "edit")
    restorer = Restorer(applier, now, then, {})
    restorer.restore()
    finish(applier)
    change = record(person, rows, applier, client_op_id) if applier.applied else None
    if file.description != fresh.description:
        Flow.objects.filter(pk=fresh.pk).update(description=file.description)
    _beside(person, fresh, current, file, same.ids, catalogue)
    audit(person, "flow.apply", fresh, after={"node_count": len(file.nodes), "wire_count": len(file.wires)})
    return change, [*restorer.refused, *restorer.left]


def _beside(person: Person, flow: Flow, current: FileFlow, wanted: FileFlow, ids: Ids, catalogue: Catalogue) -> None:
    """Scenarios, then tests, which name them."""
    fresh = FileFlow(wanted.name, nodes=wanted.nodes)
    here = {scenario.name: scenario for scenario in flow.scenarios.all()}
    for name, messages in wanted.scenarios.items():
        scenario = here.get(name)
        if scenario is None:
            fresh.scenarios[name] = messages
        elif messages != current.scenarios.get(name):
            ports = samples_of(messages, ids.nodes)
            do_change_scenario(person, flow, scenario.pk, scenario.rev, catalogue, ports=ports)
    add_scenarios(person, flow, fresh, ids, catalogue)
    tests = {test.name: test for test in flow.tests.all()}
    for one in differing(current.tests, wanted.tests):
        test = tests.get(str(one["name"]))
        if test is None:
            add_tests(person, flow, [one], ids.nodes, catalogue)
        else:
            _, body = test_from_file(one, ids.nodes)
            do_change_flow_test(person, flow, test.pk, test.rev, catalogue, body=body)


def _as_read(file: FileFlow) -> FileFlow:
    read: FlowFile = read_flow_file(print_flow_file(canonical(file)))
    assert isinstance(read, FileFlow)
    return read
