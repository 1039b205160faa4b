"""The `weirflow` command: one file per command, loaded when it is called. ``docs/cli.md`` is its reference."""

import sys


def main() -> int:
    """The process: runs the command line, returns its exit code (``weirflow.cli.failures``)."""
    try:
        from weirflow.cli.app import run

        return run(sys.argv[1:])
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.stderr.write("weirflow: the command needs the package click; install it: python -m pip install click\n")
        return 2
    except KeyboardInterrupt:
        # Before the command line could take it, or as it ended.
        return 130
