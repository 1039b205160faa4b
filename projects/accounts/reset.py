"""Links by which a person who forgot their password sets a new one: signed, good once, for an hour."""

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from projects.background import in_background


def send_reset_link(address: str, origin: str) -> None:
    """Has the worker look for people with that mail address and write to them: whether there are any takes the same
    time here."""
    in_background("mail_reset_links", address[:254], origin)


def reset_path(person: User) -> str:
    """The path of a link that sets this person's password. Setting it, signing in and another mail address end it."""
    person_id = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("password_reset", args=[person_id, default_token_generator.make_token(person)])


def may_be_given(person: User) -> bool:
    """Whether the owner of the installation may be shown such a link: not their own, which the terminal gives them."""
    return person.is_active and not person.is_superuser


def person_of_reset(person_id: str) -> User | None:
    """The person that a link names."""
    try:
        return User.objects.filter(pk=int(force_str(urlsafe_base64_decode(person_id))), is_active=True).first()
    except (ValueError, OverflowError):
        return None
