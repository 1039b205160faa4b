import asyncio
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Make a Kubernetes cluster ready for Weirflow: definitions, accounts and rights, and kubeconfigs to use it by."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = (os.environ.get("KUBECONFIG") or "~/.kube/config").split(os.pathsep)[0]
        parser.add_argument("--kubeconfig", default=usual, help=f"an administrator's ({usual})")
        parser.add_argument("--context", default="", help="its context (the current one)")
        parser.add_argument("--namespace", default="", help="where flows and modules shall live (the context's)")
        parser.add_argument("--into", help="folder for the kubeconfigs of web and modules ($WEIRFLOW_HOME/remote)")

    def handle(self, *args: Any, **options: Any) -> None:
        from weirflow.kube.config import ConfigError
        from weirflow.kube.errors import ApiError

        kubeconfig = Path(options["kubeconfig"]).expanduser()
        folder = Path(options["into"] or settings.WEIRFLOW_HOME / "remote").absolute()
        try:
            asyncio.run(self._install(kubeconfig, options["context"], options["namespace"], folder))
        except (ApiError, ConfigError, OSError) as error:
            raise CommandError(f"The cluster is not ready: {error}.") from error

    async def _install(self, kubeconfig: Path, context: str, namespace: str, folder: Path) -> None:
        from weirflow.kube.installer import KUBECONFIG, install_from

        async for line in install_from(kubeconfig, context, namespace, folder):
            self.stdout.write(line)
        self.stdout.write(f"\nRun Weirflow on it: WEIRFLOW_KUBECONFIG={folder / KUBECONFIG} script/run")
