import ipaddress
from typing import Any

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
    return f"http://{'127.0.0.1' if everywhere else host}:{settings.WEIRFLOW_PORT}"
