"""Where the secrets of a project are used: nodes and wires whose settings and mappings name them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from projects.models import Edge, Node, Project, ProjectSecret
from weirflow.secret_references import Reference, references_in

MOST_SHOWN = 20
"""Places of one secret that are named."""
MOST_OTHERS = 500
"""References that are told of which nothing was made here."""
_HOLDS = "[[secret:"


@dataclass(frozen=True, slots=True)
class Use:
    """A node, or a wire into it, as people know it."""

    node: str
    title: str
    flow: str
    flow_name: str
    wire: bool = False

    def as_row(self) -> dict[str, Any]:
        return {
            "node": self.node,
            "title": self.title,
            "flow": self.flow,
            "flow_name": self.flow_name,
            "wire": self.wire,
        }


def uses_of(project: Project) -> dict[Reference, list[Use]]:
    """By reference, in the order of flows and nodes; also of references that nothing here was made for."""
    found: defaultdict[Reference, list[Use]] = defaultdict(list)
    nodes = Node.objects.annotate(text=Cast("settings", TextField())).filter(project=project, text__contains=_HOLDS)
    for node in nodes.select_related("flow").order_by("flow__name", "label", "pk").iterator():
        use = Use(node.pk, str(node), str(node.flow_id), node.flow.name)
        for reference in references_in(node.settings):
            found[reference].append(use)
    edges = Edge.objects.annotate(text=Cast("mapping", TextField())).filter(project=project, text__contains=_HOLDS)
    for edge in edges.select_related("flow", "target").order_by("flow__name", "pk").iterator():
        use = Use(edge.target_id, str(edge.target), str(edge.flow_id), edge.flow.name, wire=True)
        for reference in references_in(edge.mapping):
            found[reference].append(use)
    return dict(found)


def secret_rows(project: Project) -> dict[str, Any]:
    """What the API and the page tell: the secrets made here, and those that are only named in flows. No values."""
    uses = uses_of(project)
    made = list(project.secrets.select_related("changed_by").order_by("name", "key"))
    known = {secret.reference for secret in made}
    return {
        "project": project.resource_name,
        "secrets": [_row(secret, uses.get(secret.reference, [])) for secret in made],
        "others": [_named(reference, uses[reference]) for reference in sorted(uses.keys() - known)[:MOST_OTHERS]],
    }


def secret_row(secret: ProjectSecret) -> dict[str, Any]:
    """One of them."""
    return _row(secret, uses_of(secret.project).get(secret.reference, []))


def _row(secret: ProjectSecret, uses: list[Use]) -> dict[str, Any]:
    return {
        "id": str(secret.pk),
        **_named(secret.reference, uses),
        "stored": secret.stored,
        "changed": secret.changed.isoformat(),
        "changed_by": secret.changed_by.get_username() if secret.changed_by else "a former member",
    }


def _named(reference: Reference, uses: list[Use]) -> dict[str, Any]:
    return {
        "name": reference.name,
        "key": reference.key,
        "reference": str(reference),
        "uses": [use.as_row() for use in uses[:MOST_SHOWN]],
        "use_count": len(uses),
    }
