"""By which server mail goes out: `WEIRFLOW_SMTP_URL`."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465}


def from_url(url: str) -> dict[str, Any]:
    """Django's settings for `smtp://user:password@host:port` (STARTTLS), `smtps://` (TLS from the start), or either
    with `?tls=off` for a relay on the same machine."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.query not in ("", "tls=off"):
        raise ImproperlyConfigured(
            "WEIRFLOW_SMTP_URL must read smtp://user:password@host:port or smtps://user:password@host:port; "
            "smtp://host:port?tls=off sends without encryption."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not parts.query,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
