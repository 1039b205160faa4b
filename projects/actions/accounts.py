"""The account of a person: made, given a mail address, closed."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from projects.actions.ownership import hand_over
from projects.actions.passwords import checked_password
from projects.actions.sessions import do_end_sessions
from projects.actions.told import tell_access
from projects.actions.turns import wait_for_turn
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import ApiToken
from projects.permissions import Person
from projects.record.readers import require_all


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
    if "@" in person.username:
        # People sign in by their address too: nobody may be called what is another's address.
        raise ProjectError(
            "bad_name", "A name has no @ in it: you may sign in by your address all the same.", field="/name"
        )
    taken = ProjectError("name_taken", "Somebody has this name: choose another.", field="/name")
    if User.objects.filter(username__iexact=person.username).exists():
        raise taken
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(checked_password(password, person))
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise taken from None
    audit(person, "user.create", person)
    return person


@transaction.atomic
def do_set_address(person: User, address: str) -> None:
    """Where mail for the person goes, and by what they may sign in instead of their name; empty: nowhere. For callers
    that know that it is theirs."""
    checked = checked_address(address)
    if checked and _of_others(checked).exclude(pk=person.pk).exists():
        raise ProjectError("address_taken", "Somebody else here has this address.", field="/email")
    User.objects.filter(pk=person.pk).update(email=checked)
    audit(person, "user.change", person, after={"address": bool(checked)})


@transaction.atomic
def do_close_account(person: Person, user: User, heir: User | None = None) -> None:
    """The person cannot come in any more, by no way; what they made stays. Only the owner of the installation may.
    Projects that they alone own, and teams that they alone manage, go to `heir`; without one, that is refused (409)."""
    require_all(person)
    wait_for_turn()
    # Rows that refer to the person may be written meanwhile, as by who holds a project that is handed over.
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.is_superuser:
        raise ProjectError("is_owner", "The owner of the installation stays.", 409)
    if not locked.is_active:
        return
    hand_over(person, locked, heir)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    ApiToken.objects.filter(owner=locked).delete()
    assert isinstance(person, User)
    do_end_sessions(locked, by=person)
    audit(person, "account.close", locked)
    tell_access(locked.pk, None)


@transaction.atomic
def do_reopen_account(person: Person, user: User) -> None:
    """The person may come in again, with the roles that they had. Tokens stay revoked."""
    require_all(person)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        audit(person, "account.reopen", user)


def free_address(address: str) -> str:
    """The address, unless somebody has it already: by one that two people have neither could sign in."""
    return "" if _of_others(address).exists() else address


def checked_address(address: str) -> str:
    """The mail address without blanks around it; refused where it is none."""
    checked = address.strip()
    try:
        if checked:
            validate_email(checked)
    except ValidationError:
        raise ProjectError("bad_address", f"{checked[:100]!r} is no mail address.", field="/email") from None
    return checked


def _of_others(address: str) -> QuerySet[User]:
    return User.objects.filter(Q(email__iexact=address) | Q(username__iexact=address))
