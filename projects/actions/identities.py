"""Disconnect a person from an OpenID Connect provider."""

from django.contrib.auth.models import User
from django.db import transaction

from projects.audit import audit
from projects.errors import ProjectError


@transaction.atomic
def do_disconnect(person: User) -> None:
    """They do not come in by the provider any more. Refused while they have no password."""
    from projects.accounts.oidc import identities_of

    locked = User.objects.select_for_update().get(pk=person.pk)
    if not locked.has_usable_password():
        raise ProjectError("no_password", "Set a password first: you could not sign in any more.", 409)
    for identity in identities_of(locked):
        identity.delete()
        audit(person, "identity.remove", person)
