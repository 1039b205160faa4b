"""Reading the environment: a value that cannot be understood stops the process, naming the variable."""

import ipaddress
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from projects.limits.rate import Rate


def env_str(name: str, default: str) -> str:
    return os.environ.get(name, default)


def env_bool(name: str, default: bool) -> bool:
    text = os.environ.get(name, str(default)).strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off", ""):
        return False
    raise ImproperlyConfigured(f"{name}={text!r} is neither true nor false: write 1 or 0.")


def env_port(name: str, default: int) -> int:
    text = os.environ.get(name, str(default)).strip()
    if not text.isdecimal() or int(text) > 65535:
        raise ImproperlyConfigured(f"{name}={text!r} is not a port: write a number from 0 to 65535.")
    return int(text)


def env_rate(name: str, default: str) -> Rate:
    """Requests a second and at once, as `10/100`; 0 limits nothing."""
    text = os.environ.get(name, default).strip()
    rate, _, burst = text.partition("/")
    try:
        found = Rate(float(rate), float(burst or "1"))
    except ValueError:
        found = Rate(-1, 0)
    if not (0 <= found.per_second <= 1e6 and 1 <= found.burst <= 1e6):
        raise ImproperlyConfigured(
            f"{name}={text!r} is no limit: write requests a second and at once, as 10/100, or 0."
        )
    return found


def env_list(name: str) -> list[str]:
    """Items of a comma-separated variable, without empty ones."""
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


def env_networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """IP addresses and networks (`10.0.0.0/8`) of a comma-separated variable."""
    try:
        return [ipaddress.ip_network(item) for item in env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write IP addresses or networks such as 10.0.0.0/8.") from None


def secret_file(path: Path) -> str:
    """The secret kept in `path`, made at the first call (mode 0600, 50 random bytes as text).

    Two processes that start at the same time agree: the file is created exclusively under another name and linked into
    place, so a reader never sees half a key and the second one uses the first one's.
    """
    try:
        secret = path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        secret = path.read_text().strip()
    if len(secret) < 32:
        raise ImproperlyConfigured(f"{path} holds no usable secret: delete the file and start again to make a new one.")
    return secret
