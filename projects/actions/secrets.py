"""Add, replace and delete secrets of a project: their names here, their values on the cluster (ADR 104).

A value passes none of this: whoever calls hands it to the cluster after the action, and says whether that took it.
"""

import re
import secrets
import uuid
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.actions.told import tell_project
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import Kind, Project, ProjectSecret, Removed
from projects.operations.limits import MAX_SECRETS
from projects.permissions import Person, require

#: As a part of a Secret's name, and as the value of a label.
_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_KEY = re.compile(r"[A-Za-z0-9._-]+")
MAX_NAME = 63


@transaction.atomic
def do_create_secret(person: Person, project: Project, name: str, key: str) -> ProjectSecret:
    """A place for a value. Raises ProjectError: names that cannot be, or are taken; limits."""
    locked = _locked(person, project)
    _check(name, _NAME, "/name", "A name has lower-case letters and digits, with dots or dashes between them")
    _check(key, _KEY, "/key", "A key has letters, digits, dots, dashes and underscores")
    if locked.secrets.filter(name=name, key=key).exists():
        message = f"The project has a secret {name}/{key} already: replace its value, or choose another name."
        raise ProjectError("secret_exists", message, 409, field="/name")
    if locked.secrets.count() >= MAX_SECRETS:
        message = f"The project has {MAX_SECRETS} secrets, which is the limit: delete one that nothing uses."
        raise ProjectError("too_many_secrets", message)
    secret = ProjectSecret.objects.create(
        project=locked,
        name=name,
        key=key,
        # The dot keeps projects apart, whatever they are called: their own names have none.
        resource_name=f"{locked.resource_name}.{name}-{secrets.token_hex(4)}",
        changed_by=cast("User", person),  # nobody else may edit
    )
    audit(person, "secret.create", secret)
    return secret


@transaction.atomic
def do_replace_secret(person: Person, project: Project, secret_id: uuid.UUID) -> ProjectSecret:
    """The secret that gets another value."""
    secret = _secret(_locked(person, project), secret_id)
    secret.changed, secret.changed_by = timezone.now(), cast("User", person)
    secret.save(update_fields=["changed", "changed_by"])
    audit(person, "secret.replace", secret)
    return secret


@transaction.atomic
def do_give_up_secret(person: Person, secret: ProjectSecret) -> None:
    """The cluster did not take the value: of a new secret nothing stays."""
    fresh = ProjectSecret.objects.filter(pk=secret.pk).select_related("project").first()
    require(person, "edit", secret.project)
    audit(person, "secret.refuse", secret)
    if fresh is not None and not fresh.stored:
        # It may have been taken, and only the answer was lost.
        _remove(fresh)


@transaction.atomic
def do_delete_secret(person: Person, project: Project, secret_id: uuid.UUID) -> None:
    """Deletes it, here now and on the cluster by the pusher. Nodes that use it stop, and say why."""
    secret = _secret(_locked(person, project), secret_id)
    audit(person, "secret.delete", secret)
    _remove(secret)


def secret_stored(secret: ProjectSecret) -> None:
    """The cluster has taken a value."""
    ProjectSecret.objects.filter(pk=secret.pk).update(stored=True)


def _remove(secret: ProjectSecret) -> None:
    project = secret.project
    Removed.objects.create(
        kind=Kind.SECRET, project_name=project.resource_name, resource_name=secret.resource_name, uid=""
    )
    secret.delete()
    tell_project(project.pk)


def _locked(person: Person, project: Project) -> Project:
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    require(person, "edit", locked)
    assert locked is not None
    return locked


def _secret(project: Project, secret_id: uuid.UUID) -> ProjectSecret:
    secret = project.secrets.filter(pk=secret_id).first()
    if secret is None:
        raise ProjectError("not_found", "This secret is not there any more.", 404)
    secret.project = project
    return secret


def _check(text: str, form: re.Pattern[str], field: str, words: str) -> None:
    if not form.fullmatch(text) or len(text) > MAX_NAME:
        raise ProjectError("secret_name", f"{words}, {MAX_NAME} characters at most.", field=field)
