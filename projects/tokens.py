"""Whom an API token speaks for, and how far."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from projects.asking import came_by
from projects.grants import Grant
from projects.models import ApiToken
from projects.prepared import Prepared

USED_EVERY = timedelta(minutes=1)
"""How old `last_used` may get while the token is in use: not every request is worth a write."""

_by_hash = Prepared(lambda token_hash: ApiToken.objects.select_related("owner").filter(token_hash=token_hash))


def hash_of(token: str) -> str:
    """A plain hash will do: the token has 240 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_in_use(token: str) -> ApiToken | None:
    """The row of a token that is good now, with the time of its use noted; None for any other text."""
    found: ApiToken | None = _by_hash.first(hash_of(token))
    now = timezone.now()
    if found is None or found.expires <= now or not found.owner.is_active:
        return None
    if found.last_used is None or now - found.last_used > USED_EVERY:
        # Of requests at the same moment one writes.
        stale = Q(last_used=None) | Q(last_used__lt=now - USED_EVERY)
        ApiToken.objects.filter(stale, pk=found.pk).update(last_used=now)
    came_by("token", found.owner_id, found.prefix)
    return found


def person_of(token: ApiToken) -> User:
    """The token's owner, narrowed to what the token is for."""
    person: User = token.owner
    projects = frozenset({token.project_id}) if token.project_id is not None else None
    person.grant = Grant(frozenset(token.verbs), projects)  # type: ignore[attr-defined]
    return person


def people_of_tokens(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, User]:
    """Whom those of the tokens speak for that are still good, by the id of the token."""
    living = ApiToken.objects.select_related("owner").filter(pk__in=list(ids), expires__gt=timezone.now())
    return {token.pk: person_of(token) for token in living.filter(owner__is_active=True)}
