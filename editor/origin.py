"""Whether a websocket was opened by a page of our own.

Browsers send cookies to a host whatever its port, and let any page open a websocket to anywhere: a page that another
program serves on this machine, a flow's HTTP listener for one, would look at flows in the name of who visits it. So the
origin is compared whole, with scheme and port, as Django does for forms.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def own_origin(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether ``Origin`` is that of the host that was asked, or one that the settings trust."""
    sent = {name: value.decode("latin-1") for name, value in headers if name in (b"origin", b"host")}
    origin, host = sent.get(b"origin", ""), sent.get(b"host", "")
    if not origin:
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    scheme = "https" if settings.HTTPS else "http"
    domain, _ = split_domain_port(host)
    return origin == f"{scheme}://{host}" and validate_host(domain, settings.ALLOWED_HOSTS)
