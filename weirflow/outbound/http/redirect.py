"""Where a redirect leads, and what of the request goes along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from weirflow.errors import Fail
from weirflow.outbound.http.head import Fields, for_other_origin, without_body
from weirflow.outbound.http.target import Target, join

_STATUSES = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a row."""

    method: str
    target: Target
    fields: Fields
    body: bytes


def followed(request: Request, status: int, fields: Fields) -> Request | None:
    """The next request; None where the answer leads nowhere. As browsers do: 303 asks by GET, and so do 301 and 302
    after POST (the Fetch standard, HTTP-redirect fetch). Raises `Fail`.
    """
    location = fields.get("location")
    if status not in _STATUSES or not location:
        return None
    origin = request.target.origin
    try:
        scheme = urlsplit(location).scheme
        if scheme not in ("", "http", "https"):
            raise ValueError("another scheme")
        # In the bytes that it came with: names of paths are often sent as they are.
        target = join(request.target, location.encode("latin-1").decode("utf-8", "replace"))
    except (ValueError, Fail):
        text = f"{origin} leads on to what is no http or https address; call the right one"
        raise Fail(text, code="outbound_redirects", permanent=True) from None
    if origin.scheme == "https" and target.origin.scheme == "http":
        # Who verifies the first server would believe whoever answers at the second.
        text = (
            f"{origin} leads on to {target.origin}, which is not encrypted; call it where it answers over https, or "
            "allow no redirects and call that address yourself"
        )
        raise Fail(text, code="outbound_redirects", permanent=True)
    following = replace(request, target=replace(target, credentials=""))
    if status == 303 or (status in (301, 302) and request.method == "POST"):
        method = "HEAD" if request.method == "HEAD" else "GET"
        following = replace(following, method=method, fields=without_body(following.fields), body=b"")
    if target.origin == origin:
        return replace(following, target=replace(target, credentials=request.target.credentials))
    return replace(following, fields=for_other_origin(following.fields))
