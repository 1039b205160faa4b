"""Trust in servers: the system's, none, or a caller's own."""

from __future__ import annotations

import ssl
from functools import lru_cache
from typing import TypeAlias

from weirflow.errors import Fail
from weirflow.outbound.http.target import Origin

Verify: TypeAlias = bool | ssl.SSLContext


def context_of(verify: Verify) -> ssl.SSLContext:
    """What a connection is made with."""
    return verify if isinstance(verify, ssl.SSLContext) else _standard(verify)


@lru_cache(maxsize=2)
def _standard(verify: bool) -> ssl.SSLContext:
    # Reading the system's certificates takes tens of milliseconds: once for all.
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def tls_failure(origin: Origin, error: ssl.SSLError) -> Fail:
    """What a handshake failed for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        text = (
            f"the certificate of {origin} is not trusted ({error.verify_message}); give the authority that signed it, "
            "or call the server by the name that it is for"
        )
        return Fail(text, code="outbound_tls", permanent=True)
    reason = (error.reason or "no reason given").replace("_", " ").lower()
    return Fail(f"{origin} does not speak TLS as it should ({reason}); is it https?", code="outbound_tls")
