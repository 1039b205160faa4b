"""What no address and no form may hold: NUL. PostgreSQL keeps no text with it, and nobody types it."""

from django.http import HttpRequest, HttpResponse, JsonResponse

_FORMS = {"application/x-www-form-urlencoded": b"%00", "multipart/form-data": b"\0"}
_MESSAGE = "The request holds a NUL character: remove it."


def nul_refused(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request with NUL in its path, its parameters or its form; None for all others. The bodies of the
    API are looked at where they are read."""
    if not _holds_nul(request):
        return None
    if request.path_info.startswith("/api/"):
        return JsonResponse({"error": {"code": "invalid_request", "message": _MESSAGE}}, status=400)
    return HttpResponse(_MESSAGE, status=400, content_type="text/plain; charset=utf-8")


def _holds_nul(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info or "%00" in query or "\0" in query:
        return True
    mark = _FORMS.get(request.content_type or "")
    return mark is not None and request.method == "POST" and (mark in request.body or b"\0" in request.body)
