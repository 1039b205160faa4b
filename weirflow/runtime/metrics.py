"""What a module host tells Prometheus.

Counters that are raised where something happens stand here; what can be read from its owner when it is asked for
(Leases, counts of nodes and edges) is collected at the scrape, so that messages pay nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from weirflow.kube.lease import LeaseLoop


class Metrics:
    """One per host. Names and labels are part of the protocol (``docs/protocols.md``, section 9)."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self.state_alerts = Counter(
            "weirflow_state_alerts",
            "Writes to states that were refused (kind refused) or came from elsewhere (kind foreign)",
            ["module", "component", "kind"],
            registry=self._registry,
        )
        self.state_commits = Counter(
            "weirflow_state_commits",
            "Changes of states that were stored",
            ["module", "component"],
            registry=self._registry,
        )

        self.held_up = Counter(
            "weirflow_loop_held_up",
            "Times that a component held up the whole host, as its watchdog saw it",
            ["module", "component"],
            registry=self._registry,
        )

    def collect(self, look: Callable[[], Iterable[Metric]]) -> None:
        """Ask ``look`` at every scrape. It must not block."""
        self._registry.register(_Asked(look))

    def page(self, accept: str) -> tuple[bytes, str]:
        """The text for a scrape and its content type, in the form that the ``Accept`` header prefers."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


class _Asked(Collector):
    def __init__(self, look: Callable[[], Iterable[Metric]]) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        return self._look()


def lease_metrics(leases: Mapping[str, LeaseLoop]) -> Iterator[Metric]:
    """Leadership of the modules as this host knows it."""
    leading = GaugeMetricFamily("weirflow_lease_leading", "1 while this host leads the module", labels=["module"])
    leaderless = CounterMetricFamily(
        "weirflow_leaderless_seconds",
        "Seconds without a leader that this host has seen end or sees, from the last sign of life of the one before",
        labels=["module"],
    )
    for module, lease in leases.items():
        leading.add_metric([module], float(lease.is_leader))
        leaderless.add_metric([module], lease.vacancy.seconds())
    yield leading
    yield leaderless
