"""Everybody who has an account here, for the owner of the installation."""

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from projects.accounts.proof import is_fresh, to_confirm
from projects.accounts.reset import may_be_given, reset_path
from projects.actions.accounts import do_close_account, do_reopen_account
from projects.audit import audit
from projects.record.readers import require_all
from projects.views.guard import page, person_of

PER_PAGE = 50


@require_safe
@never_cache
@page
def people(request: HttpRequest) -> HttpResponse:
    require_all(request.user)
    return _people(request)


@require_POST
@never_cache
@page
def person_change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Closes an account, opens it again, or shows a link by which its person sets a new password."""
    require_all(request.user)
    if not is_fresh(request):
        return to_confirm(request)
    user = User.objects.filter(pk=person_id).first()
    if user is None:
        raise Http404("no such person")
    match request.POST.get("do"):
        case "close" if not user.is_superuser:
            do_close_account(person_of(request), user)
        case "reopen":
            do_reopen_account(person_of(request), user)
        case "password" if may_be_given(user):
            audit(person_of(request), "password.invite", user)
            return _people(request, user, request.build_absolute_uri(reset_path(user)))
    return redirect("people")


def _people(request: HttpRequest, linked: User | None = None, link: str = "") -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:100]
    found = User.objects.annotate(project_total=Count("memberships")).order_by("-is_active", Lower("username"))
    if wanted:
        found = found.filter(Q(username__icontains=wanted) | Q(email__icontains=wanted))
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/list.html", {"shown": shown, "wanted": wanted, "linked": linked, "link": link})
