"""Everybody who has an account here, and projects that nobody owns, for the owner of the installation."""

import uuid
from typing import Any

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
from projects.actions.ownership import do_give_owner
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import Project
from projects.ownership import managed_by_none_but, owned_by_none_but, ownerless
from projects.people import find_person
from projects.record.readers import require_all
from projects.views.guard import page, person_of

PER_PAGE = 50
MOST_OWNERLESS = 20
"""Projects without an owner that are shown at once; the next ones come when these have one."""


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
            return _close(request, user)
        case "reopen":
            do_reopen_account(person_of(request), user)
        case "password" if may_be_given(user):
            audit(person_of(request), "password.invite", user)
            return _people(request, linked=user, link=request.build_absolute_uri(reset_path(user)))
    return redirect("people")


@require_POST
@never_cache
@page
def project_owner(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """Gives a project that nobody owns to somebody."""
    require_all(request.user)
    if not is_fresh(request):
        return to_confirm(request)
    project = Project.objects.filter(pk=project_id).first()
    if project is None:
        raise Http404("no such project")
    try:
        do_give_owner(person_of(request), project, find_person(request.POST.get("person", "")))
    except ProjectError as refused:
        return _people(request, refused=refused, project=project)
    return redirect("people")


def _close(request: HttpRequest, user: User) -> HttpResponse:
    """Closes the account; what stands with it alone is shown first, to say who is to have it."""
    named = request.POST.get("heir")
    try:
        heir = find_person(named) if named is not None else None
        do_close_account(person_of(request), user, heir)
    except ProjectError as refused:
        if refused.code not in ("last_owner", "no_such_person", "inactive", "too_many_members"):
            raise
        projects, teams = owned_by_none_but(user).order_by("name"), managed_by_none_but(user).order_by("name")
        alone = {"person": user, "projects": projects, "teams": teams, "heir": named}
        return _people(request, alone=alone, refused=refused)
    return redirect("people")


def _people(request: HttpRequest, refused: ProjectError | None = None, **shown_first: Any) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:100]
    found = User.objects.annotate(project_total=Count("memberships")).order_by("-is_active", Lower("username"))
    if wanted:
        found = found.filter(Q(username__icontains=wanted) | Q(email__icontains=wanted))
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "wanted": wanted,
        "ownerless": ownerless().order_by("name")[:MOST_OWNERLESS],
        "error": refused,
        **shown_first,
    }
    return render(request, "people/list.html", context, status=refused.status if refused else 200)
