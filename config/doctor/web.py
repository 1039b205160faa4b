"""How browsers reach the web processes, and what these serve."""

import ipaddress
from collections.abc import Iterator

from django.conf import settings

from config.doctor.finding import Said, error, note, ok, warning
from config.env import env_list


def look() -> Iterator[Said]:
    hosts = env_list("WEIRFLOW_ALLOWED_HOSTS")
    yield from _https(hosts)
    yield from _listening()
    if settings.DEBUG:
        level = error if hosts else warning
        yield level("WEIRFLOW_DEBUG is on: errors show settings and code to whoever causes them.", "Leave it out.")
    if not (settings.BASE_DIR / "static/dist/manifest.json").is_file():
        yield error("The front end is not built.", "Run npm ci and npm run build in frontend/, or script/run once.")
    elif not (settings.STATIC_ROOT / "collected").is_file():
        yield note("Static files are not collected yet.", "The first web process that starts collects them.")
    else:
        yield ok("The front end is built and collected.")


def _https(hosts: list[str]) -> Iterator[Said]:
    if hosts and not settings.HTTPS:
        yield error(
            f"{', '.join(hosts)} is reached without https: whoever is on the way reads passwords and sessions.",
            "Put a proxy with TLS in front and set WEIRFLOW_HTTPS=1.",
        )
    elif settings.HTTPS and not hosts:
        yield error("With WEIRFLOW_HTTPS no name is allowed.", "Set WEIRFLOW_ALLOWED_HOSTS to the names browsers use.")
    elif not hosts:
        yield note("Browsers reach it on this machine only.", "For others see docs/operations.md.")
    else:
        yield ok(f"Browsers reach it by https as {', '.join(hosts)}.")
    if "*" in hosts:
        yield error(
            "Any name is allowed: links in mails could be made to lead anywhere, and DNS rebinding works.",
            "List the names in WEIRFLOW_ALLOWED_HOSTS.",
        )
    if hosts and not settings.TRUSTED_PROXIES:
        yield warning(
            "No proxy is trusted, so the audit and the limits on signing in see the proxy's address for everybody.",
            "Set WEIRFLOW_TRUSTED_PROXIES to the address of your proxy.",
        )


def _listening() -> Iterator[Said]:
    try:
        near = settings.WEIRFLOW_HOST == "localhost" or ipaddress.ip_address(settings.WEIRFLOW_HOST).is_loopback
    except ValueError:
        near = False
    if not near:
        yield warning(
            f"The web process listens on {settings.WEIRFLOW_HOST}, without TLS of its own.",
            "See that only the proxy reaches that port, by a firewall or a network policy.",
        )
