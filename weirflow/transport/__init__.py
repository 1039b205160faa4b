"""Messages between the processes of a flow: one envelope, one protocol, several ways to carry it."""

from weirflow.transport.base import Receive, Transport, Unreachable
from weirflow.transport.envelope import Envelope

__all__ = ["Envelope", "Receive", "Transport", "Unreachable"]
