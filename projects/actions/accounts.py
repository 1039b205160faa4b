"""Make the account of a person."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from projects.actions.passwords import checked_password
from projects.audit import audit
from projects.errors import ProjectError


@transaction.atomic
def do_create_account(name: str, password: str | None, email: str = "") -> User:
    """A new person. Without a password they sign in by other means. For callers that know that this one may come in."""
    person = User(username=User.normalize_username(name.strip()), email=email)
    try:
        User._meta.get_field("username").run_validators(person.username)
    except ValidationError as error:
        raise ProjectError("bad_name", " ".join(error.messages), field="/name") from None
    if not person.username:
        raise ProjectError("name_missing", "Say by which name others will see you.", field="/name")
    if User.objects.filter(username__iexact=person.username).exists():
        raise ProjectError("name_taken", "Somebody has this name: choose another.", field="/name")
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(checked_password(password, person))
    person.save()
    audit(person, "user.create", person)
    return person
