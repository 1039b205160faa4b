"""`weirflow new`: folders that something of one's own begins with."""

from __future__ import annotations

from pathlib import Path

import click

from weirflow.cli.app import LazyGroup
from weirflow.cli.command import command
from weirflow.cli.out import Out
from weirflow.cli.table import Row

HELP_MODULE = """Begin a module: a folder with a component, its test, an example flow, and all around it.

NAME is lower case letters, digits and dashes, such as `weather`. The folder is made here, or in --in. Nothing that
exists is overwritten. The package is named after it, and served as the module `weather-v1`.
"""

new = LazyGroup(
    {"module": Row("weirflow.cli.new", "module", "A module: a folder with a component, its test and an example flow.")},
    name="new",
    help="Begin something of your own.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@command("module", help=HELP_MODULE)
@click.argument("name")
@click.option(
    "--in", "parent", type=click.Path(path_type=Path), default=Path(), help="The folder to make it in (here)."
)
def module(out: Out, name: str, parent: Path) -> None:
    """Write the folder."""
    from weirflow.cli.scaffold import scaffold

    made = scaffold(name, parent)
    steps = (f"cd {made.folder}", "weirflow run --reload", "python -m pytest")
    text = "\n".join([
        f"{made.folder}: the module {made.module} with {len(made.files)} files. What to do next:",
        "",
        f"  {steps[0]}",
        f"  {steps[1]:<24}serve it: Greet is in the palette of the Weirflow that runs here",
        f"  {steps[2]:<24}run its tests; once before: python -m pip install pytest pytest-asyncio",
    ])  # fmt: skip
    files = [str(file) for file in made.files]
    out.answer({"name": name, "package": made.package, "module": made.module, "folder": str(made.folder),
                "files": files, "next": list(steps)}, text)  # fmt: skip
