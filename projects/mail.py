"""Mail to people, sent by the worker. Where no mail server is set, none goes out: who needs a link is shown it."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from projects.background import in_background


def mail_is_set() -> bool:
    """Whether there is a server to send by."""
    return bool(settings.SENDS_MAIL)


def send_mail(to: str, template: str, context: dict[str, object]) -> None:
    """Sends `templates/mail/<template>.txt` after the commit: its first line is the subject. Does nothing where
    `mail_is_set` says no."""
    if not mail_is_set() or not to:
        return
    subject, _, text = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    words = " ".join(subject.split())[:200], text.strip() + "\n"
    transaction.on_commit(partial(in_background, "deliver", to, *words))
