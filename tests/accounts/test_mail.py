"""Mail: read from one setting, sent after the commit by the worker, or not at all."""

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from config.mail import from_url
from projects.mail import send_mail
from projects.tasks import deliver


def test_a_url_says_server_and_encryption() -> None:
    plain = from_url("smtp://ann:p%40ss@mail.example")
    assert (plain["EMAIL_HOST"], plain["EMAIL_PORT"], plain["EMAIL_HOST_PASSWORD"]) == ("mail.example", 587, "p@ss")
    assert (plain["EMAIL_USE_TLS"], plain["EMAIL_USE_SSL"]) == (True, False)
    tls = from_url("smtps://mail.example:4650")
    assert (tls["EMAIL_PORT"], tls["EMAIL_USE_TLS"], tls["EMAIL_USE_SSL"]) == (4650, False, True)
    assert not from_url("smtp://127.0.0.1:25?tls=off")["EMAIL_USE_TLS"]


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://a?tls=maybe"])
def test_what_is_no_mail_server_stops_and_names_the_variable(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="WEIRFLOW_SMTP_URL"):
        from_url(url)


def test_the_worker_hands_it_over() -> None:
    deliver("ann@example.org", "Hello", "Text\n")
    assert [(one.to, one.subject, one.body) for one in mail.outbox] == [(["ann@example.org"], "Hello", "Text\n")]


@pytest.mark.django_db
def test_without_a_server_nothing_is_sent() -> None:
    # The template is not even looked for.
    send_mail("ann@example.org", "there-is-none", {})
    with override_settings(SENDS_MAIL=True):
        send_mail("", "there-is-none", {})
