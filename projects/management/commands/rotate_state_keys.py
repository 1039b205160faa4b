import asyncio
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects.sealed_states import keys_of_deleted_nodes


class Command(BaseCommand):
    help = (
        "Add a key for the secret fields of states, which running hosts begin to seal with, and seal all states anew "
        "with; or list the keys, or remove one that nothing is sealed with any more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        own = settings.WEIRFLOW_HOME / "kubeconfig"
        named = (os.environ.get("KUBECONFIG") or "~/.kube/config").split(os.pathsep)[0]
        usual = str(own) if own.exists() else named
        parser.add_argument("--kubeconfig", default=usual, help=f"of one who may write Secrets ({usual})")
        parser.add_argument("--context", default="", help="its context (the current one)")
        parser.add_argument("--namespace", default="", help="where flows and modules live (the context's)")
        parser.add_argument("--id", default="", help="name of the new key (the time)")
        parser.add_argument("--list", action="store_true", help="only show the keys and what is sealed with them")
        parser.add_argument("--remove", metavar="ID", default="", help="remove this key, if no node needs it")
        parser.add_argument("--lose-undo", action="store_true", help="even if the undo of a deletion needs it")

    def handle(self, *args: Any, **options: Any) -> None:
        from weirflow.kube.config import ConfigError
        from weirflow.kube.errors import ApiError
        from weirflow.kube.key_rotation import KeyInUse

        kept = keys_of_deleted_nodes()
        if options["remove"] and kept[options["remove"]] and not options["lose_undo"]:
            raise CommandError(
                f"{kept[options['remove']]} deleted nodes could not be brought back without the key "
                f"{options['remove']!r}: wait until their deletion has left the history, or say --lose-undo."
            )
        try:
            asyncio.run(self._rotate(Path(options["kubeconfig"]).expanduser(), kept, options))
        except (ApiError, ConfigError, KeyInUse, OSError, ValueError) as error:
            raise CommandError(f"{error}.") from error

    async def _rotate(self, kubeconfig: Path, kept: dict[str, int], options: dict[str, Any]) -> None:
        from weirflow.kube.config import load_config
        from weirflow.kube.http import HttpCluster
        from weirflow.kube.key_rotation import add_key, present_keys, remove_key, uses

        config = load_config(kubeconfig, options["context"])
        config.namespace = options["namespace"] or config.namespace
        async with HttpCluster(config) as cluster:
            if options["remove"]:
                await remove_key(cluster, options["remove"])
                self.stdout.write(f"Key {options['remove']} removed.")
            elif not options["list"]:
                self.stdout.write(f"Key {await add_key(cluster, options['id'])} added: states are sealed with it now.")
            keys, sealed = await present_keys(cluster), await uses(cluster)
        for key_id in sorted({*keys.keys, *sealed, *kept}):
            nodes = sealed[key_id].count if key_id in sealed else 0
            state = "seals" if key_id == keys.primary else "opens" if key_id in keys.keys else "not in the Secret"
            self.stdout.write(f"{key_id}: {state}; needed by nodes: {nodes}, by undo: {kept.get(key_id, 0)}")
        for fault in keys.faults:
            self.stderr.write(fault)
