"""Whether a test could end in another way by now: a digest of all that its messages can come to.

Settings, wires with their mappings and delivery, which component a node is, the samples of the test's scenario and the
code of the shipped modules are in it; places, titles, colours, notes and groups are not, nor is what the test's
messages cannot reach (weirflow/flowtest/reach.py): its runner does not make that. It is worked out once for each
revision of the document, when somebody asks, never with an edit.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

import orjson
from django.db.models import F, Max

from projects.models import Flow, Node, Share
from projects.testing.as_run import flow_as_run
from weirflow.flowtest.cases import NotATest, read_test
from weirflow.flowtest.reach import Part, Ways
from weirflow.flowtest.shipped import shipped_code

KEPT = 256
"""Flows of which the digests of the tests are remembered."""

_Key = tuple[Any, ...]
_known: OrderedDict[_Key, dict[_Key, str]] = OrderedDict()
_lock = Lock()


class Matters:
    """What matters to tests of a flow, as its runner is handed it: ``nodes``, ``wires``, and ``scenarios`` by name."""

    def __init__(
        self,
        nodes: Mapping[str, Mapping[str, Any]],
        wires: list[dict[str, Any]],
        scenarios: Mapping[str, dict[str, Any]],
    ) -> None:
        self._scenarios = scenarios
        self._nodes = {name: _digest([name, {**node, "title": ""}]) for name, node in nodes.items()}
        self._wires = [_digest(wire) for wire in wires]
        self._ways = Ways((*_port(wire["from"]), _port(wire["to"])[0]) for wire in wires)

    def digest(self, body: dict[str, Any]) -> str:
        """Of the test that says this. That it says this is not in it: a test has a revision for that."""
        part = self._part(body)
        samples: Any = None
        if (scenario := body.get("scenario")) is not None and (samples := self._scenarios.get(scenario)) is not None:
            # Their order is that in which a node sends them.
            samples = [[at, message] for at, message in samples.items() if _port(at)[0] in part.nodes]
        nodes = sorted(self._nodes[name] for name in part.nodes if name in self._nodes)
        wires = sorted(self._wires[index] for index in part.wires)
        return _digest([nodes, wires, samples, shipped_code()])

    def _part(self, body: dict[str, Any]) -> Part:
        """All of the flow where the test speaks of what is not there, or cannot be read: what is said of it then is no
        longer of a part."""
        try:
            part = self._ways.part(read_test({**body, "name": "a test"}))
        except NotATest:
            part = None
        if part is None or not part.nodes <= self._nodes.keys():
            return Part(frozenset(self._nodes), frozenset(range(len(self._wires))))
        return part


def matters_of(flow: Flow) -> Matters:
    """As the flow stands."""
    return Matters(*flow_as_run(flow), samples_of(flow))


def samples_of(flow: Flow) -> dict[str, dict[str, Any]]:
    """The messages of its scenarios by their names, each by ``node.port``."""
    return {
        scenario.name: {f"{sample['node']}.{sample['port']}": sample["data"] for sample in scenario.ports}
        for scenario in flow.scenarios.all()
    }


def stale_tests(flow: Flow) -> list[str]:
    """Ids of those whose result is of a flow, a scenario or components as they are no more, where the test still says
    what it did. What they say and what became of them stays in the database as long as nothing changes."""
    ran = list(
        flow.tests.filter(ran_at__isnull=False, ran_rev=F("rev")).values_list("pk", "ran_of", "rev", "body__scenario")
    )
    if not ran:
        return []
    scenarios = {name: (pk, rev) for name, pk, rev in flow.scenarios.values_list("name", "pk", "rev")}
    keys = {pk: (pk, rev, scenario, scenarios.get(scenario)) for pk, _, rev, scenario in ran}
    now = _digests(flow, keys)
    return [str(pk) for pk, ran_of, _, _ in ran if ran_of != now[keys[pk]]]


def _digests(flow: Flow, keys: Mapping[Any, _Key]) -> dict[_Key, str]:
    """By the keys of tests, given by their ids."""
    # What is shown of other flows is edited there, without a revision of this one.
    foreign = Node.objects.filter(pk__in=Share.objects.filter(flow=flow).values("node")).aggregate(last=Max("rev"))
    at = (flow.pk, flow.rev, foreign["last"])
    with _lock:
        known = _known.get(at, {})
    found = {key: known[key] for key in keys.values() if key in known}
    if missing := [pk for pk, key in keys.items() if key not in found]:
        found |= _reckoned(flow, missing, keys)
    with _lock:
        _known[at] = found
        _known.move_to_end(at)
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return found


def _reckoned(flow: Flow, tests: Iterable[Any], keys: Mapping[Any, _Key]) -> dict[_Key, str]:
    matters = matters_of(flow)
    bodies = flow.tests.filter(pk__in=tests).values_list("pk", "body")
    # One that is gone by now has nothing that could be old.
    return dict.fromkeys((keys[pk] for pk in tests), "") | {keys[pk]: matters.digest(body) for pk, body in bodies}


def _port(at: str) -> tuple[str, str]:
    node, _, port = at.partition(".")
    return node, port


def _digest(said: Any) -> str:
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
