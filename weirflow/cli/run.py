"""`weirflow run`: serve a module by hand."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from weirflow.cli import complete
from weirflow.cli.command import command
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out
from weirflow.cli.package import PACKAGE_HELP
from weirflow.cli.where import KUBECONFIG_HELP

HELP = f"""Serve a module by hand, until Ctrl-C.

{PACKAGE_HELP} Its components are in the palette of every open editor as soon as this says so, and leave it when this
stops.

The module has the rights that the kubeconfig gives: on a laptop those of the cluster's administrator. What its flows
serve over HTTP has a port of its own, any free one unless --http-port names one: the product's (8080) stays the
product's. Where a host serves the same module already, this one is a replica beside it: messages go to both, and the
palette shows what the leading one offers. --as serves it under another name instead.
"""


@command("run", help=HELP)
@click.argument("package", required=False, shell_complete=complete.packages)
@click.option("--reload", is_flag=True, help="Start again when a file of the package changes.")
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
@click.option("--as", "name", metavar="NAME", help="Serve it as the module NAME, such as weather-dev.")
@click.option(
    "--http-port", type=click.IntRange(0, 65535), default=0, help="Port of what flows serve (0: any free one)."
)
@click.option("--verbose", is_flag=True, help="Log what the host does, too.")
@click.option("--owned", is_flag=True, hidden=True, help="Stop when standard input ends.")
@click.option("--tell", type=int, hidden=True, help="Say on this descriptor when it is imported, and wait for a line.")
def run(
    out: Out,
    package: str | None,
    reload: bool,
    kubeconfig: Path | None,
    name: str | None,
    http_port: int,
    verbose: bool,
    owned: bool,
    tell: int | None,
) -> int | None:
    """Serve it here, or have a child do so that is started again."""
    from weirflow.cli.package import find_package
    from weirflow.cli.where import find_cluster

    found, where = find_package(package), find_cluster(kubeconfig)
    if http_port and not owned:
        _check_port(http_port)
    if reload:
        from weirflow.cli.reload import serve_again_and_again

        return serve_again_and_again(out, found, where, name=name, http_port=http_port, verbose=verbose)
    from weirflow.cli.serve import serve_module

    def stand_by() -> None:
        """Whoever started this process stops the version from before only now."""
        if tell is not None:
            os.write(tell, b"!")
            os.close(tell)
            if not os.read(0, 1):
                sys.exit(Exit.DONE)

    serve_module(out, found, where, name=name, http_port=http_port, verbose=verbose, owned=owned, stand_by=stand_by)
    return None


def _check_port(port: int) -> None:
    """Where it was asked for and is not to be had, nothing else would do. Raises ``Failure``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            text = f"--http-port {port} cannot be opened: {error.strerror}; stop what uses it, or leave the option out"
            raise Failure(text, code="port_taken", exit=Exit.IN_THE_WAY) from error
