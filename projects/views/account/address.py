"""A person's mail address."""

from typing import Any
from urllib.parse import urljoin

from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.accounts.limits import limited
from projects.accounts.proof import guarded_page
from projects.actions.accounts import checked_address, do_set_address
from projects.errors import ProjectError
from projects.mail import mail_is_set, send_mail
from projects.origin import origin_of
from projects.views.guard import page, person_of

SALT = "weirflow.address"
GOOD_SECONDS = 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@guarded_page
def address(request: HttpRequest) -> HttpResponse:
    """Another one is set once a link that was sent there has been followed; at once, where no mail goes out."""
    person, sent, error = person_of(request), "", None
    wanted = request.POST.get("email", person.email)
    if request.method == "POST":
        try:
            wanted = checked_address(wanted)
            if not mail_is_set() or not wanted:
                do_set_address(person, wanted)
                return redirect("security")
            if limited(request, "reset_password", wanted):
                raise ProjectError("too_many_tries", "Too many tries: wait some minutes.", 429)
            _send_link(request, person, wanted)
            sent = wanted
        except ProjectError as refused:
            error = refused
    context = {"email": wanted, "sent": sent, "error": error}
    return render(request, "account/address.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def address_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail, for who asked for it: GET shows the address, POST sets it."""
    person = person_of(request)
    told = _read(token)
    if told is None or told[:2] != [person.pk, person.email]:
        return render(request, "account/address_spent.html", status=410)
    error = None
    if request.method == "POST":
        try:
            do_set_address(person, told[2])
            return redirect("security")
        except ProjectError as refused:
            error = refused
    context = {"email": told[2], "error": error}
    return render(request, "account/address_confirm.html", context, status=error.status if error else 200)


def _send_link(request: HttpRequest, person: User, wanted: str) -> None:
    """Whose it is, what it was and what it shall be: another change ends the link."""
    token = signing.dumps([person.pk, person.email, wanted], salt=SALT)
    link = urljoin(origin_of(request), reverse("address_confirm", args=[token]))
    send_mail(wanted, "address", {"person": person, "link": link})


def _read(token: str) -> list[Any] | None:
    try:
        told = signing.loads(token, salt=SALT, max_age=GOOD_SECONDS)
    except signing.BadSignature:
        return None
    return told if isinstance(told, list) and len(told) == 3 else None
