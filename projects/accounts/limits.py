"""How often somebody may try what must not be guessed or flooded."""

from allauth.core import ratelimit
from django.http import HttpRequest


def limited(request: HttpRequest, action: str, key: str) -> bool:
    """Whether there were too many requests of this kind, from this address or about this `key`; counts this one.

    The numbers are `ACCOUNT_RATE_LIMITS` of the settings.
    """
    return not ratelimit.consume(request, action=action, key=key.lower()[:254])
