"""The part of the Content-Security-Policy that depends on the request."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """Adds the websocket of the page's own origin to `connect-src`.

    Browsers disagree on whether `'self'` covers `ws:` of the same host, so the origin is spelled out. The host is
    one of ALLOWED_HOSTS: `get_host` refuses any other, and then the answer is the plain policy.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if not report_only and response.status_code != 400:
            scheme = "wss" if request.is_secure() else "ws"
            parts.update = {**(parts.update or {}), "connect-src": [f"{scheme}://{request.get_host()}"]}
        return parts
