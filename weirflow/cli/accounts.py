"""Which server a command speaks to, and by which token: from the environment, else what `weirflow login` has kept."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from weirflow.cli.failures import Exit, Failure
from weirflow.private_files import write_private

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Account:
    """``url`` has no slash at its end."""

    url: str
    token: str = field(repr=False)


def find_account() -> Account:
    """``WEIRFLOW_URL`` and ``WEIRFLOW_TOKEN``, each of which goes before what was kept. Raises ``Failure``."""
    kept = read_kept()
    url = checked_url(os.environ.get("WEIRFLOW_URL") or str(kept.get("current") or ""))
    token = os.environ.get("WEIRFLOW_TOKEN") or _servers(kept).get(url, "")
    if not token:
        text = f"there is no token for {url}; sign in with: weirflow login {url}, or set WEIRFLOW_TOKEN"
        raise Failure(text, code="not_signed_in", exit=Exit.REFUSED)
    return Account(url, token)


def checked_url(url: str) -> str:
    """Raises ``Failure`` for what is no address of a server, and for one to which a token would travel in the open."""
    if not url:
        text = "no server is named; sign in with: weirflow login URL, or set WEIRFLOW_URL and WEIRFLOW_TOKEN"
        raise Failure(text, code="no_server", exit=Exit.UNREACHABLE)
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
        alone = not (parts.username or parts.password)
        _ = parts.port
    except ValueError:
        good = alone = False
    if not good or not alone:
        text = f"{url!r} is no address of a Weirflow; it is like https://weirflow.example.org or http://127.0.0.1:8000"
        raise Failure(text, code="bad_url", exit=Exit.USAGE)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        text = f"a token would travel to {parts.hostname} in the open; use https://"
        raise Failure(text, code="not_private", exit=Exit.USAGE)
    return url.rstrip("/")


def file_of_accounts() -> Path:
    """Where tokens are kept, readable for their owner alone."""
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "weirflow" / "servers.json"


def read_kept() -> dict[str, Any]:
    """``{current: url, servers: {url: token}}``. Raises ``Failure`` where others can read the file, or it is broken."""
    file = file_of_accounts()
    try:
        if file.stat().st_mode & 0o077:
            text = f"{file} holds tokens and can be read by others; run: chmod 600 {file}"
            raise Failure(text, code="not_private", exit=Exit.REFUSED)
        kept = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        text = f"{file} cannot be read: {error}; remove it, and sign in again"
        raise Failure(text, code="bad_file", exit=Exit.USAGE) from error
    return kept if isinstance(kept, dict) else {}


def keep(account: Account) -> Path:
    """Keep the token, and have this server be the current one."""
    kept = read_kept()
    servers = {**_servers(kept), account.url: account.token}
    return _write({"current": account.url, "servers": servers})


def forget(url: str) -> bool:
    """Remove what is kept for the server; whether there was something."""
    kept = read_kept()
    servers = _servers(kept)
    if servers.pop(url, None) is None:
        return False
    current = kept.get("current")
    _write({"current": None if current == url else current, "servers": servers})
    return True


def _servers(kept: dict[str, Any]) -> dict[str, str]:
    servers = kept.get("servers")
    return dict(servers) if isinstance(servers, dict) else {}


def _write(kept: dict[str, Any]) -> Path:
    file = file_of_accounts()
    try:
        write_private(file, json.dumps(kept, indent=2).encode() + b"\n")
    except OSError as error:
        text = f"{file} cannot be written: {error.strerror}; set XDG_CONFIG_HOME to a folder of yours"
        raise Failure(text, code="not_written", exit=Exit.REFUSED) from error
    return file
