"""Make and revoke share links: addresses that show one flow, or one page of a dashboard, without an account."""

import secrets
import uuid
from datetime import timedelta
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.actions.members import locked_to_manage
from projects.actions.told import tell_link
from projects.audit import Subject, audit
from projects.errors import ProjectError
from projects.models import Flow, Project, ShareLink, WidgetPage
from projects.permissions import Person
from projects.share_links import hash_of

MAX_SHARE_LINKS = 100
MAX_DAYS = 365


@transaction.atomic
def do_create_share_link(person: Person, thing: Flow | WidgetPage, days: int) -> tuple[ShareLink, str]:
    """A link to the flow or page, good for `days`, and its token, which is known only now. Those of the project
    that are out of date are swept away."""
    locked = locked_to_manage(person, Project(pk=thing.project_id))
    fresh = type(thing)._default_manager.filter(pk=thing.pk, project=locked).first()
    if fresh is None:
        raise ProjectError("not_found", "What the link was to show is not there any more.", 404)
    if not 1 <= days <= MAX_DAYS:
        raise ProjectError("bad_expiry", f"A link is good for 1 to {MAX_DAYS} days.", field="/days")
    now = timezone.now()
    locked.share_links.filter(expires__lt=now).delete()
    if locked.share_links.count() >= MAX_SHARE_LINKS:
        message = f"The project has {MAX_SHARE_LINKS} share links, which is the limit: revoke one first."
        raise ProjectError("too_many_share_links", message)
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        project=locked,
        flow=fresh if isinstance(fresh, Flow) else None,
        page=fresh if isinstance(fresh, WidgetPage) else None,
        token_hash=hash_of(token),
        created_by=cast("User", person),  # nobody else may manage
        expires=now + timedelta(days=days),
    )
    audit(person, "share_link.create", _subject(link), project=locked, after={"days": days})
    return link, token


@transaction.atomic
def do_revoke_share_link(person: Person, project: Project, link_id: uuid.UUID) -> None:
    """Ends the link: whoever looks by it is shown out at once."""
    locked = locked_to_manage(person, project)
    link = locked.share_links.select_related("flow", "page").filter(pk=link_id).first()
    if link is None:
        raise ProjectError("not_found", "There is no such link any more.", 404)
    audit(person, "share_link.revoke", _subject(link), project=locked)
    link.delete()
    tell_link(link_id)


def _subject(link: ShareLink) -> Subject:
    shown = link.flow or link.page
    return Subject("sharelink", str(link.pk), shown.name if shown is not None else "", link.project_id, link.flow_id)
