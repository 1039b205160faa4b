"""Who may do what. `can` is asked by pages, API, websockets and actions alike; nothing else decides."""

import uuid
from collections.abc import Collection, Iterable
from typing import Literal

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.http import Http404

from projects.errors import ProjectError
from projects.grants import grant_of
from projects.models import (
    Edge,
    Flow,
    Membership,
    Node,
    Operators,
    Project,
    Role,
    Team,
    TeamAccess,
    TeamMembership,
    TeamRole,
    WidgetPage,
)
from projects.prepared import PreparedValues
from projects.visitor import Visitor

Person = User | AnonymousUser | Visitor
Reader = User | Visitor
"""Who may look at something, and be told that it is not for them."""
Thing = Project | Flow | Node | Edge | WidgetPage | Team
Verb = Literal["view", "control", "edit", "code", "manage", "create_project", "create_team"]

VERBS: dict[str, frozenset[Verb]] = {
    Role.OWNER: frozenset({"view", "control", "edit", "code", "manage"}),
    Role.EDITOR: frozenset({"view", "control", "edit", "code"}),
    Role.OPERATOR: frozenset({"view", "control"}),
    Role.VIEWER: frozenset({"view"}),
}
RANKED = [Role.VIEWER, Role.OPERATOR, Role.EDITOR, Role.OWNER]
"""From the least to the most."""

_roles = PreparedValues(
    lambda user, project: (
        Membership.objects.filter(user_id=user, project_id=project)
        .values_list("role")
        .union(
            TeamAccess.objects.filter(team__memberships__user_id=user, project_id=project).values_list("role"), all=True
        )
    )
)
_team_role = PreparedValues(
    lambda user, team: TeamMembership.objects.filter(user_id=user, team_id=team).values_list("role")
)


def can(person: Person, verb: Verb, thing: Thing | None) -> bool:
    """Whether `person` may `verb` the thing. Of a project, `control` presses controls and sends signals, `code`
    writes programs into nodes, which is editing besides, and `manage` renames and deletes it and says who its members
    are; of a team, `manage` says who is in it.

    Asked on each request and each subscription: roles change while pages are open. Costs one indexed query.
    """
    if isinstance(person, Visitor):
        return verb == "view" and thing is not None and person.sees(thing)
    if not person.is_authenticated or not person.is_active:
        return False
    grant = grant_of(person)
    if verb in ("create_project", "create_team"):
        return thing is None and (grant is None or grant.allows("manage", None))
    if thing is None:
        return False
    if isinstance(thing, Team):
        return (grant is None or grant.allows(verb, None)) and _can_team(person, verb, thing)
    project_id = thing.pk if isinstance(thing, Project) else thing.project_id
    # Before the question is asked of the database: a token for another project costs nothing.
    if grant is not None and not grant.allows(verb, project_id):
        return False
    role = role_in(person, project_id)
    if verb == "code" and role != Role.OWNER and Project.objects.filter(pk=project_id, code_for_owners=True).exists():
        return False
    return verb in verbs_with(person, role, project_id)


def verbs_with(person: User, role: Role | None, project_id: uuid.UUID) -> frozenset[Verb]:
    """All that the person may do who has this role in the project: what their grant leaves of it. Of `code` the project
    has a say too, see `can`."""
    if role is None or not person.is_active:
        return frozenset()
    grant = grant_of(person)
    if grant is None:
        return VERBS[role]
    return frozenset(verb for verb in VERBS[role] if grant.allows(verb, project_id))


def role_in(person: User, project_id: uuid.UUID) -> Role | None:
    """The highest of the person's own role and those of their teams; None for a stranger. Without regard to a grant."""
    return highest(Role(role) for (role,) in _roles(person.pk, project_id))


def roles_in(users: Collection[int], projects: Collection[uuid.UUID]) -> dict[tuple[int, uuid.UUID], Role]:
    """`role_in` for many at once, in two queries: by person and project, without strangers."""
    own = Membership.objects.filter(user_id__in=users, project_id__in=projects)
    of_teams = TeamAccess.objects.filter(team__memberships__user_id__in=users, project_id__in=projects)
    rows = [
        *own.values_list("user_id", "project_id", "role"),
        *of_teams.values_list("team__memberships__user_id", "project_id", "role"),
    ]
    found: dict[tuple[int, uuid.UUID], Role] = {}
    for user, project, text in rows:
        role, before = Role(text), found.get((user, project))
        found[user, project] = role if before is None else max(role, before, key=RANKED.index)
    return found


def highest(roles: Iterable[Role]) -> Role | None:
    """The role that may do the most."""
    return max(roles, key=RANKED.index, default=None)


def require(person: Person, verb: Verb, thing: Thing | None) -> None:
    """Raises 404 for what the person may not see, 403 for what they may see but not `verb`."""
    if can(person, verb, thing):
        return
    if isinstance(thing, Team) and can(person, "view", thing):
        raise ProjectError("forbidden", "Only managers of the team may do this: ask one of them.", 403)
    if thing is not None and can(person, "view", thing):
        raise ProjectError("forbidden", "Your role in this project does not allow this: ask an owner for it.", 403)
    raise ProjectError("not_found", "There is nothing here, or it is not shared with you.", 404)


def projects_of(person: Person) -> QuerySet[Project]:
    """The projects that exist for this person."""
    if isinstance(person, Visitor) or not person.is_authenticated or not person.is_active:
        return Project.objects.none()
    own = Membership.objects.filter(user_id=person.pk).values("project_id")
    of_teams = TeamAccess.objects.filter(team__memberships__user_id=person.pk).values("project_id")
    found = Project.objects.filter(Q(pk__in=own) | Q(pk__in=of_teams))
    grant = grant_of(person)
    if grant is None or grant.projects is None:
        return found
    return found.filter(pk__in=grant.projects)


def teams_of(person: Person) -> QuerySet[Team]:
    """The teams that exist for this person: those that they are in."""
    grant = None if isinstance(person, Visitor) else grant_of(person)
    if isinstance(person, Visitor) or not person.is_authenticated or (grant and grant.projects is not None):
        return Team.objects.none()
    return Team.objects.filter(pk__in=TeamMembership.objects.filter(user_id=person.pk).values("team_id"))


def people_of(project: Project) -> QuerySet[User]:
    """Everybody who has a role in the project, by themselves or by a team."""
    own = Membership.objects.filter(project=project).values("user_id")
    of_teams = TeamMembership.objects.filter(team__access__project=project).values("user_id")
    return User.objects.filter(Q(pk__in=own) | Q(pk__in=of_teams))


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


def visible_team(person: Person, team_id: uuid.UUID) -> Team:
    """The team; Http404 when there is none or the person is not in it."""
    team = Team.objects.filter(pk=team_id).first()
    if team is None or not can(person, "view", team):
        raise Http404("no such team")
    return team


def may_operate(person: Person, page: WidgetPage) -> bool:
    """Whether `person` may press what stands on the page: who may control nodes, unless the page is for nobody, and
    viewers where it is for everyone. Who came by a share link looks only."""
    if page.operators == Operators.NOBODY or isinstance(person, Visitor):
        return False
    if page.operators != Operators.EVERYONE:
        return can(person, "control", page)
    grant = grant_of(person)
    reaches = grant is None or grant.allows("control", page.project_id)
    return reaches and can(person, "view", page)


def _can_team(person: User, verb: Verb, team: Team) -> bool:
    found = _team_role(person.pk, team.pk)
    return bool(found) and (verb == "view" or (verb == "manage" and found[0][0] == TeamRole.MANAGER))
