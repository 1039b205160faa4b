"""Mail: whether its server lets us in. Nothing is sent."""

from collections.abc import Iterator
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection

from config.doctor.finding import Said, error, note, ok

SECONDS = 8


def look() -> Iterator[Said]:
    if not settings.SENDS_MAIL:
        yield note("No mail: links of invitations are shown to who invites.", "Set WEIRFLOW_SMTP_URL to send them.")
        return
    connection = get_connection(timeout=SECONDS)
    try:
        connection.open()
        yield ok(f"The mail server {settings.EMAIL_HOST} lets us in.")
    except (SMTPException, OSError) as broken:
        yield error(
            f"The mail server {settings.EMAIL_HOST} does not let us in ({type(broken).__name__}).",
            "Correct name, port, user and password in WEIRFLOW_SMTP_URL.",
        )
    finally:
        connection.close()
