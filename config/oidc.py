"""Signing in with an OpenID Connect provider: which one, and who may come in by it."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.env import env_str

PROVIDER = "oidc"
APPS = ("allauth.socialaccount", "allauth.socialaccount.providers.openid_connect")
"""Only where a provider is set: they cost each process 6 MiB. Their tables are made at the first start with one."""


def from_env() -> dict[str, Any] | None:
    """Django's settings; None without a provider. Tokens of the provider are not kept."""
    url = env_str("WEIRFLOW_OIDC_URL", "").rstrip("/")
    client, secret = env_str("WEIRFLOW_OIDC_CLIENT_ID", ""), env_str("WEIRFLOW_OIDC_CLIENT_SECRET", "")
    name = env_str("WEIRFLOW_OIDC_NAME", "OpenID")
    if not url:
        return None
    if not _is_safe(url):
        raise ImproperlyConfigured(f"WEIRFLOW_OIDC_URL={url!r} must begin with https://, or be on this machine.")
    if not client or not secret:
        raise ImproperlyConfigured("WEIRFLOW_OIDC_URL needs WEIRFLOW_OIDC_CLIENT_ID and WEIRFLOW_OIDC_CLIENT_SECRET.")
    app = {
        "provider_id": PROVIDER,
        "name": name,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": url},
    }
    return {
        "OIDC_NAME": name,
        "SOCIALACCOUNT_ADAPTER": "projects.accounts.oidc.OidcAdapter",
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}},
        "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_REQUESTS_TIMEOUT": 10,
    }


def _is_safe(url: str) -> bool:
    """What the provider says about people is believed because of how it came."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))
