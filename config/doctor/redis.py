"""Redis, and what goes through it: the words that web processes tell each other."""

import asyncio
import ipaddress
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from config.doctor.database import SKEW_SECONDS
from config.doctor.finding import Said, error, note, ok, warning

SECONDS = 3.0
OLDEST = (6, 0)


def look() -> Iterator[Said]:
    if not settings.REDIS_URL:
        yield note("No Redis: one web process, and Celery by files.", "Several need WEIRFLOW_REDIS_URL.")
        return
    import redis

    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, decode_responses=True
    )
    try:
        about: dict[str, Any] = client.info()
        seconds, microseconds = client.time()
    except redis.AuthenticationError:
        yield error("Redis does not know our password.", "Correct the password in WEIRFLOW_REDIS_URL.")
        return
    except redis.RedisError as broken:
        yield error(f"Redis does not answer ({type(broken).__name__}).", "See that it runs at WEIRFLOW_REDIS_URL.")
        return
    finally:
        client.close()
    yield from _about(about)
    skew = abs(seconds + microseconds / 1e6 - time.time())
    if skew > SKEW_SECONDS:
        yield warning(f"The clock of Redis differs from ours by {skew:.0f} s.", "Run an NTP client on both.")


def _about(about: dict[str, Any]) -> Iterator[Said]:
    version = str(about.get("redis_version", "0"))
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        yield error(f"Redis {version} is too old.", "Use Redis 6 or newer.")
    else:
        yield ok(f"Redis {version} answers.")
    policy = about.get("maxmemory_policy", "noeviction")
    if int(about.get("maxmemory", 0)) and policy != "noeviction":
        yield error(
            f"Redis throws out what it likes when it is full ({policy}): tasks and counters get lost.",
            "Set maxmemory-policy noeviction, or give Weirflow a Redis of its own.",
        )
    if about.get("rdb_last_bgsave_status") == "err":
        yield error("Redis cannot write its snapshot, and may refuse all writes.", "Free disk space for it.")
    url = urlsplit(settings.REDIS_URL)
    if not _is_near(url.hostname) and not url.password:
        yield warning("Redis is on another machine and asks for no password.", "Set requirepass or an ACL user.")
    if not _is_near(url.hostname) and url.scheme == "redis":
        yield warning("What goes to Redis is not encrypted.", "Use rediss://, unless the network is yours alone.")


def _is_near(host: str | None) -> bool:
    if host in (None, "localhost"):
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def look_for_processes() -> Iterator[Said]:
    """Asks all web processes through the channel layer, as they tell each other of changes."""
    from editor.live.broadcast import shared_layer, who_answers

    layer = shared_layer()
    if layer is None:
        return
    try:
        answered = asyncio.run(who_answers(layer, SECONDS))
    except Exception as broken:
        yield error(f"The channel layer does not work ({type(broken).__name__}).", "See what is said of Redis.")
        return
    if answered:
        yield ok(f"{answered} web processes hear each other.")
    else:
        yield warning("No web process answers through Redis.", "Start one, with this WEIRFLOW_REDIS_URL.")
