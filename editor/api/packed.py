"""Answers that are large: packed where the browser takes that, on the thread that made them."""

import gzip

from django.http import HttpRequest, HttpResponse

PACKING = 1
"""Rows are alike: the least effort already leaves an eighth of them."""


def takes_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def written(text: bytes, zipped: bool) -> bytes:
    """The body as it goes out; to be called off the event loop."""
    return gzip.compress(text, PACKING) if zipped else text


def packed(body: bytes, zipped: bool) -> HttpResponse:
    """The answer around a body that `written` made."""
    answer = HttpResponse(body, content_type="application/json")
    answer["Vary"] = "Accept-Encoding"
    if zipped:
        answer["Content-Encoding"] = "gzip"
    return answer
