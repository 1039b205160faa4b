"""A small picture of a project's first flow, for its card in the list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from projects.models import Edge, Flow, Node, Project

MAX_CARDS = 12
MAX_NODES = 24
WIDTH, HEIGHT, MARGIN = 200, 64, 48
"""Of a node as it is drawn, and around all of them; canvas pixels."""
SMALLEST = (1_000, 440)
"""A flow of two nodes is not blown up to fill the card."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`view_box`, the corners of the nodes and the paths of the wires, in canvas pixels."""

    view_box: str
    nodes: list[tuple[int, int]]
    wires: list[str]


def previews(projects: Sequence[Project]) -> dict[uuid.UUID, Preview]:
    """Previews by project, of the first twelve: each costs one read of at most 24 nodes by index."""
    shown = [project.pk for project in projects[:MAX_CARDS]]
    flows = {flow.project_id: flow.pk for flow in Flow.objects.filter(project_id__in=shown).order_by("-created")}
    nodes = {project: list(Node.objects.filter(flow_id=flow)[:MAX_NODES]) for project, flow in flows.items()}
    ids = [node.pk for some in nodes.values() for node in some]
    edges = list(Edge.objects.filter(source_id__in=ids, target_id__in=ids).values_list("source_id", "target_id"))
    return {project: _draw(some, edges) for project, some in nodes.items() if some}


def _draw(nodes: list[Node], edges: list[tuple[str, str]]) -> Preview:
    places = {node.pk: (node.x, node.y) for node in nodes}
    left, top = (min(place[axis] for place in places.values()) for axis in (0, 1))
    right, bottom = (max(place[axis] for place in places.values()) for axis in (0, 1))
    width, height = right + WIDTH - left + 2 * MARGIN, bottom + HEIGHT - top + 2 * MARGIN
    wide, high = max(width, SMALLEST[0]), max(height, SMALLEST[1])
    view_box = f"{left - MARGIN - (wide - width) // 2} {top - MARGIN - (high - height) // 2} {wide} {high}"
    wires = [_wire(places[one], places[other]) for one, other in edges if one in places and other in places]
    return Preview(view_box, list(places.values()), wires)


def _wire(source: tuple[int, int], target: tuple[int, int]) -> str:
    """A curve from the right side of a node to the left side of another; one that leads back sags below the row."""
    x, y, to_x, to_y = source[0] + WIDTH, source[1] + HEIGHT // 2, target[0], target[1] + HEIGHT // 2
    reach = max(abs(to_x - x) // 2, 60)
    sag = 0 if to_x > x else 2 * HEIGHT
    return f"M{x} {y}C{x + reach} {y + sag} {to_x - reach} {to_y + sag} {to_x} {to_y}"
