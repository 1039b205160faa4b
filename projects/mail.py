"""Mail to people, sent by the worker. Where no mail server is set, none goes out: who needs a link is shown it."""

import logging
from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def mail_is_set() -> bool:
    """Whether there is a server to send by."""
    return bool(settings.SENDS_MAIL)


def send_mail(to: str, template: str, context: dict[str, object]) -> None:
    """Sends `templates/mail/<template>.txt` after the commit: its first line is the subject. Does nothing where
    `mail_is_set` says no."""
    if not mail_is_set() or not to:
        return
    subject, _, text = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    transaction.on_commit(partial(_hand_over, to, " ".join(subject.split())[:200], text.strip() + "\n"))


def _hand_over(to: str, subject: str, text: str) -> None:
    # Imported with the first mail: most processes never send one, and Celery is large.
    import config.celery  # noqa: F401
    from projects.tasks import deliver

    try:
        deliver.delay(to, subject, text)
    except Exception:
        log.exception("a mail could not be handed to the worker: its broker does not take messages")
