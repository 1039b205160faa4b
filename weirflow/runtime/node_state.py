"""Watching over one node's stored state: what the watch shows is taken up, or, if somebody else wrote it, answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from weirflow.errors import Fail
from weirflow.kube.errors import ApiError, NotFound
from weirflow.kube.resources import TINY_NODE, Object
from weirflow.runtime.alert_texts import message_of, values_of
from weirflow.runtime.alerts import NodeAlerts
from weirflow.runtime.sealing import MissingKey
from weirflow.runtime.state_guard import Finding, StateGuard, Texts, Verdict, order_of
from weirflow.runtime.state_history import StateHistory
from weirflow.runtime.totals import kind_of
from weirflow.state_codec import codec_of

if TYPE_CHECKING:
    from weirflow.runtime.node import Node

REFUSED, FOREIGN = "refused", "foreign"
_REASONS = {REFUSED: "StateWriteRefused", FOREIGN: "ForeignStateWrite"}


class NodeState:
    """The rules stand in `StateGuard`; here is what follows from them. Only a leader acts: to a reader the watch is
    what counts, by epoch and version."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.guard = StateGuard(self._owns)
        self.alerts = NodeAlerts(node.shared.identity, self._alerts_changed)
        #: What we hold has to be written back, or anew.
        self.rewrite_due = False
        #: A state of an epoch above the leader's: it has to be found out whether a leader had it.
        self.outranked: tuple[Finding, Texts] | None = None

    def shown(self, metadata: Texts, *, first: bool = False) -> None:
        """The watch shows ``metadata``; to be called with every version of the resource that it does."""
        node = self._node
        if node.instance is None:
            return
        store = node.instance.stored_state
        if first or not node.lease.is_leader or store is None or not store.persistent:
            if first or metadata != node.metadata:
                node.load_state(metadata)
            self.guard.shown(metadata)
        elif (finding := self.guard.judge(metadata, node.uid, node.lease.epoch)) is not None:
            self.found(finding, metadata, None, live=False)

    def check_seals(self, metadata: Texts) -> None:
        """The keys may be others than they were: read again what could not be opened, and seal anew, in time, what an
        older key has sealed."""
        node = self._node
        store = node.instance.stored_state if node.instance is not None else None
        if store is None or node.spec is None or node.spec.state is None:
            return
        if store.error is not None and store.error.code == MissingKey.code:
            node.load_state(metadata)
        secret = [key for key in codec_of(node.spec.state).secret_keys if key in metadata]
        if secret and node.lease.is_leader and store.persistent and store.error is None:
            sealer = node.shared.sealer
            if sealer.keys.primary and not all(sealer.is_current(metadata[key]) for key in secret):
                self.rewrite()

    def found(self, finding: Finding, metadata: Texts, refused: Texts | None, /, *, live: bool) -> None:
        """Somebody else wrote ``metadata``; ``refused`` is what could not be stored for that reason."""
        node = self._node
        if finding.keeps_ours:
            node.writer.forget()
            self.rewrite()
        elif finding.takes_theirs and refused is None and not self.take(metadata, live=live):
            finding = replace(finding, verdict=Verdict.DAMAGED)
        if finding.verdict is Verdict.HANDED_OVER or finding.known:
            return
        if finding.verdict is Verdict.OUTRANKED and refused is None:
            self.outranked = finding, metadata
            node.shared.mend(node.name)
            return
        self.alert(finding, metadata, refused)

    def take(self, metadata: Texts, *, live: bool = False) -> bool:
        """Take up a newer state. False if it cannot be read and ours is written back over it instead."""
        node = self._node
        store = node.instance.stored_state if node.instance is not None else None
        if store is not None and node.lease.is_leader and store.overrules(metadata):
            self.guard.adopted(metadata, live=live)
            node.writer.forget()
            self.rewrite()
            return False
        node.load_state(metadata, live=live)
        return True

    async def reload(self) -> None:
        """Read the live resource and hand its state to the component. Raises ``Fail``."""
        try:
            live: Object = await self._node.shared.cluster.get(TINY_NODE, self._node.name)
        except NotFound as error:
            raise Fail(f"{self._node.name} has been deleted", code="node_gone", permanent=True) from error
        except ApiError as error:
            raise Fail(
                f"the state of {self._node.name} was changed elsewhere and cannot be read again: {error.message}",
                code="cluster_unreachable",
                retryable=True,
            ) from error
        self.take(dict((live.get("status") or {}).get("metadata") or {}), live=True)

    def alert(self, finding: Finding, metadata: Texts, refused: Texts | None = None) -> None:
        """Tell people: on the node, in an Event and in a metric."""
        node = self._node
        kind = FOREIGN if refused is None else REFUSED
        spec = node.spec
        codec = codec_of(spec.state) if spec is not None and spec.state is not None else None
        values = node.concealer.value(values_of(finding, metadata, refused, codec))
        message = message_of(finding, metadata, values, refused=refused is not None, node=node.name)
        node.shared.metrics.state_alerts.labels(*kind_of(node), kind).inc()
        self.alerts.add(kind, message, values)
        if node.shared.events is not None:
            node.shared.events.warn(self._reference(), _REASONS[kind], message)

    def rewrite(self) -> None:
        """Have the state stored once more, soon."""
        self.rewrite_due = True
        self._node.shared.mend(self._node.name)

    def adopted(self, metadata: Texts, *, live: bool) -> None:
        """The component holds the state of ``metadata`` now, or an error in its place."""
        instance = self._node.instance
        if instance is None or (store := instance.stored_state) is None:
            return
        self.guard.adopted(metadata, live=live, usable=store.error is None)
        if store.error is None and store.codec.is_stored(metadata):
            texts = {key: text for key, text in metadata.items() if instance.owns(key)}
            self.history.taken(store.epoch, store.version, texts, first=not self._node.metadata)

    @property
    def history(self) -> StateHistory:
        """The last changes."""
        return self._node.shared.histories.of(self._node.name)

    @property
    def epoch_found(self) -> int:
        """The epoch of `outranked`; 0 without it."""
        order = order_of(self.outranked[1]) if self.outranked is not None else None
        return order[0] if order is not None else 0

    def close(self) -> None:
        """The node has ended."""
        self.alerts.close()

    def _owns(self, key: str) -> bool:
        return self._node.instance is not None and self._node.instance.owns(key)

    def _alerts_changed(self) -> None:
        self._node.set_problem("alert", self.alerts.problem)
        self._node.changed()

    def _reference(self) -> Object:
        return {
            "apiVersion": TINY_NODE.api_version,
            "kind": TINY_NODE.kind,
            "name": self._node.name,
            "uid": self._node.uid,
        }
