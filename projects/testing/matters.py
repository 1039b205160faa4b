"""Whether a test could end in another way by now: a digest of all that it was run with.

Settings, wires with their mappings and delivery, which component a node is, the scenario of the test and the code of
the shipped modules are in it; places, titles, colours, notes and groups are not. Of the flow's part it is worked out
once for each revision of the document, when somebody asks, never with an edit.
"""

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Any

import orjson
from django.db.models import Max

from projects.models import Flow, Node, Share
from projects.testing.as_run import flow_as_run
from weirflow.flowtest.shipped import shipped_code

KEPT = 256
"""Flows of which the digest is remembered."""

_Key = tuple[Any, ...]
_known: OrderedDict[_Key, str] = OrderedDict()
_lock = Lock()


def digest_of_flow(nodes: dict[str, dict[str, Any]], wires: list[dict[str, Any]]) -> str:
    """Of what the runner is handed of a flow, but for what people call its nodes."""
    bare = {name: {key: value for key, value in node.items() if key != "title"} for name, node in nodes.items()}
    said = orjson.dumps([bare, sorted(wires, key=lambda wire: str(wire["id"]))], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said + shipped_code().encode()).hexdigest()


def digest_of_test(of_flow: str, scenario: Any, scenarios: dict[str, str]) -> str:
    """Of one test, by the name of its scenario, None without; `scenarios` as of `scenarios_of`. What the test itself
    says has a revision for that."""
    if scenario is None:
        return of_flow
    return hashlib.sha256(f"{of_flow} {scenarios.get(scenario, '')}".encode()).hexdigest()


def scenarios_of(flow: Flow) -> dict[str, str]:
    """By name, which state of which scenario it is."""
    return {name: f"{pk} {rev}" for name, pk, rev in flow.scenarios.values_list("name", "pk", "rev")}


def stale_tests(flow: Flow) -> list[str]:
    """Ids of those whose result is of a flow, a scenario or components as they are no more. What tests say and what
    became of them stays in the database."""
    ran = list(flow.tests.filter(ran_at__isnull=False).values_list("pk", "ran_of", "body__scenario"))
    if not ran:
        return []
    of_flow, scenarios = _digest_now(flow), scenarios_of(flow)
    return [str(pk) for pk, ran_of, scenario in ran if ran_of != digest_of_test(of_flow, scenario, scenarios)]


def _digest_now(flow: Flow) -> str:
    # What is shown of other flows is edited there, without a revision of this one.
    foreign = Node.objects.filter(pk__in=Share.objects.filter(flow=flow).values("node")).aggregate(last=Max("rev"))
    key = (flow.pk, flow.rev, foreign["last"])
    with _lock:
        found = _known.get(key)
        if found is not None:
            _known.move_to_end(key)
            return found
    found = digest_of_flow(*flow_as_run(flow))
    with _lock:
        _known[key] = found
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found
