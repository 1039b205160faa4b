"""What crosses from one process to another: one message on its way along one edge, or on its way to the leader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery. ``docs/protocols.md``, section 8, says how each transport writes it.

    ``target`` and ``source`` are full port names, ``<node>:<port>``; a control or signal has the source ``signal``.
    ``payload`` is JSON. Along an edge it is the source's message, which the receiving side maps by its own entry for
    that source; ``forwarded`` says that another replica has mapped it already and that it may not be passed on again.
    """

    target: str
    source: str
    payload: bytes
    #: The hop's operation id: the same for every retry and forward of this delivery.
    operation_id: str
    edge: str = ""
    #: Hops behind it, this one counted.
    depth: int = 1
    #: Seconds the receiver may take; clocks of two machines are never compared.
    timeout: float = 300.0
    forwarded: bool = False
    #: Where ``forwarded``: the epoch in which the sender knows the receiver to lead.
    epoch: int = 0
    #: W3C trace context, when the run is traced.
    traceparent: str = ""
    #: The run that it belongs to; empty: whoever sent it does not say.
    run: str = ""
