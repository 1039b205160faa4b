"""What goes through Redis where WEIRFLOW_REDIS_URL names one: words between web processes, tasks, and the cache."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS = 3
WAIT_SECONDS = 5
PREFIX = "weirflow"
SCHEMES = ("redis://", "rediss://", "unix://")


def checked(url: str) -> str:
    """The address as it is. Raises ImproperlyConfigured, without repeating the password in it."""
    if not url.startswith(SCHEMES):
        raise ImproperlyConfigured(
            "WEIRFLOW_REDIS_URL must read redis://:password@host:port/0, or rediss://... for TLS."
        )
    return url


def channel_layer(url: str) -> dict[str, Any]:
    """By publish and subscribe: no message waits in Redis for a process that is gone, and a lost one is only a delay.

    What is waited for may not come for hours: only connecting has a bound here, and each send of ours where it is made.
    """
    host = {"address": url, "socket_connect_timeout": CONNECT_SECONDS, "health_check_interval": 15, **_keepalive()}
    return {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [host], "prefix": f"{PREFIX}.layer"},
    }


def cache(url: str) -> dict[str, Any]:
    """Counters and the like, for all processes together."""
    bounds = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": WAIT_SECONDS}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": PREFIX,
        "OPTIONS": bounds,
    }


def broker_options() -> dict[str, Any]:
    """Of Celery's transport. A task whose worker was killed comes again after ten minutes: no task takes longer than
    five."""
    return {
        "visibility_timeout": 600,
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": 30,
        "health_check_interval": 15,
        "global_keyprefix": f"{PREFIX}.",
        **_keepalive(),
    }


def _keepalive() -> dict[str, Any]:
    return {"socket_keepalive": True}
