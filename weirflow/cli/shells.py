"""How bash, zsh and fish ask what completes a line, and take the answers: names with blanks, commas, colons and equals
signs in them, and `--option=value` in one word.
"""

from __future__ import annotations

import os
import re

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

#: What the shell's functions set, in which `weirflow` answers what completes a line and does nothing else.
ASKED = "_WEIRFLOW_COMPLETE"

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' completion
    COMPREPLY=()
    for completion in $(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="${COMP_WORDS[COMP_CWORD]}" \
%(complete_var)s=bash_complete $1); do
        case $completion in
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
            *) COMPREPLY+=("${completion#*,}") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

# The function goes by the name of the file that it is loaded from: zsh calls it by that the next time.
_ZSH = """\
#compdef %(prog_name)s
_%(prog_name)s() {
    local -a names described
    local type value help
    for type value help in "${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \
%(complete_var)s=zsh_complete %(prog_name)s)}"; do
        case $type in
            plain) if [[ $help == _ ]]; then names+=("$value"); else described+=("$value:$help"); fi ;;
            dir) compset -P 1 '-*='; _path_files -/ ;;
            file) compset -P 1 '-*='; _path_files -f ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#names )) && compadd -U -V unsorted -a names
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _%(prog_name)s "$@"
else
    compdef _%(prog_name)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s
    set -l line (commandline -cp | string collect)
    for completion in (env COMP_LINE=$line %(complete_var)s=fish_complete %(prog_name)s)
        set -l found (string split -m 1 , -- $completion)
        set -l option (string match -r -- '^-[^=]*=' $found[2])
        set -l path (string replace -r -- '^-[^=]*=' '' $found[2])
        switch $found[1]
            case dir
                printf '%%s\\n' "$option"(__fish_complete_directories $path)
            case file
                printf '%%s\\n' "$option"(__fish_complete_path $path)
            case '*'
                echo $found[2]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments '(%(complete_func)s)'
"""


class _Whole(ShellComplete):
    """To a shell `--option=value` is one word; click answers what stands behind the sign alone."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Each as the whole word that it makes."""
        found = super().get_completions(args, incomplete)
        option, sign, _ = incomplete.partition("=")
        if not sign or not option.startswith("-"):
            return found
        return [CompletionItem(f"{option}={one.value}", one.type, one.help) for one in found]


class _Bash(_Whole, BashComplete):
    """An answer is a line, and quoted as what is begun is: bash takes it as it stands. It takes a word apart at `:`,
    `=` and `@` and replaces the last part of it, so that the parts before are cut off."""

    source_template = _BASH
    _part = ""
    _before = 0

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is begun."""
        words, begun = _words(os.environ["COMP_LINE"])
        self._part = os.environ["COMP_WORD"].strip(":=@")
        self._before = len(begun) - len(_words(self._part)[1])
        return words, begun

    def format_completion(self, item: CompletionItem) -> str:
        """``type,value``."""
        value = item.value[self._before :]
        if self._part.startswith("'"):
            value = value.replace("'", "'\\''")
        else:
            special = r'[\\$`"]' if self._part.startswith('"') else r"[^\w%+=:@,./-]"
            value = re.sub(special, r"\\\g<0>", value)
        return f"{item.type},{value}"


class _Zsh(_Whole, ZshComplete):
    source_template = _ZSH


class _Fish(_Whole, FishComplete):
    source_template = _FISH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is begun."""
        return _words(os.environ["COMP_LINE"])


SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}


def script(app: click.Command, program: str, shell: str) -> str:
    """What a shell reads, so that it completes ``program``."""
    return SHELLS[shell](app, {}, program, ASKED).source()


def answer_by_these() -> None:
    """Answer what such a script asks."""
    for name, shell in SHELLS.items():
        add_completion_class(shell, name)


def _words(line: str) -> tuple[list[str], str]:
    """The arguments of a line that ends where one is typed, and what is begun of that one."""
    # Something that goes on with it, or that is one of its own.
    end = "\x1f"
    words = split_arg_string(line + end)
    return words[1:-1], words[-1].removesuffix(end)
