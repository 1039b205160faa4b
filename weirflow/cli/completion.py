"""`weirflow completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, get_completion_class

from weirflow.cli.command import command
from weirflow.cli.out import Out

HELP = """Print the script that completes `weirflow` in a shell.

\b
bash:  weirflow completion bash > ~/.local/share/bash-completion/completions/weirflow
zsh:   weirflow completion zsh > "${fpath[1]}/_weirflow"
fish:  weirflow completion fish > ~/.config/fish/completions/weirflow.fish
"""


class _Bash(BashComplete):
    """As click's, for names with blanks in them: an answer is a line, and is quoted unless what is begun is."""

    source_template = """\
%(complete_func)s() {
    local IFS=$'\\n' begun=${COMP_WORDS[COMP_CWORD]} completion type value
    COMPREPLY=()
    for completion in $(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete $1); do
        type=${completion%%%%,*} value=${completion#*,}
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            *) [[ $begun == [\\"\\']* ]] || printf -v value %%q "$value"; COMPREPLY+=("$value") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


@command("completion", help=HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(out: Out, shell: str) -> None:
    """Print the script."""
    from weirflow.cli.app import PROGRAM, app

    found = _Bash if shell == "bash" else get_completion_class(shell)
    assert found is not None
    script = found(app, {}, PROGRAM, "_WEIRFLOW_COMPLETE").source()
    out.answer({"shell": shell, "script": script}, script.rstrip("\n"))
