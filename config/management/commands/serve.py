import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.leave import leave


class Command(BaseCommand):
    help = "Serve pages, API and websockets (Daphne), after bringing database and static files up to date."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from config import database, prepare
        from projects.actions.owner import do_ensure_owner
        from projects.actions.signin import do_create_signin_link

        with prepare.alone():
            prepare.migrate()
            prepare.collect_static_files()
            owner = do_ensure_owner()
        database.bound_waits()
        link = do_create_signin_link(owner) if os.environ.get("WEIRFLOW_PRINT_SIGNIN") == "1" else ""

        from config import server
        from config.asgi import application

        leave(server.run(application, settings.WEIRFLOW_HOST, settings.WEIRFLOW_PORT, link))
