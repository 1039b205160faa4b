"""The rows that one change touches, read once, edited in memory, written once."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q

from projects.errors import ProjectError
from projects.inserted import insert
from projects.models import Edge, Flow, Group, Kind, Node, Note, Project, Removed, Share
from projects.operations.limits import MAX_EDGES, MAX_FRAMES, MAX_NODES
from projects.operations.table import Table
from projects.operations.wanted import Wanted
from projects.prepared import Prepared
from projects.stored import update_row

_node = Prepared(lambda flow, node: Node.objects.filter(flow_id=flow, pk=node))
_edge = Prepared(lambda flow, edge: Edge.objects.filter(flow_id=flow, pk=edge))
FEW = 4
"""Up to so many rows are read one by one, with prepared queries."""
MANY = 100
"""More new nodes than people add one by one: they are pasted, or come in with a file."""
AT_ONCE = 10_000
"""Ids in one statement: no database takes as many as a whole flow that goes back to what it was."""
K = TypeVar("K")


def turns(ids: Iterable[K]) -> Iterator[list[K]]:
    """The ids in pieces that a statement takes; none of none."""
    every = list(ids)
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))


class Rows:
    """Nodes and edges of one flow by id. Reads cost the same in a flow of 10 or 10,000 nodes: by key, or by the
    endpoints of deleted nodes. `rev` is the revision that this change will have."""

    def __init__(self, project: Project, flow: Flow, rev: int) -> None:
        self.project = project
        self.flow = flow
        self.rev = rev
        #: Where new rows belong. By id: a row that is given the objects looks at each of them for a while.
        self.place = {"project_id": project.pk, "flow_id": flow.pk}
        self.nodes: dict[str, Node] = {}
        self.edges: dict[uuid.UUID, Edge] = {}
        self.groups: Table[Group] = Table(Group, lambda group: group.pk)
        self.notes: Table[Note] = Table(Note, lambda note: note.pk)
        self.shares: Table[Share] = Table(Share, lambda share: (share.node_id, share.flow_id))
        self.flows: dict[uuid.UUID, Flow] = {flow.pk: flow}
        self._new_nodes: dict[str, Node] = {}
        self._new_edges: dict[uuid.UUID, Edge] = {}
        self._changed_nodes: dict[str, set[str]] = {}
        self._changed_edges: set[uuid.UUID] = set()
        self._added_by: dict[str | uuid.UUID, int | None] = {}
        self._gone_nodes: dict[str, Node] = {}
        self._gone_edges: dict[uuid.UUID, Edge] = {}
        self._rewired: set[str] = set()
        self._moved: dict[str, tuple[Node, uuid.UUID]] = {}
        self._wires: dict[str, set[uuid.UUID]] = {}
        self._joined: set[tuple[str, str, str, str]] = set()

    def load(self, wanted: Wanted) -> None:
        """Reads what is wanted: of this flow, and, `anywhere` or where a node is shared, of others of the project."""
        self.nodes = {node.pk: node for node in self._native(wanted)}
        self._load_guests(wanted)
        of_moved = (self.nodes[pk].group_id for pk in wanted.moved if pk in self.nodes)
        groups = wanted.groups | {group for group in of_moved if group is not None}
        if groups:
            here = {"project": self.project} if wanted.anywhere else {"flow": self.flow}
            self.groups.know(Group.objects.filter(**here, pk__in=groups))
        if wanted.notes:
            self.notes.know(Note.objects.filter(flow=self.flow, pk__in=wanted.notes))
        if wanted.members_of:
            self.notes.know(Note.objects.filter(group__in=wanted.members_of))
        found: list[Edge] = []
        if wanted.anywhere:
            for some in turns(wanted.edges):
                found += Edge.objects.filter(project=self.project, pk__in=some)
        elif len(wanted.edges) <= FEW:
            found += [row for pk in wanted.edges for row in _edge(self.flow.pk, pk)]
        else:
            found += Edge.objects.filter(flow=self.flow, pk__in=wanted.edges)
        for ends in turns(wanted.wires_of):
            found += Edge.objects.filter(Q(source_id__in=ends) | Q(target_id__in=ends), project=self.project)
        for edge in found:
            self._know(edge)

    def _native(self, wanted: Wanted) -> list[Node]:
        if len(wanted.nodes) <= FEW:
            rows = [row for pk in wanted.nodes for row in _node(self.flow.pk, pk)]
        else:
            rows = [row for some in turns(wanted.nodes) for row in Node.objects.filter(flow=self.flow, pk__in=some)]
        if wanted.members_of:
            rows += Node.objects.filter(project=self.project, group__in=wanted.members_of).exclude(
                pk__in=[row.pk for row in rows]
            )
        return rows

    def _load_guests(self, wanted: Wanted) -> None:
        """Nodes of other flows that are shown here, and all shares of what is loaded."""
        missing = wanted.nodes - self.nodes.keys()
        if missing and wanted.anywhere:
            for some in turns(missing):
                self.nodes.update((node.pk, node) for node in Node.objects.filter(project=self.project, pk__in=some))
        elif missing:
            here = Node.objects.filter(shares__flow=self.flow, pk__in=missing)
            self.nodes.update((node.pk, node) for node in here)
        if wanted.members_of:
            inside = Node.objects.filter(shares__group__in=wanted.members_of).exclude(pk__in=self.nodes)
            self.nodes.update((node.pk, node) for node in inside)
        shared = [node.pk for node in self.nodes.values() if node.shared]
        for some in turns(shared):
            self.shares.know(Share.objects.filter(node__in=some))

    def other_flow(self, flow_id: uuid.UUID, index: int | None = None) -> Flow:
        """Another flow of the project. Raises ProjectError when there is none with this id."""
        known = self.flows.get(flow_id)
        if known is None:
            known = Flow.objects.filter(pk=flow_id, project=self.project).first()
            if known is None:
                message = "There is no such flow in this project: reload the page to see those there are."
                raise ProjectError("unknown_flow", message, 404, op=index, field="/flow")
            self.flows[flow_id] = known
        return known

    def share_in(self, node: Node, flow_id: uuid.UUID) -> Share | None:
        """The node's place in a flow that it is shared into."""
        return self.shares.rows.get((node.pk, flow_id))

    def shares_of(self, node: Node) -> list[Share]:
        """Where else a node is shown, in an order that does not change."""
        found = [share for share in self.shares.rows.values() if share.node_id == node.pk]
        return sorted(found, key=lambda share: str(share.flow_id))

    def shows(self, node: Node) -> bool:
        """Whether the node is on this flow's canvas."""
        return node.flow_id == self.flow.pk or self.share_in(node, self.flow.pk) is not None

    def members(self, group_id: uuid.UUID) -> list[Node]:
        """The nodes of a group that was loaded with them, in an order that does not change."""
        guests = {share.node_id for share in self.shares.rows.values() if share.group_id == group_id}
        return [node for pk, node in sorted(self.nodes.items()) if node.group_id == group_id or pk in guests]

    def notes_in(self, group_id: uuid.UUID) -> list[Note]:
        """The notes of a group that was loaded with its nodes, in an order that does not change."""
        return [note for _, note in sorted(self.notes.rows.items()) if note.group_id == group_id]

    def _know(self, edge: Edge) -> None:
        self.edges[edge.pk] = edge
        self._joined.add(edge.ends)
        for node_id in (edge.source_id, edge.target_id):
            self._wires.setdefault(node_id, set()).add(edge.pk)

    def wires_at(self, node_id: str) -> list[Edge]:
        """Edges at a node whose wires were loaded, in an order that does not change."""
        return [self.edges[pk] for pk in sorted(self._wires.get(node_id, ()))]

    def joined(self, ends: tuple[str, str, str, str]) -> bool:
        """Whether a wire known here joins the two ports already; `write` asks the database about all others."""
        return ends in self._joined

    def add_node(self, node: Node, op: int | None) -> None:
        """`op` is the operation that adds it, for the error when the database refuses it."""
        self._added_by[node.pk] = op
        node.rev = node.desired_rev = self.rev
        self.nodes[node.pk] = self._new_nodes[node.pk] = node

    def touch_node(self, node: Node, fields: Iterable[str]) -> None:
        """Notes that `fields` of the node hold new values. In which group it stands does not concern the cluster."""
        node.rev = self.rev
        changed = self._changed_nodes.setdefault(node.pk, {"rev"})
        changed.update(fields)
        if changed - {"rev", "group"}:
            node.desired_rev, node.dirty = self.rev, True
            changed |= {"desired_rev", "dirty"}

    def move_node(self, node: Node, flow: Flow) -> None:
        """The node belongs to another flow from now on."""
        self._moved.setdefault(node.pk, (node, node.flow_id))
        node.flow = flow
        self.touch_node(node, ["flow"])

    def touch_shared(self, node: Node) -> None:
        """The node is shown in more or fewer flows, which its TinyNode says."""
        node.shared = len(self.shares_of(node))
        self.touch_node(node, ["shared"])

    def remove_node(self, node: Node) -> None:
        del self.nodes[node.pk]
        self._changed_nodes.pop(node.pk, None)
        if self._new_nodes.pop(node.pk, None) is None:
            self._gone_nodes[node.pk] = node

    def add_edge(self, edge: Edge, op: int | None) -> None:
        self._added_by[edge.pk] = op
        edge.rev = edge.added_rev = self.rev
        self._new_edges[edge.pk] = edge
        self._know(edge)
        self._rewired |= {edge.source_id, edge.target_id}

    @property
    def new_edges(self) -> Iterable[Edge]:
        return self._new_edges.values()

    def touch_edge(self, edge: Edge) -> None:
        edge.rev = self.rev
        self._changed_edges.add(edge.pk)
        # The mapping stands on the target alone.
        self._rewired.add(edge.target_id)

    def touch_delivery(self, edge: Edge) -> None:
        edge.rev = self.rev
        self._changed_edges.add(edge.pk)
        # It rides on the source's end of the wire.
        self._rewired.add(edge.source_id)

    def remove_edge(self, edge: Edge) -> None:
        del self.edges[edge.pk]
        self._joined.discard(edge.ends)
        for node_id in (edge.source_id, edge.target_id):
            self._wires[node_id].discard(edge.pk)
        self._changed_edges.discard(edge.pk)
        self._rewired |= {edge.source_id, edge.target_id}
        if self._new_edges.pop(edge.pk, None) is None:
            self._gone_edges[edge.pk] = edge

    def write(self) -> None:
        """Deletes, inserts, updates, marks what the pusher has to look at, and counts."""
        self._count()
        for edges in turns(self._gone_edges):
            Edge.objects.filter(pk__in=edges).delete()
        self.shares.delete()
        for nodes in turns(self._gone_nodes):
            Node.objects.filter(pk__in=nodes).delete()
        self._note_removals()
        self.groups.delete()
        self.notes.delete()
        self._insert()
        self.groups.update()
        self.notes.update()
        for pk, fields in self._changed_nodes.items():
            if pk not in self._new_nodes:
                update_row(self.nodes[pk], *sorted(fields))
        for edge_id in self._changed_edges - self._new_edges.keys():
            update_row(self.edges[edge_id], "mapping", "timeout_ms", "retry_policy", "rev")
        self.shares.update()
        pushed = {pk for pk, fields in self._changed_nodes.items() if "dirty" in fields}
        rewired = self._rewired - pushed - self._new_nodes.keys() - self._gone_nodes.keys()
        for some in turns(rewired):
            Node.objects.filter(pk__in=some).update(desired_rev=self.rev, dirty=True)

    def _count(self) -> None:
        nodes = Counter(node.flow_id for node in self._new_nodes.values())
        nodes.subtract(Counter(node.flow_id for node in self._gone_nodes.values()))
        for node, home in self._moved.values():
            nodes.subtract({home: 1})
            nodes.update({node.flow_id: 1})
        edges = Counter(edge.flow_id for edge in self._new_edges.values())
        edges.subtract(Counter(edge.flow_id for edge in self._gone_edges.values()))
        for pk in nodes.keys() | edges.keys():
            flow = self.other_flow(pk)
            flow.node_count += nodes[pk]
            flow.edge_count += edges[pk]
            if nodes[pk] > 0 and flow.node_count > MAX_NODES:
                raise ProjectError("too_many_nodes", f"A flow has at most {MAX_NODES} nodes: start another flow.")
            if edges[pk] > 0 and flow.edge_count > MAX_EDGES:
                raise ProjectError("too_many_edges", f"A flow has at most {MAX_EDGES} wires: start another flow.")
            if pk != self.flow.pk:
                flow.save(update_fields=["node_count", "edge_count"])
        for table in (self.groups, self.notes):
            if table.added > 0 and table.stored(self.flow) + table.added > MAX_FRAMES:
                raise ProjectError("too_many_frames", f"A flow has at most {MAX_FRAMES} groups, and as many notes.")
        self.flow.rev = self.rev
        update_row(self.flow, "rev", "node_count", "edge_count")

    def _note_removals(self) -> None:
        removed = [
            Removed(
                kind=Kind.NODE,
                project_name=self.project.resource_name,
                resource_name=node.name,
                uid=node.applied_uid,
            )
            for node in self._gone_nodes.values()
            if node.pk not in self._new_nodes
        ]
        if removed:
            Removed.objects.bulk_create(removed, ignore_conflicts=True)
        if self._new_nodes:
            back = {node.name for node in self._new_nodes.values()}
            if len(back) > MANY:
                # Few are ever on their way out, and a list of thousands takes longer to ask for than to read them.
                gone = Removed.objects.filter(kind=Kind.NODE, project_name=self.project.resource_name)
                back &= set(gone.values_list("resource_name", flat=True))
            for some in turns(back):
                Removed.objects.filter(kind=Kind.NODE, resource_name__in=some).delete()

    def _insert(self) -> None:
        if not (self._new_nodes or self._new_edges or self.groups.grows or self.notes.grows or self.shares.grows):
            return
        try:
            with transaction.atomic():
                self.groups.insert()
                self.notes.insert()
                insert(self._new_nodes.values())
                insert(self._new_edges.values())
                self.shares.insert()
        except IntegrityError:
            raise self._clash() from None

    def _clash(self) -> ProjectError:
        """Which of the new rows was refused by the database, looked up only once something was."""
        for table in (self.groups, self.notes):
            if (known := table.taken()) is not None:
                return self._id_taken(known)
        taken = Node.objects.filter(pk__in=self._new_nodes).values_list("pk", flat=True).first()
        if taken is not None:
            return self._id_taken(taken)
        for edge in self._new_edges.values():
            if Edge.objects.filter(pk=edge.pk).exists():
                return self._id_taken(edge.pk)
            between = Edge.objects.filter(
                source_id=edge.source_id,
                source_port=edge.source_port,
                target_id=edge.target_id,
                target_port=edge.target_port,
            )
            if between.exists():
                message = f"There is a wire from {edge.source_port} to {edge.target_port} already: change its mapping."
                return ProjectError("edge_exists", message, 409, op=self._added_by[edge.pk])
        return ProjectError("edge_exists", "Two wires of this change join the same two ports: keep one.", 409)

    def _id_taken(self, taken: str | uuid.UUID) -> ProjectError:
        message = f"The id {taken} is taken: make a new one and send again."
        return ProjectError("id_taken", message, 409, op=self._added_by.get(taken), field="/id")
