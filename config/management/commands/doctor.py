import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.leave import leave

MARKS = {"ok": "ok     ", "note": "note   ", "warning": "WARNING", "error": "ERROR  "}


class Command(BaseCommand):
    help = "Check a deployment and say what to do: exit code 1 with an error, and with a warning too when --strict."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        from config.doctor import PARTS

        parser.add_argument("part", nargs="*", help=f"look at these alone: {', '.join(PARTS)}")
        parser.add_argument("--json", action="store_true", help="for programs: {healthy, findings[]}")
        parser.add_argument("--strict", action="store_true", help="take warnings for errors")

    def handle(self, *args: Any, **options: Any) -> None:
        from config.doctor import PARTS, Level, examine

        unknown = set(options["part"]) - PARTS.keys()
        if unknown:
            raise CommandError(f"There is no part {', '.join(sorted(unknown))}. The parts: {', '.join(PARTS)}.")
        chosen = {name: part for name, part in PARTS.items() if name in options["part"] or not options["part"]}
        findings = examine(chosen)
        wrong = {Level.ERROR, Level.WARNING} if options["strict"] else {Level.ERROR}
        healthy = not any(finding.level in wrong for finding in findings)
        if options["json"]:
            self.stdout.write(
                json.dumps({"healthy": healthy, "findings": [one.as_json() for one in findings]}, indent=2)
            )
        else:
            for one in findings:
                self.stdout.write(f"{MARKS[one.level]} {one.part}: {one.what}")
                if one.do:
                    self.stdout.write(f"        {one.do}")
        # A part that hangs must not hold up the end.
        leave(os.EX_OK if healthy else 1)
