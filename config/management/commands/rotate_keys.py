import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

VARIABLES = ("WEIRFLOW_SECRET_KEYS", "WEIRFLOW_DATA_KEYS")


class Command(BaseCommand):
    help = (
        "Replace the keys that sessions are signed with and secrets in the database sealed with. It takes three runs, "
        "between which every web and worker process is started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--status", action="store_true", help="only say what the next run would do")
        parser.add_argument("--at-once", action="store_true", help="all three, while no other process runs")
        parser.add_argument("--seal", action="store_true", help="only seal everything anew with the key in use")

    def handle(self, *args: Any, **options: Any) -> None:
        from config.rotation import Step, next_step, take_step
        from projects.secrets_at_rest import SecretLostError, renew_all

        try:
            if options["seal"]:
                self._say(renew_all())
                return
            named = [name for name in VARIABLES if os.environ.get(name)]
            if named:
                raise CommandError(
                    f"The keys come from {' and '.join(named)}: put the new key behind the others there and start "
                    "every process again; put it first and start again; run this with --seal; then take the old out."
                )
            if options["status"]:
                self.stdout.write(f"The next run will: {next_step()}.")
                return
            today = datetime.now(UTC).date()
            for _ in range(3 if options["at_once"] else 1):
                step, renewed = take_step(today)
                self.stdout.write(f"Done: {step}.")
                self._say(renewed)
                if step is Step.DROP:
                    return
        except SecretLostError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Start every web and worker process again, then run this once more; it will: {next_step()}.")

    def _say(self, renewed: dict[str, int]) -> None:
        for purpose, count in sorted(renewed.items()):
            self.stdout.write(f"{count} sealed anew: {purpose}")
