"""The second factor: asked for at sign-in, set up, removed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from projects.accounts.factors import accept_code, forget_pending, pending_secret, picture_of
from projects.accounts.limits import limited
from projects.accounts.proof import guarded_page
from projects.accounts.second_step import waiting_step
from projects.actions.factors import do_add_factor, do_remove_factor, do_renew_recovery_codes
from projects.audit import audit
from projects.audit_sign_in import audit_refused
from projects.errors import ProjectError
from projects.views.guard import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Between the password and being signed in."""
    step = waiting_step(request)
    if request.user.is_authenticated or step is None:
        return redirect("sign_in")
    person, error = step.login.user, None
    if request.method == "POST":
        if limited(request, "second_factor", str(person.pk)):
            error = ProjectError("too_many_tries", "Too many tries: wait some minutes.", 429)
        elif kind := accept_code(person, request.POST.get("code", "")):
            audit(person, "factor.use", person, after={"kind": kind})
            answer: HttpResponse = step.exit()
            return answer
        else:
            audit_refused(person, "second factor")
            error = ProjectError("wrong_code", "The code is wrong, or was used before: wait for the next one.")
    return render(request, "sign_in_code.html", {"error": error}, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@guarded_page
def factor_add(request: HttpRequest) -> HttpResponse:
    """Shows what the app scans; its first code turns the factor on and shows the recovery codes, this once."""
    person, error = person_of(request), None
    secret = pending_secret(request, anew=request.method != "POST")
    if request.method == "POST":
        try:
            if limited(request, "second_factor", str(person.pk)):
                raise ProjectError("too_many_tries", "Too many tries: wait some minutes.", 429)
            codes = do_add_factor(person, secret, request.POST.get("code", ""), keep=str(request.session.session_key))
            forget_pending(request)
            return render(request, "account/recovery_codes.html", {"codes": codes})
        except ProjectError as refused:
            error = refused
    picture, _ = picture_of(person, secret)
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"picture": picture, "secret": grouped, "error": error}
    return render(request, "account/factor.html", context, status=error.status if error else 200)


@require_POST
@never_cache
@guarded_page
def recovery_codes_renew(request: HttpRequest) -> HttpResponse:
    try:
        codes = do_renew_recovery_codes(person_of(request))
    except ProjectError:
        # The factor was removed in another window.
        return redirect("security")
    return render(request, "account/recovery_codes.html", {"codes": codes})


@require_POST
@guarded_page
def factor_remove(request: HttpRequest) -> HttpResponse:
    do_remove_factor(person_of(request))
    return redirect("security")
