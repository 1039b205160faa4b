"""The commands by name: where each is, and the line that `weirflow --help` has on it.

To add one: a file with a `click.Command` made by `weirflow.cli.command.command`, and a row here.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """``module`` is imported when the command is called; its command is the module's ``attribute``."""

    module: str
    attribute: str
    summary: str


COMMANDS: dict[str, Row] = {
    "apply": Row("weirflow.cli.files", "apply", "Make a flow on the server what a file says."),
    "completion": Row("weirflow.cli.completion", "completion", "Print the completion script of a shell."),
    "components": Row("weirflow.cli.components", "components", "List the components of the cluster, or of a package."),
    "export": Row("weirflow.cli.files", "export", "Write a flow or a project of the server as a file."),
    "login": Row("weirflow.cli.login", "login", "Sign in to a server with an API token."),
    "logout": Row("weirflow.cli.login", "logout", "Forget the token of a server."),
    "new": Row("weirflow.cli.new", "new", "Begin something of your own: a module."),
    "run": Row("weirflow.cli.run", "run", "Serve a module by hand: it is in the palette until you stop it."),
    "schema": Row("weirflow.cli.components", "schema", "Show a component's ports, schemas and documentation."),
    "signal": Row("weirflow.cli.signal", "signal", "Send a message to a port of a node, or press a button of it."),
    "state": Row("weirflow.cli.state", "state", "Show, set or watch the state that a node keeps."),
    "test": Row("weirflow.cli.test", "test", "Run the tests in flow files."),
    "trace": Row("weirflow.cli.trace", "trace", "Show recorded runs as trees."),
    "validate": Row("weirflow.cli.validate", "validate", "Look for what is wrong with a module, or with flow files."),
}
