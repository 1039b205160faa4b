"""The command line itself: finds the command, loads it, and says how it ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from weirflow.cli.failures import Exit, Failure, NobodyReads
from weirflow.cli.nearest import nearest, perhaps
from weirflow.cli.out import Out, styled
from weirflow.cli.table import COMMANDS, Row

PROGRAM = "weirflow"


class LazyGroup(click.Group):
    """A group that knows its commands by name, and loads one when it is called."""

    def __init__(self, rows: dict[str, Row], **more: Any) -> None:
        super().__init__(**more)
        self.rows = rows

    def list_commands(self, ctx: click.Context) -> list[str]:
        """By name."""
        return sorted(self.rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        row = self.rows.get(cmd_name)
        if row is None:
            return None
        found = getattr(import_module(row.module), row.attribute)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what was perhaps meant where there is no such command."""
        if args and args[0] not in self.rows and not args[0].startswith("-"):
            hint = perhaps(nearest(args[0], self.list_commands(ctx)))
            ctx.fail(f"there is no command {args[0]!r}{hint or f'; {ctx.command_path} --help lists them'}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """From the table, too."""
        begun = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=self.rows[name].summary) for name in begun]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table: help loads no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.rows[name].summary) for name in self.list_commands(ctx)])


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from weirflow import __version__

        click.echo(f"{PROGRAM} {__version__}")
        ctx.exit()


app = LazyGroup(
    COMMANDS,
    name=PROGRAM,
    help="Write components, run modules by hand, and work with the flows of a Weirflow from the command line.",
    epilog="Every command has --help and --json. Progress and remarks go to stderr.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version,
                     help="Say the version and exit.")
    ],
)  # fmt: skip


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns the exit code. What went wrong has been said when it returns."""
    as_json = "--json" in arguments
    if "_WEIRFLOW_COMPLETE" in os.environ:
        from weirflow.cli.shells import answer_by_these

        answer_by_these()
    try:
        ended = app.main(list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except Failure as failure:
        return _failed(failure, as_json=as_json)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(error.format_message() + "\n")
        return Exit.USAGE
    except click.ClickException as error:
        return _failed(_usage(error), as_json=as_json)
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except (NobodyReads, BrokenPipeError):
        # Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as error:
        if os.environ.get("WEIRFLOW_TRACEBACK"):
            raise
        text = f"{type(error).__name__}: {error} (a fault of weirflow itself; WEIRFLOW_TRACEBACK=1 shows where)"
        return _failed(Failure(text, code="defect", exit=Exit.DEFECT), as_json=as_json)
    return int(ended) if isinstance(ended, int) else Exit.DONE


def _failed(failure: Failure, *, as_json: bool) -> int:
    if as_json:
        # On one line, as it may come after others.
        with suppress(NobodyReads):
            Out(as_json=True).line(failure.to_json(), "")
    else:
        sys.stderr.write(f"{styled('error:', 'red', sys.stderr)} {failure.message}\n")
    return failure.exit


def _usage(error: click.ClickException) -> Failure:
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    close: list[str] = []
    text = " ".join(error.format_message().split()).rstrip(".")
    if isinstance(error, click.NoSuchOption) and ctx is not None:
        close = nearest(error.option_name, [name for one in ctx.command.get_params(ctx) for name in one.opts])
        text = f"there is no option {error.option_name}{perhaps(close)}"
        if error.option_name == "--json" and isinstance(ctx.command, LazyGroup):
            text = f"--json stands behind the command: {ctx.command_path} COMMAND --json"
    text = text[:1].lower() + text[1:]
    how = f"{ctx.command_path if ctx is not None else PROGRAM} --help says how it is used"
    return Failure(f"{text} ({how})", code="usage", exit=Exit.USAGE, suggestions=close)
