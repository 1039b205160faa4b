"""Background work of this app, done by the worker."""

import smtplib
from typing import Any

from celery import shared_task

RETRIES = 6
LONGEST_WAIT_SECONDS = 600


@shared_task(
    bind=True,
    autoretry_for=(OSError, smtplib.SMTPException),
    retry_backoff=5,
    retry_backoff_max=LONGEST_WAIT_SECONDS,
    max_retries=RETRIES,
)
def deliver(_task: Any, to: str, subject: str, text: str) -> None:
    """Hands one mail to the server; tried again for about ten minutes while that cannot be reached or refuses."""
    from django.core.mail import EmailMessage

    EmailMessage(subject, text, to=[to]).send()
