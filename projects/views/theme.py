from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from projects.accounts.entering import safe_next
from projects.theme import COOKIE

_YEAR = 365 * 24 * 3600


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keeps the choice and goes back to where it was made."""
    response = redirect(safe_next(request) or "/")
    choice = request.POST.get("theme")
    if choice in ("light", "dark"):
        response.set_cookie(COOKIE, choice, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
