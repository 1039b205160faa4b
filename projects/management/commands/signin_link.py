import contextlib
import ipaddress
import json
import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from projects.actions.owner import do_ensure_owner
from projects.actions.signin import do_create_signin_link


class Command(BaseCommand):
    help = "Print a link that signs a person in once, within ten minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", help="whom to sign in (default: the owner)")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        try:
            user = User.objects.filter(username=name, is_active=True).first() if name else do_ensure_owner()
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database in {settings.WEIRFLOW_HOME} cannot be used: {error}. Is WEIRFLOW_HOME the "
                "directory of the product that runs? A new one is prepared by its first start (script/run)."
            ) from error
        if user is None:
            raise CommandError(f"There is no active person {name!r}.")
        path = do_create_signin_link(user)
        self.stdout.write(f"Sign in: {_editor()}{path}")


def _editor() -> str:
    """Where browsers reach the editor: by the first name that is allowed over https, else on this machine."""
    if settings.CSRF_TRUSTED_ORIGINS:
        return str(settings.CSRF_TRUSTED_ORIGINS[0])
    host = settings.WEIRFLOW_HOST
    everywhere = host != "localhost" and ipaddress.ip_address(host).is_unspecified
    return f"http://{'127.0.0.1' if everywhere else host}:{_port()}"


def _port() -> int:
    """The one that is set, else that of the product that was started last in this data directory: whoever started it on
    another port types this command in another terminal."""
    if not os.environ.get("WEIRFLOW_PORT"):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            started = json.loads((settings.WEIRFLOW_HOME / "up.json").read_text())
            return urlsplit(started["url"]).port or settings.WEIRFLOW_PORT
    return int(settings.WEIRFLOW_PORT)
