from typing import Any

from django.core.management.base import BaseCommand

from projects.actions.owner import do_ensure_owner


class Command(BaseCommand):
    help = "Make the owner of this installation and the demo project, if there is no owner yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The owner is {do_ensure_owner().get_username()}.")
