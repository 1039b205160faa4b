"""A command of ours: has `--json`, and is handed the `Out` that goes by it.

@command("state", help="The stored state of a node.")
@click.argument("node")
def state(out: Out, node: str) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from weirflow.cli.out import Out

#: Options that every command takes.
JSON_HELP = "Answer as JSON on stdout, errors too."


def command(name: str, *, help: str, epilog: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function whose first parameter is an `Out`. What it returns is the exit code; None: 0."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        def call(*, as_json: bool, **parameters: Any) -> Any:
            out = Out(as_json=as_json)
            try:
                return function(out, **parameters)
            finally:
                out.rest()

        call.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        json_option = click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
        settings = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
        return click.command(name, help=help, epilog=epilog, context_settings=settings)(json_option(call))

    return decorate
