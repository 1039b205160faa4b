"""`weirflow completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from weirflow.cli.command import command
from weirflow.cli.out import Out

HELP = """Print the script that completes `weirflow` in a shell.

\b
bash:  weirflow completion bash > ~/.local/share/bash-completion/completions/weirflow
zsh:   weirflow completion zsh > "${fpath[1]}/_weirflow"
fish:  weirflow completion fish > ~/.config/fish/completions/weirflow.fish
"""


@command("completion", help=HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(out: Out, shell: str) -> None:
    """Print the script."""
    from weirflow.cli.app import PROGRAM, app

    found = get_completion_class(shell)
    assert found is not None
    script = found(app, {}, PROGRAM, "_WEIRFLOW_COMPLETE").source()
    out.answer({"shell": shell, "script": script}, script.rstrip("\n"))
