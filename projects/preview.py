"""A small picture of a project's first flow, for its card in the list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Sum

from projects.models import Edge, Flow, Project

Place = tuple[int, int]
Places = dict[str, Place]
"""Where nodes stand, by id."""

MAX_CARDS = 24
MAX_NODES = 24
WIDTH, HEIGHT, MARGIN = 200, 64, 48
"""Of a node as it is drawn, and around all of them; canvas pixels."""
SAG = 2 * HEIGHT
"""How far a wire that leads back is pulled below its nodes."""
SMALLEST = (1_000, 440)
"""A flow of two nodes is not blown up to fill the card."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`view_box`, the corners of the nodes and the paths of the wires, in canvas pixels."""

    view_box: str
    nodes: list[tuple[int, int]]
    wires: list[str]


@dataclass(frozen=True, slots=True)
class Card:
    """What the list shows of a project."""

    project: Project
    flows: int
    nodes: int
    preview: Preview | None


def cards(projects: Sequence[Project]) -> list[Card]:
    """In the same order. Counted for these alone: the list of all has a thousand."""
    of_these = Flow.objects.filter(project__in=[project.pk for project in projects])
    counted = of_these.order_by().values("project").annotate(flow_total=Count("pk"), node_total=Sum("node_count"))
    totals = {row["project"]: (row["flow_total"], row["node_total"]) for row in counted}
    drawn = previews(projects)
    return [Card(project, *totals.get(project.pk, (0, 0)), preview=drawn.get(project.pk)) for project in projects]


def previews(projects: Sequence[Project]) -> dict[uuid.UUID, Preview]:
    """Previews by project, of the first 24: three queries, which read at most 24 nodes of each by index."""
    shown = [project.pk for project in projects[:MAX_CARDS]]
    newest_first = Flow.objects.filter(project_id__in=shown).order_by("-created").values_list("project_id", "pk")
    flows = dict(newest_first)
    nodes = dict(zip(flows, _first_nodes(list(flows.values())), strict=True))
    ids = [pk for some in nodes.values() for pk in some]
    edges = list(Edge.objects.filter(source_id__in=ids, target_id__in=ids).values_list("source_id", "target_id"))
    return {project: draw(some, edges) for project, some in nodes.items() if some}


def _first_nodes(flows: Sequence[uuid.UUID]) -> list[Places]:
    """Of each flow, in one query: Django cannot join queries that each have a limit."""
    found: list[Places] = [{} for _ in flows]
    if not flows:
        return found
    nodes = f"FROM projects_node WHERE flow_id = %s LIMIT {MAX_NODES}"
    one = f"SELECT * FROM (SELECT {{}} AS place, id, x, y {nodes}) AS n{{}}"  # noqa: S608
    native = connection.features.has_native_uuid_field
    with connection.cursor() as cursor:
        text = " UNION ALL ".join(one.format(place, place) for place in range(len(flows)))
        cursor.execute(text, [flow if native else flow.hex for flow in flows])
        for place, pk, x, y in cursor.fetchall():
            found[place][pk] = (x, y)
    return found


def draw(places: Places, edges: list[tuple[str, str]]) -> Preview:
    """A picture of these nodes and of the wires among them."""
    left, top = (min(place[axis] for place in places.values()) for axis in (0, 1))
    right, bottom = (max(place[axis] for place in places.values()) for axis in (0, 1))
    width, height = right + WIDTH - left + 2 * MARGIN, bottom + HEIGHT - top + 2 * MARGIN
    ends = [(places[one], places[other]) for one, other in edges if one in places and other in places]
    if back := [max(source[1], target[1]) for source, target in ends if _leads_back(source, target)]:
        # A curve comes three quarters of the way to the points that pull at it.
        height = max(height, max(back) + HEIGHT // 2 + SAG * 3 // 4 - top + 2 * MARGIN)
    wide, high = max(width, SMALLEST[0]), max(height, SMALLEST[1])
    view_box = f"{left - MARGIN - (wide - width) // 2} {top - MARGIN - (high - height) // 2} {wide} {high}"
    wires = [_wire(source, target) for source, target in ends]
    return Preview(view_box, list(places.values()), wires)


def _leads_back(source: Place, target: Place) -> bool:
    return target[0] <= source[0] + WIDTH


def _wire(source: Place, target: Place) -> str:
    """A curve from the right side of a node to the left side of another; one that leads back sags below the row, and
    reaches out no further than the margin has room for."""
    x, y, to_x, to_y = source[0] + WIDTH, source[1] + HEIGHT // 2, target[0], target[1] + HEIGHT // 2
    back = _leads_back(source, target)
    reach, sag = max(abs(to_x - x) // 2, 60), SAG if back else 0
    if back:
        reach = min(reach, 2 * MARGIN)
    return f"M{x} {y}C{x + reach} {y + sag} {to_x - reach} {to_y + sag} {to_x} {to_y}"
