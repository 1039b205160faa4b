"""Where a request goes: the parts of a URL that are sent, and those that decide about the connection."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from weirflow.errors import Fail
from weirflow.outbound.spellings import NoHost, read_host

LONGEST = 16_384
_PORTS = {"http": 80, "https": 443}
_UNSENT = re.compile(r"[^\x21-\x7e]")
#: What stays as it is where the rest is percent-encoded: all that may stand in a path and a query.
_SAFE = "!#$%&'()*+,/:;=?@[]~\"<>\\^`{|}-._"


@dataclass(frozen=True, slots=True)
class Origin:
    """What a connection leads to. `host` is without brackets; `name` as it stands in the header `Host`."""

    scheme: str
    host: str
    port: int
    name: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.name}"


@dataclass(frozen=True, slots=True)
class Target:
    """`path` is with its query. `credentials` is the header that user and password of the URL stand for."""

    origin: Origin
    path: str
    credentials: str = ""

    @property
    def url(self) -> str:
        """Without credentials and fragment."""
        return f"{self.origin}{self.path}"


def read_target(url: str) -> Target:
    """Raises `Fail`, which never repeats the URL: its query may hold a secret."""
    if len(url) > LONGEST:
        raise invalid(f"the URL has {len(url):,} characters; more than {LONGEST:,} are not sent")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise invalid(f"the URL cannot be read: {error}") from None
    if parts.scheme not in _PORTS or not parts.netloc:
        raise invalid("a URL begins with http:// or https:// and a host; correct it")
    if "\\" in parts.netloc:
        # Browsers end the host there, others do not: whoever looked at the URL before may have seen another.
        raise invalid("a URL's host has no backslash; correct it")
    user, at, place = parts.netloc.rpartition("@")
    origin = _origin(parts.scheme, place, port)
    path = parts.path or "/"
    if parts.query:
        path += "?" + parts.query
    if _UNSENT.search(path):
        path = quote(path, safe=_SAFE)
    return Target(origin, path, _basic(user) if at else "")


def join(target: Target, location: str) -> Target:
    """Where a redirect from `target` leads. Raises `Fail`."""
    return read_target(urljoin(target.url, location.strip()))


@lru_cache(maxsize=1024)
def _origin(scheme: str, place: str, port: int | None) -> Origin:
    text = place if port is None else place[: place.rindex(":")]
    try:
        host = read_host(text.removesuffix(":"))
    except NoHost as error:
        raise invalid(f"the URL's host cannot be called: {error}") from None
    shown = f"[{host}]" if ":" in str(host) else str(host)
    port = port or _PORTS[scheme]
    # A zone means something on this machine alone.
    named = re.sub(r"%[^\]]*", "", shown)
    return Origin(scheme, str(host), port, named if port == _PORTS[scheme] else f"{named}:{port}")


def _basic(user: str) -> str:
    name, _, password = user.partition(":")
    return "Basic " + base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()


def invalid(text: str) -> Fail:
    """What cannot be sent, however often it is tried."""
    return Fail(text, code="outbound_invalid", permanent=True)
