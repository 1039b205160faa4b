"""The edit: one batch of operations becomes one Change, or nothing."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from projects.actions.recorded import locked_for_edit, record, repeated
from projects.catalogue import Catalogue
from projects.errors import ProjectError
from projects.last_state import last_states
from projects.models import Change, Flow
from projects.operations.apply import Applier
from projects.operations.check import check_batch
from projects.operations.check_pasted import check_pasted
from projects.operations.history import check_list_unmoved, last_states_on_record, missing
from projects.operations.merging import merged_mapping
from projects.operations.rows import Rows
from projects.operations.shape import AddNode, DeleteNode, SetMapping, SetSetting, read_ops
from projects.operations.sharing import finish
from projects.operations.wanted import wanted_by
from projects.permissions import Person, require


def do_apply_changes(
    person: Person,
    flow: Flow,
    base_rev: int,
    ops: Sequence[dict[str, Any]],
    client_op_id: str,
    catalogue: Catalogue,
    *,
    pasted: bool = False,
) -> Change:
    """Applies the operations in one transaction and returns the Change with its `ops` as applied.

    `base_rev` is the flow's revision the person was looking at. Edits of others since then merge field by field: the
    later write of one field wins, and only what meets a thing that is gone, or a list whose items moved, is refused
    (409, naming who). A repeat of `client_op_id` returns the first Change.

    `pasted` says that the batch brings in what stood elsewhere: components and ports that are not known here are let
    in, and a node that comes back under the id it had in this flow has its last state. Raises ProjectError.
    """
    batch = read_ops(ops)
    with transaction.atomic():
        project, fresh = locked_for_edit(person, flow)
        first = repeated(person, fresh, client_op_id)
        if first is not None:
            return first
        if not 0 <= base_rev <= fresh.rev:
            message = f"The flow is at revision {fresh.rev}, not {base_rev}: reload it."
            raise ProjectError("unknown_revision", message, 409, field="/base_rev")
        rows = Rows(project, fresh, project.rev + 1)
        wanted = wanted_by(batch)
        rows.load(wanted)
        settings_before = {pk: node.settings for pk, node in rows.nodes.items()}
        deleted = [rows.nodes[op.id].name for op in batch if isinstance(op, DeleteNode) and op.id in rows.nodes]
        applier = Applier(rows, partial(missing, fresh), last_states(deleted) if deleted else {})
        applier.moving = wanted.moved
        applier.allow = partial(require, person, "edit")
        if pasted:
            added = [op.id for op in batch if isinstance(op, AddNode)]
            applier.returning = last_states_on_record(fresh, added)
        for index, op in enumerate(batch):
            if isinstance(op, SetSetting):
                check_list_unmoved(fresh, base_rev, op.id, op.path, index)
            if isinstance(op, SetMapping) and op.id in rows.edges and rows.edges[op.id].rev < rows.rev:
                mapping = merged_mapping(fresh, base_rev, rows.edges[op.id], op.mapping)
                op = batch[index] = op.model_copy(update={"mapping": mapping})
            applier.apply(op, index)
        finish(applier)
        if pasted:
            check_pasted(rows, batch, catalogue)
        else:
            check_batch(rows, batch, catalogue, settings_before)
        return record(person, rows, applier, client_op_id)
