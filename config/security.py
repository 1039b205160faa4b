"""The part of the Content-Security-Policy that depends on the request."""

from functools import lru_cache
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """Sends the policy of the settings, with the websocket of the page's own origin added to `connect-src`.

    Browsers disagree on whether `'self'` covers `ws:` of the same host, so the origin is spelled out. The host is
    one of ALLOWED_HOSTS: `get_host` refuses any other, and then the answer is the plain policy. No view has a policy
    of its own, so there is one text for each origin.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if HEADER not in response:
            bad = response.status_code == 400
            response[HEADER] = _policy(
                "" if bad else f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}"
            )
        return response


@lru_cache(maxsize=64)
def _policy(socket: str) -> str:
    update: dict[str, Any] | None = {"connect-src": [socket]} if socket else None
    return build_policy(update=update)
