"""Where links in mails lead: to the product as others reach it."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names that are always answered, for programs on this machine."""


def origin_of(request: HttpRequest) -> str:
    """`https://host/`, by the name that the browser used. Who writes to others chooses that name in the Host header:
    where the product has names of its own, one that leads to each reader's own machine is replaced by the first."""
    here: str = request.build_absolute_uri("/")
    named = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK and not host.startswith((".", "*"))]
    domain, _ = split_domain_port(request.get_host())
    return f"{request.scheme}://{named[0]}/" if named and domain in LOOPBACK else here
