"""Set a person's password, whoever proved that they may."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from projects.accounts.entering import MAX_PASSWORD
from projects.actions.sessions import do_end_sessions
from projects.actions.told import tell_access
from projects.audit import audit
from projects.errors import ProjectError


@transaction.atomic
def do_set_password(person: User, password: str, *, keep: str = "") -> None:
    """A new password. All sessions of the person end but the one with the key `keep`; API tokens stay as they are."""
    checked_password(password, person)
    locked = User.objects.select_for_update().get(pk=person.pk)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    person.password = locked.password
    audit(person, "password.change", person)
    do_end_sessions(person, keep=keep)
    tell_access(person.pk, None)


def checked_password(password: str, person: User) -> str:
    """The password; refused with what is wrong with it."""
    if len(password) > MAX_PASSWORD:
        raise ProjectError("password_too_long", f"A password has at most {MAX_PASSWORD} characters.")
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ProjectError("password_too_weak", " ".join(error.messages)) from None
    return password
