"""`weirflow completion SHELL`."""

from __future__ import annotations

import click

from weirflow.cli.command import command
from weirflow.cli.out import Out

HELP = """Print the script that completes `weirflow` in a shell.

\b
bash:  mkdir -p ~/.local/share/bash-completion/completions
       weirflow completion bash > ~/.local/share/bash-completion/completions/weirflow
       Without the package bash-completion: weirflow completion bash >> ~/.bashrc
zsh:   mkdir -p ~/.zfunc && weirflow completion zsh > ~/.zfunc/_weirflow
       In ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath)
fish:  mkdir -p ~/.config/fish/completions
       weirflow completion fish > ~/.config/fish/completions/weirflow.fish
"""


@command("completion", help=HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(out: Out, shell: str) -> None:
    """Print the script."""
    from weirflow.cli.app import PROGRAM, app
    from weirflow.cli.shells import script

    text = script(app, PROGRAM, shell)
    out.answer({"shell": shell, "script": text}, text.rstrip("\n"))
