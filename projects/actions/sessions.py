"""End sessions. Their websockets are closed with them."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction

from projects.actions.told import tell_access
from projects.audit import audit
from projects.models import SignedIn


@transaction.atomic
def do_end_sessions(
    person: User, keys: Collection[str] | None = None, *, keep: str = "", by: User | None = None
) -> int:
    """Ends those of the person's sessions that are named, all without names, but never `keep`. Returns how many. `by`:
    who does it, where it is not the person."""
    own = SignedIn.objects.filter(user=person).exclude(session_key=keep)
    if keys is not None:
        own = own.filter(session_key__in=list(keys))
    ended = list(own.values_list("session_key", flat=True))
    if not ended:
        return 0
    Session.objects.filter(session_key__in=ended).delete()
    own.delete()
    audit(by or person, "session.revoke", person, after={"count": len(ended)})
    tell_access(person.pk, None)
    return len(ended)
