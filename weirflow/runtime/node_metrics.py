"""Messages, errors, latencies and queues, as Prometheus reads them. Looked up when it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from weirflow.runtime.latency import BOUNDS, Histogram
from weirflow.runtime.totals import Kept, Totals, kind_of

if TYPE_CHECKING:
    from weirflow.runtime.keyed_pool import KeyedPool
    from weirflow.runtime.node import Node
    from weirflow.runtime.shared import Shared
    from weirflow.runtime.stats import EdgeStats, NodeStats
    from weirflow.runtime.traces import Traces

#: Nodes that are told of one by one where that is asked for. What further ones count is in their component's sums only.
NODE_LIMIT = 1000

_LABELS = ["module", "component"]


class _Sum:
    """What a component's nodes, or the edges that leave them, come to."""

    def __init__(self, kept: Kept, now: float) -> None:
        self.count, self.errors, self.in_flight = kept.count, kept.errors, 0
        self.latency = Histogram()
        self._kept, self._now = kept.latency, now

    def add(self, stats: NodeStats | EdgeStats) -> None:
        self.count += stats.count
        self.errors += stats.errors
        self.in_flight += stats.in_flight
        if stats.count and stats.latency is not None:
            stats.latency.settle(self._now)
            self.latency.add(*stats.latency.unsettled())

    def closed(self) -> _Sum:
        """With what is over, which some of those added have just handed on."""
        self.latency.merge(self._kept)
        return self


def node_metrics(nodes: Mapping[str, Node], totals: Totals, now: float, *, each: bool = False) -> Iterator[Metric]:
    """Per component. ``now`` is monotonic time; ``each``: nodes one by one too, at most ``NODE_LIMIT`` of them."""
    sums = {key: (_Sum(total.nodes, now), _Sum(total.edges, now)) for key, total in totals}
    waiting: dict[tuple[str, str], int] = dict.fromkeys(sums, 0)
    for node in nodes.values():
        key = kind_of(node)
        of_nodes, of_edges = sums[key]
        of_nodes.add(node.stats)
        for edge in node.edges.values():
            of_edges.add(edge.stats)
        if node.instance is not None and (store := node.instance.stored_state) is not None:
            waiting[key] += store.queued
    for place, what in enumerate(("node", "edge")):
        yield from _family(what, {key: pair[place].closed() for key, pair in sums.items()})
    queued = GaugeMetricFamily("weirflow_state_waiting", "Messages that wait for a node's state", labels=_LABELS)
    for key, count in waiting.items():
        queued.add_metric(key, count)
    yield queued
    if each:
        yield from _each(nodes)


def _family(what: str, sums: Mapping[tuple[str, str], _Sum]) -> Iterator[Metric]:
    name = f"weirflow_{what}"
    of = "that nodes handled" if what == "node" else "sent along edges, by the component they came from; each attempt"
    messages = CounterMetricFamily(f"{name}_messages", f"Messages {of}", labels=_LABELS)
    errors = CounterMetricFamily(f"{name}_errors", "Those that ended in an error there", labels=_LABELS)
    in_flight = GaugeMetricFamily(f"{name}_in_flight", "Messages without an answer yet", labels=_LABELS)
    seconds = HistogramMetricFamily(
        f"{name}_seconds", "Time to the answer, that of what lies behind included; sampled under load", labels=_LABELS
    )
    for key, one in sums.items():
        messages.add_metric(key, one.count)
        errors.add_metric(key, one.errors)
        in_flight.add_metric(key, one.in_flight)
        seconds.add_metric(list(key), *_buckets(one.latency))
    yield from (messages, errors, in_flight, seconds)


def _buckets(latency: Histogram) -> tuple[list[tuple[str, float]], float]:
    found, below = [], 0
    for bound, count in zip((*BOUNDS, None), latency.coarse(), strict=True):
        below += count
        found.append(("+Inf" if bound is None else f"{bound / 1e6:g}", float(below)))
    return found, latency.seconds


def _each(nodes: Mapping[str, Node]) -> Iterator[Metric]:
    labels = [*_LABELS, "node"]
    messages = CounterMetricFamily("weirflow_each_node_messages", "Messages that this node handled", labels=labels)
    errors = CounterMetricFamily("weirflow_each_node_errors", "Those that ended in an error there", labels=labels)
    in_flight = GaugeMetricFamily("weirflow_each_node_in_flight", "Messages without an answer yet", labels=labels)
    for name in sorted(nodes)[:NODE_LIMIT]:
        node = nodes[name]
        key = *kind_of(node), name
        messages.add_metric(key, node.stats.count)
        errors.add_metric(key, node.stats.errors)
        in_flight.add_metric(key, node.stats.in_flight)
    yield from (messages, errors, in_flight)


def queue_metrics(shared: Shared, pools: Mapping[str, KeyedPool]) -> Iterator[Metric]:
    """What is under way in the host as a whole, and what waits."""
    queues = GaugeMetricFamily("weirflow_queue_depth", "What waits or is under way, by queue", labels=["queue"])
    window = shared.messages.window
    queues.add_metric(["entries"], shared.entries.taken)
    queues.add_metric(["entries_waiting"], shared.entries.waiting)
    queues.add_metric(["branches"], len(shared.branches))
    queues.add_metric(["messages"], window.taken)
    queues.add_metric(["messages_waiting"], window.waiting)
    queues.add_metric(["leader"], shared.forwarding.under_way)
    for name, pool in pools.items():
        queues.add_metric([name], pool.depth)
    yield queues


def run_metrics(traces: Traces) -> Iterator[Metric]:
    """Recorded runs."""
    recorded = CounterMetricFamily("weirflow_runs_recorded", "Runs recorded on this host, by why", labels=["why"])
    quotas = {"sample": traces.sampler.quota, "asked": traces.asked, "joined": traces.joined, "failed": traces.failed}
    for why, quota in quotas.items():
        recorded.add_metric([why], quota.total)
    yield recorded
    yield GaugeMetricFamily("weirflow_runs_kept", "Runs that this host remembers", value=len(traces.store))
    yield GaugeMetricFamily("weirflow_runs_kept_bytes", "Memory that they take, about", value=traces.store.size)
