"""Proving again who one is, before something that guards the account is changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from projects.accounts.entering import person_by_password, safe_next
from projects.accounts.factors import accept_code
from projects.accounts.limits import limited
from projects.accounts.proof import is_fresh, note_proof
from projects.accounts.second_step import has_second_factor
from projects.errors import ProjectError
from projects.views.guard import page, person_of


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@never_cache
@page
def confirm(request: HttpRequest) -> HttpResponse:
    """Asks for the password; for a code, where there is a second factor."""
    person, after, error = person_of(request), safe_next(request), None
    if is_fresh(request):
        return redirect(after or "security")
    by_code = has_second_factor(person)
    if request.method == "POST":
        try:
            if by_code:
                _check_code(request)
            elif person_by_password(request, person.username, request.POST.get("password", "")) != person:
                raise ProjectError("wrong_password", "The password is wrong.")
            note_proof(request)
            return redirect(after or "security")
        except ProjectError as refused:
            error = refused
    context = {"by_code": by_code, "next": after, "error": error}
    return render(request, "account/confirm.html", context, status=error.status if error else 200)


def _check_code(request: HttpRequest) -> None:
    person = person_of(request)
    if limited(request, "second_factor", str(person.pk)):
        raise ProjectError("too_many_tries", "Too many tries: wait some minutes.", 429)
    if not accept_code(person, request.POST.get("code", "")):
        raise ProjectError("wrong_code", "The code is wrong, or was used before: wait for the next one.")
