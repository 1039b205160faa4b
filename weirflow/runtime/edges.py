"""Edges of a node: read from the resources, compiled once when they change, with what is wrong about them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from weirflow.errors import Fail, Problem
from weirflow.expressions import Mapping, compile_mapping
from weirflow.kube.resources import Object, decode_json, split_port
from weirflow.runtime.stats import EdgeStats

if TYPE_CHECKING:
    from weirflow.runtime.node import Node


#: Mappings that are kept for other edges with the same text, and how many characters of base64 such a text may have.
_SHARED_MAPPINGS, _SHARED_CHARACTERS = 1_000, 2_000


#: No pause and no attempt is longer.
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a message whose error is retryable is sent again along an edge; pauses in seconds."""

    max_attempts: int = 1
    first_pause: float = 1.0
    factor: float = 2.0
    longest_pause: float = 30.0
    not_codes: frozenset[str] = frozenset()

    @classmethod
    def read(cls, data: dict[str, Any] | None) -> RetryPolicy:
        """The public ``retryPolicy`` of an edge. Raises ``TypeError``, ``ValueError`` when a number is none."""
        if not data:
            return cls()
        return cls(
            max_attempts=int(_number(data.get("maxAttempts", 3), 1, 10)),
            first_pause=_number(data.get("initialDelayMs", 1000), 0, _DAY_MS) / 1000,
            factor=_number(data.get("backoffCoefficient", 2.0), 1.0, 1000.0),
            longest_pause=_number(data.get("maxDelayMs", 30_000), 0, _DAY_MS) / 1000,
            not_codes=frozenset(map(str, data.get("nonRetryableErrorCodes") or ())),
        )

    def pause(self, attempt: int) -> float:
        """Seconds to wait after the failed attempt number ``attempt`` (from 1)."""
        return min(self.first_pause * self.factor ** (attempt - 1), self.longest_pause)

    def allows(self, error: Fail, attempt: int) -> bool:
        """Whether the message may be sent again after ``error`` in attempt number ``attempt``."""
        return error.retryable and attempt < self.max_attempts and error.code not in self.not_codes


@dataclass(slots=True, eq=False)
class Edge:
    """One edge, on the side of its source. It lives as long as the edge has the same id, so that its counts do too."""

    id: str
    source: str
    source_port: str = ""
    target: str = ""
    target_port: str = ""
    #: Seconds for each attempt; None: only the message's own deadline counts.
    timeout: float | None = None
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    node: Node | None = None
    #: The module that the target's name speaks of, where another process serves it; that one maps the message.
    elsewhere: str = ""
    mapping: Mapping | None = None
    problem: Problem | None = None
    stats: EdgeStats = field(default_factory=EdgeStats)
    _configuration: str | None = None

    def read(self, data: Object) -> None:
        """Take over what stands in the source's ``spec.edges[]``. A malformed entry becomes the edge's problem."""
        self.problem = None
        self.source_port = str(data.get("port") or "")
        self.target, self.target_port = split_port(str(data.get("to") or ""))
        try:
            self.retry = RetryPolicy.read(data.get("retryPolicy"))
            timeout = data.get("timeoutMs", (data.get("retryPolicy") or {}).get("timeoutMs"))
            self.timeout = None if timeout is None else _number(timeout, 1, _DAY_MS) / 1000
        except (AttributeError, TypeError, ValueError):
            self._fail("edge_invalid", "its timeoutMs or retryPolicy is not a number; correct it")

    def resolve(self, source: Node, target: Node | None, elsewhere: str, unreachable: Problem | None) -> None:
        """Find the other end and compile the mapping, or say why the edge cannot carry messages.

        ``elsewhere`` is the target's module where this host does not serve it, ``unreachable`` why nobody else does.
        """
        self.node = None
        self.elsewhere = ""
        if self.problem is not None and self.problem.code == "edge_invalid":
            return
        self.problem = None
        if source.spec is not None and not source.has_output(self.source_port):
            if (settings := source.problems.get("settings")) is not None:
                # Ports are made of settings (an error port, routes): nobody knows yet whether it will have this one.
                self._fail("source_failed", f"its source {self.source} cannot run: {settings.message}")
                return
            self._fail("unknown_port", f"{self.source} has no output {self.source_port!r}; connect it to another port")
        elif not self.target or not self.target_port:
            self._fail("edge_invalid", "its `to` is not of the form node:port; draw the edge again")
        elif elsewhere:
            # Also while it cannot be reached: the next message finds out whether that is still so.
            self.elsewhere = elsewhere
            if unreachable is not None:
                self._fail(unreachable.code, unreachable.message)
        elif target is None:
            self._fail(
                "unknown_node", f"its target {self.target} does not exist; delete the edge or add the node again"
            )
        elif target.spec is None:
            self._fail("target_failed", f"its target {self.target} cannot run: {target.problem_text()}")
        elif not target.has_input(self.target_port):
            self._fail("unknown_port", f"{self.target} has no input {self.target_port!r}; connect it to another port")
        else:
            self._compile(target)

    def _compile(self, target: Node) -> None:
        configuration = target.mapping_for(self.source, self.source_port, self.target_port)
        if configuration is None:
            self._fail(
                "mapping_missing",
                f"{self.target} has no mapping for messages from {self.source}:{self.source_port}; "
                "open the edge and map its fields",
            )
            return
        with_secrets = target.secrets.mappings.get(configuration)
        if isinstance(with_secrets, Problem):
            self._fail(with_secrets.code, with_secrets.message, with_secrets.field)
            return
        if with_secrets is not None:
            self.mapping, self._configuration = with_secrets, configuration
        elif configuration != self._configuration or self.mapping is None:
            self.mapping, self._configuration = None, configuration
            try:
                self.mapping = _compiled(configuration)
            except Fail as error:
                self._fail("mapping_invalid", error.problem.message, error.problem.field)
                return
            except ValueError:
                self._fail("mapping_invalid", "its mapping is not base64 JSON; map its fields again")
                return
        self.node = target

    def _fail(self, code: str, message: str, pointer: str | None = None) -> None:
        self.problem = Problem(code, f"edge from {self.source}:{self.source_port}: {message}", pointer, edge=self.id)


def _number(value: Any, least: float, most: float) -> float:
    """``value`` within bounds. Raises ``TypeError``, ``ValueError`` for what is none, or has no end."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is no number to reckon with")
    return min(max(number, least), most)


def _compiled(configuration: str) -> Mapping:
    """Many edges have the same mapping: short ones are compiled once. Raises ``Fail``, ``ValueError``."""
    return _compiled_once(configuration) if len(configuration) <= _SHARED_CHARACTERS else _compile(configuration)


def _compile(configuration: str) -> Mapping:
    mapping = decode_json(configuration)
    return compile_mapping({} if mapping is None else mapping)


_compiled_once = lru_cache(maxsize=_SHARED_MAPPINGS)(_compile)
