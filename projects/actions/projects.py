"""Create, rename and delete projects."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from projects.actions.told import tell_access, tell_project
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import (
    AuditRetention,
    Change,
    Edge,
    Flow,
    Group,
    Kind,
    Membership,
    Node,
    Note,
    Project,
    ProjectSecret,
    Removed,
    Role,
    Scenario,
    Share,
    ShareLink,
    TeamAccess,
)
from projects.names import resource_name
from projects.permissions import Person, projects_of, require
from projects.titles import checked_title

MAX_PROJECTS_PER_PERSON = 500


@transaction.atomic
def do_create_project(person: Person, name: str, description: str = "") -> Project:
    """A new project that belongs to `person`."""
    require(person, "create_project", None)
    assert isinstance(person, User)
    title = checked_title(name)
    if projects_of(person).count() >= MAX_PROJECTS_PER_PERSON:
        message = f"You have {MAX_PROJECTS_PER_PERSON} projects, which is the limit: delete one first."
        raise ProjectError("too_many_projects", message)
    project = Project.objects.create(name=title, description=description, resource_name=resource_name(title))
    Membership.objects.create(project=project, user=person, role=Role.OWNER)
    audit(person, "project.create", project)
    tell_project(project.id)
    return project


@transaction.atomic
def do_rename_project(person: Person, project: Project, name: str) -> Project:
    """Changes the title; the resource keeps its name."""
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "manage", locked)
    assert locked is not None
    before, locked.name = locked.name, checked_title(name)
    locked.rev += 1
    locked.desired_rev, locked.dirty = locked.rev, True
    locked.save(update_fields=["name", "rev", "desired_rev", "dirty"])
    audit(person, "project.rename", locked, before={"name": before}, after={"name": locked.name})
    tell_project(locked.id)
    return locked


@transaction.atomic
def do_delete_project(person: Person, project: Project) -> None:
    """Deletes the project with all it holds, here now and on the cluster by the pusher."""
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "manage", locked)
    assert locked is not None
    members = list(locked.memberships.values_list("user_id", flat=True))
    removed = [_removed(Kind.PROJECT, locked, locked.resource_name, locked.applied_uid)]
    for name, uid in locked.flows.values_list("resource_name", "applied_uid"):
        removed.append(_removed(Kind.FLOW, locked, name, uid))
    for name, uid in locked.nodes.values_list("name", "applied_uid"):
        removed.append(_removed(Kind.NODE, locked, name, uid))
    for name, uid in locked.scenarios.values_list("resource_name", "applied_uid"):
        removed.append(_removed(Kind.SCENARIO, locked, name, uid))
    for name, uid in locked.pages.values_list("resource_name", "applied_uid"):
        removed.append(_removed(Kind.PAGE, locked, name, uid))
    for name in locked.secrets.values_list("resource_name", flat=True):
        removed.append(_removed(Kind.SECRET, locked, name, ""))
    Removed.objects.bulk_create(removed, batch_size=500)
    before = {"flows": locked.flows.count(), "members": len(members)}
    of_project: dict[str, Any] = {"project_id": locked.pk}
    Share.objects.filter(flow__project_id=locked.pk).delete()
    for model in (Change, Edge, Node, Group, Note, Scenario, ShareLink, ProjectSecret, Flow, Membership, TeamAccess):
        model._default_manager.filter(**of_project).delete()
    audit(person, "project.delete", locked, before=before)
    AuditRetention.objects.filter(project=locked.pk).delete()
    project_id = locked.pk
    locked.delete()
    tell_project(project_id)
    for user_id in members:
        tell_access(user_id, project_id)


def _removed(kind: Kind, project: Project, name: str, uid: str) -> Removed:
    return Removed(kind=kind, project_name=project.resource_name, resource_name=name, uid=uid)
