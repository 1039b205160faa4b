"""The one way out: every address that a flow calls is looked up, judged and pinned here (docs/outbound.md)."""

from weirflow.outbound.contract import Address, Outbound, OutboundResponse
from weirflow.outbound.http.head import for_other_origin

__all__ = ["Address", "Outbound", "OutboundResponse", "for_other_origin"]
