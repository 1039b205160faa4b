"""The second factor: codes of an authenticator app, and recovery codes for when it is lost.

The rows and the arithmetic are django-allauth's; the secrets in them are sealed with our keys (ADR 72).
"""

import base64
from collections.abc import Callable
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest

from projects.secrets_at_rest import seal, unseal

PURPOSE = "second factor"
MAX_CODE = 20
GOOD_SECONDS = 120
"""No code is good for longer: its own half minute, the ones before and after it, and some to spare."""
_PENDING = "factor_secret"


class FactorAdapter(DefaultMFAAdapter):
    """What django-allauth asks us about the second factor."""

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, PURPOSE)


def pending_secret(request: HttpRequest, *, anew: bool) -> str:
    """The secret that is being set up in this session, in base 32; sealed there, for sessions are rows too."""
    sealed = request.session.get(_PENDING, "")
    if anew or not sealed:
        secret = generate_totp_secret()
        request.session[_PENDING] = seal(secret, PURPOSE)
        return secret
    return unseal(sealed, PURPOSE)


def forget_pending(request: HttpRequest) -> None:
    request.session.pop(_PENDING, None)


def picture_of(person: User, secret: str) -> tuple[str, str]:
    """What an app scans: the picture as the address of an image that holds it, and the link that it shows."""
    adapter = FactorAdapter()
    link = adapter.build_totp_url(person, secret)
    svg = adapter.build_totp_svg(link)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}", link


def is_code_of(secret: str, code: str) -> bool:
    """Whether an app with this secret shows the code now, or did or will within half a minute."""
    return bool(validate_totp_code(secret, _tidy(code)))


def spend_code(factor: TOTP, code: str) -> bool:
    """Whether the app with this factor shows the code about now and it was not used yet; from now on it was. That is
    remembered in the cache, which all web processes share: django-allauth does it for one half minute only."""
    tidy = _tidy(code)
    used = f"factor.used.{factor.instance.user_id}.{tidy}"
    return bool(factor.validate_code(tidy)) and cache.add(used, True, timeout=GOOD_SECONDS)


def accept_code(person: User, code: str) -> str:
    """Which of the person's factors this is a code of, as `totp` or `recovery_codes`; empty for none. A code is
    accepted once."""
    factors = {row.type: row for row in Authenticator.objects.filter(user=person)}
    for kind, accepts in ((Authenticator.Type.TOTP, _is_of_app), (Authenticator.Type.RECOVERY_CODES, _is_recovery)):
        row = factors.get(kind)
        if row is not None and accepts(row, code):
            row.record_usage()
            return str(kind.value)
    return ""


def _is_of_app(row: Authenticator, code: str) -> bool:
    return spend_code(TOTP(row), code)


def _is_recovery(row: Authenticator, code: str) -> bool:
    return bool(RecoveryCodes(row).validate_code(_tidy(code)))


def recovery_codes(person: User) -> list[str]:
    """Those that were not used yet."""
    row = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(RecoveryCodes(row).get_unused_codes()) if row is not None else []


def renew_sealed(renew: Callable[[str], str]) -> int:
    """Seals every stored secret anew; for `manage.py rotate_keys`."""
    count = 0
    for row in Authenticator.objects.iterator(chunk_size=200):
        sealed: dict[str, Any] = {key: renew(row.data[key]) for key in ("secret", "seed") if row.data.get(key)}
        if sealed:
            row.data |= sealed
            row.save(update_fields=["data"])
            count += 1
    return count


def _tidy(code: str) -> str:
    """As django-allauth reads it, to which any punctuation is nothing: a code with a dot in it is the same code."""
    return normalize_user_code(code)[:MAX_CODE]
