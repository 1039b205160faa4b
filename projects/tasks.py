"""Background work of this app, done by the worker."""

import smtplib
from typing import Any

from celery import shared_task

RETRIES = 6
LONGEST_WAIT_SECONDS = 600
MOST_PER_ADDRESS = 5


_AGAIN: dict[str, Any] = {
    "bind": True,
    "autoretry_for": (OSError, smtplib.SMTPException),
    "retry_backoff": 5,
    "retry_backoff_max": LONGEST_WAIT_SECONDS,
    "max_retries": RETRIES,
}


@shared_task(**_AGAIN)
def deliver(_task: Any, to: str, subject: str, text: str) -> None:
    """Hands one mail to the server; tried again for about ten minutes while that cannot be reached or refuses."""
    from django.core.mail import EmailMessage

    EmailMessage(subject, text, to=[to]).send()


@shared_task(**_AGAIN)
def mail_mention(_task: Any, mention: str, origin: str) -> None:
    """Writes to who was named in a comment, if that is still news to them; tried again like any mail."""
    from projects.comments.mail import mention_mail

    if (mail := mention_mail(int(mention), origin)) is not None:
        mail.send()


@shared_task
def mail_reset_links(address: str, origin: str) -> None:
    """Writes to everybody with this mail address how they set a new password; to nobody, if there is nobody."""
    from urllib.parse import urljoin

    from django.contrib.auth.models import User

    from projects.accounts.reset import reset_path
    from projects.mail import send_mail

    for person in User.objects.filter(email__iexact=address, is_active=True).exclude(email="")[:MOST_PER_ADDRESS]:
        link = urljoin(origin, reset_path(person))
        send_mail(person.email, "password_reset", {"person": person, "link": link})
