"""Set up and remove a person's second factor."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.db import transaction

from projects.accounts.factors import is_code_of, spend_code
from projects.accounts.second_step import has_second_factor
from projects.actions.sessions import do_end_sessions
from projects.audit import audit
from projects.errors import ProjectError

WRONG = "This is not the code that the app shows now, or it has been used. Is the clock of the phone right?"


@transaction.atomic
def do_add_factor(person: User, secret: str, code: str, *, keep: str = "") -> list[str]:
    """The app with this secret is asked for from now on; returns fresh recovery codes. Other sessions end: they were
    begun with less."""
    User.objects.select_for_update().get(pk=person.pk)
    if has_second_factor(person):
        raise ProjectError("has_factor", "You have a second factor: remove it before you set up another.", 409)
    if not is_code_of(secret, code):
        raise ProjectError("wrong_code", WRONG)
    # Spends the code, as each use does: who read it over a shoulder does not come in by it.
    if not spend_code(TOTP.activate(person, secret), code):
        raise ProjectError("wrong_code", WRONG)
    codes = _fresh_codes(person)
    audit(person, "factor.add", person)
    do_end_sessions(person, keep=keep)
    return codes


@transaction.atomic
def do_renew_recovery_codes(person: User) -> list[str]:
    """New recovery codes; the old ones are good no more."""
    User.objects.select_for_update().get(pk=person.pk)
    if not has_second_factor(person):
        raise ProjectError("no_factor", "You have no second factor.", 409)
    codes = _fresh_codes(person)
    audit(person, "factor.renew", person)
    return codes


@transaction.atomic
def do_remove_factor(person: User) -> None:
    """The password alone is enough again."""
    if Authenticator.objects.filter(user=person).delete()[0]:
        audit(person, "factor.remove", person)


def _fresh_codes(person: User) -> list[str]:
    Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(person).get_unused_codes())
