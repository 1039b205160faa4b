"""The reference in docs/cli.md, made of what the commands say of themselves: `python -m tests.cli.page` writes it."""

from pathlib import Path

import click

from weirflow.cli.app import PROGRAM, LazyGroup, app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
BEGIN = "<!-- What follows is written by `python -m tests.cli.page`. -->\n"
WIDTH = 100


def reference() -> str:
    """A section for each command, with its help."""
    return "\n".join(_sections(app, click.Context(app, info_name=PROGRAM)))


def whole_page() -> str:
    """The page as it has to be."""
    written, found, _ = PAGE.read_text().partition(BEGIN)
    assert found, f"{PAGE} has lost the line where the reference begins"
    return f"{written}{BEGIN}\n{reference()}"


def _sections(group: LazyGroup, parent: click.Context) -> list[str]:
    sections = []
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(
            command, info_name=name, parent=parent, **{**command.context_settings, "terminal_width": WIDTH}
        )
        if isinstance(command, LazyGroup):
            sections += _sections(command, context)
        else:
            sections.append(f"### {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n")
    return sections


if __name__ == "__main__":
    PAGE.write_text(whole_page())
