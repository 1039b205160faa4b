"""Setting, changing and resetting a password."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from projects.accounts.limits import limited
from projects.accounts.proof import guarded_page
from projects.accounts.reset import person_of_reset, send_reset_link
from projects.actions.passwords import do_set_password
from projects.errors import ProjectError
from projects.mail import mail_is_set
from projects.origin import origin_of
from projects.views.guard import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
@never_cache
@guarded_page
def password(request: HttpRequest) -> HttpResponse:
    """A new password for who is signed in; other sessions end, this one goes on."""
    person, error = person_of(request), None
    if request.method == "POST":
        try:
            do_set_password(person, _chosen(request), keep=str(request.session.session_key))
            update_session_auth_hash(request, person)
            return redirect("security")
        except ProjectError as refused:
            error = refused
    context = {"error": error, "has_password": person.has_usable_password()}
    return render(request, "account/password.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Asks where to send a link to. The answer is the same whether or not there is anybody with that address."""
    sent, error = False, None
    if request.method == "POST" and mail_is_set():
        address = request.POST.get("email", "").strip()
        if limited(request, "reset_password", address):
            error = ProjectError("too_many_tries", "Too many tries: wait some minutes.", 429)
        else:
            send_reset_link(address, origin_of(request))
            sent = True
    context = {"sent": sent, "error": error, "mail_is_set": mail_is_set()}
    return render(request, "account/forgotten.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
@never_cache
def password_reset(request: HttpRequest, person_id: str, token: str) -> HttpResponse:
    """The link of the mail: GET shows the form, POST spends it."""
    person = person_of_reset(person_id)
    if person is None or not default_token_generator.check_token(person, token):
        return render(request, "account/reset_spent.html", status=410)
    error = None
    if request.method == "POST":
        try:
            do_set_password(person, _chosen(request))
            return redirect("sign_in")
        except ProjectError as refused:
            error = refused
    return render(request, "account/reset.html", {"error": error}, status=error.status if error else 200)


def _chosen(request: HttpRequest) -> str:
    chosen = request.POST.get("password", "")
    if chosen != request.POST.get("again", ""):
        raise ProjectError("passwords_differ", "The two are not the same: type it once more.")
    return chosen
