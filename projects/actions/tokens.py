"""Make and revoke API tokens."""

import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.actions.told import tell_access
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import ApiToken, Project
from projects.permissions import require
from projects.titles import checked_title
from projects.tokens import hash_of

SCOPES = ("view", "control", "edit", "code", "manage")
MAX_TOKENS = 50
MAX_DAYS = 365
PREFIX_LENGTH = 11


@transaction.atomic
def do_create_token(
    person: User, name: str, scopes: Collection[str], days: int, project: Project | None = None
) -> tuple[ApiToken, str]:
    """A token of `person`, good for `days`, and its text, which is known only now. It may always view."""
    title = checked_title(name)
    wanted = {"view", *scopes, *(("edit",) if "code" in scopes else ())}
    if unknown := wanted - set(SCOPES):
        raise ProjectError("unknown_scope", f"{', '.join(sorted(unknown))}: scopes are {', '.join(SCOPES)}.")
    if not 1 <= days <= MAX_DAYS:
        raise ProjectError("bad_expiry", f"A token is good for 1 to {MAX_DAYS} days.")
    if project is not None:
        require(person, "view", project)
    now = timezone.now()
    ApiToken.objects.filter(owner=person, expires__lt=now).delete()
    if ApiToken.objects.filter(owner=person).count() >= MAX_TOKENS:
        raise ProjectError("too_many_tokens", f"You have {MAX_TOKENS} tokens, which is the limit: revoke one first.")
    # Letters and digits only: one double click takes all of it.
    text = f"wf_{secrets.token_hex(30)}"
    token = ApiToken.objects.create(
        owner=person,
        name=title,
        prefix=text[:PREFIX_LENGTH],
        token_hash=hash_of(text),
        scopes=" ".join(scope for scope in SCOPES if scope in wanted),
        project=project,
        expires=now + timedelta(days=days),
    )
    audit(
        person,
        "token.create",
        token,
        project=project,
        after={"prefix": token.prefix, "scopes": token.verbs, "days": days},
    )
    return token, text


@transaction.atomic
def do_revoke_token(person: User, token_id: uuid.UUID) -> None:
    """Ends a token of `person`, and with it the websockets that it has opened."""
    token = ApiToken.objects.filter(owner=person, pk=token_id).first()
    if token is None:
        raise ProjectError("not_found", "There is no such token of yours.", 404)
    audit(person, "token.revoke", token, project=token.project, before={"prefix": token.prefix, "scopes": token.verbs})
    token.delete()
    tell_access(person.pk, None)
