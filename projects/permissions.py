"""Who may do what. `can` is asked by pages, API, websockets and actions alike; nothing else decides."""

import uuid
from typing import Literal

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import Http404

from projects.errors import ProjectError
from projects.models import Edge, Flow, Membership, Node, Operators, Project, Role, WidgetPage
from projects.prepared import Prepared

Person = User | AnonymousUser
Thing = Project | Flow | Node | Edge | WidgetPage
Verb = Literal["view", "edit", "control", "manage", "create_project"]

_VERBS: dict[str, frozenset[str]] = {
    Role.OWNER: frozenset({"view", "edit", "control", "manage"}),
    Role.EDITOR: frozenset({"view", "edit", "control"}),
    Role.VIEWER: frozenset({"view"}),
}

_membership = Prepared(lambda user, project: Membership.objects.filter(user_id=user, project_id=project))


def can(person: Person, verb: Verb, thing: Thing | None) -> bool:
    """Whether `person` may `verb` the thing; `manage` renames and deletes projects and says who their members are.

    Asked on each request and each subscription: roles change while pages are open. Costs one indexed query.
    """
    if not person.is_authenticated or not person.is_active:
        return False
    if verb == "create_project":
        return thing is None
    if thing is None:
        return False
    project_id = thing.pk if isinstance(thing, Project) else thing.project_id
    membership = _membership.first(person.pk, project_id)
    return membership is not None and verb in _VERBS[membership.role]


def require(person: Person, verb: Verb, thing: Thing | None) -> None:
    """Raises 404 for what the person may not see, 403 for what they may see but not `verb`."""
    if can(person, verb, thing):
        return
    if thing is not None and can(person, "view", thing):
        raise ProjectError("forbidden", "Your role in this project does not allow this: ask an owner for it.", 403)
    raise ProjectError("not_found", "There is nothing here, or it is not shared with you.", 404)


def projects_of(person: Person) -> QuerySet[Project]:
    """The projects that exist for this person."""
    if not person.is_authenticated or not person.is_active:
        return Project.objects.none()
    return Project.objects.filter(memberships__user_id=person.pk)


def visible_project(person: Person, project_id: uuid.UUID) -> Project:
    """The project; Http404 when there is none or it is not for this person's eyes."""
    project = Project.objects.filter(pk=project_id).first()
    if project is None or not can(person, "view", project):
        raise Http404("no such project")
    return project


def visible_flow(person: Person, flow_id: uuid.UUID) -> Flow:
    """The flow with its project; Http404 when there is none or it is not for this person's eyes."""
    flow = Flow.objects.select_related("project").filter(pk=flow_id).first()
    if flow is None or not can(person, "view", flow):
        raise Http404("no such flow")
    return flow


def visible_page(person: Person, page_id: uuid.UUID) -> WidgetPage:
    """The page of a dashboard with its project; Http404 when there is none or it is not for this person's eyes."""
    page = WidgetPage.objects.select_related("project").filter(pk=page_id).first()
    if page is None or not can(person, "view", page):
        raise Http404("no such page")
    return page


def may_operate(person: Person, page: WidgetPage) -> bool:
    """Whether `person` may press what stands on the page: who may control nodes, unless the page is for nobody, and
    viewers where it is for everyone."""
    if page.operators == Operators.NOBODY:
        return False
    return can(person, "view" if page.operators == Operators.EVERYONE else "control", page)
