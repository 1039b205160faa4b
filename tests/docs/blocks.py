"""The fenced blocks of the documentation, and what is typed in those that show a shell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if "adr" not in path.parts),
]
_TITLE = re.compile(r'title="([^"]+)"')
_FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: `page` is the file's path in the repository, `kind` the word behind the fence, `title` the name
    of a file that the reader shall write."""

    page: str
    kind: str
    text: str
    line: int
    title: str = ""


@dataclass(slots=True)
class Command:
    """What is typed, and the lines that the page shows below it."""

    text: str
    shown: list[str] = field(default_factory=list)


def blocks_of(path: Path) -> Iterator[Block]:
    text = path.read_text()
    for found in _FENCE.finditer(text):
        indent = len(found[1])
        body = "\n".join(line[indent:] for line in found[3].splitlines())
        line = text.count("\n", 0, found.start()) + 1
        kind, title = found[2].split(" ", 1)[0], _TITLE.search(found[2])
        yield Block(str(path.relative_to(ROOT)), kind, body, line, title[1] if title else "")


def all_blocks() -> list[Block]:
    return [block for path in PAGES for block in blocks_of(path)]


def commands_of(block: Block) -> list[Command]:
    """The commands of a `console` block: behind `$ `, gone on with where a line ends in a backslash. A block that is
    named after a file writes it."""
    if block.title:
        return [Command(f"cat >{block.title} <<'END OF FILE'\n{block.text}\nEND OF FILE")]
    commands: list[Command] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            commands.append(Command(line[2:]))
        elif commands and commands[-1].text.endswith("\\") and not commands[-1].shown:
            commands[-1].text += "\n" + line
        elif commands:
            commands[-1].shown.append(line)
        else:
            raise AssertionError(f"{block.page}:{block.line} begins with {line!r}, which is no `$ command`")
    return commands


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether the page shows what was printed. `...` in a line stands for anything, a line `...` for any lines, and
    columns may be wider or narrower."""
    parts = [".*" if line.strip() == "..." else _line(line) + "\n" for line in shown]
    text = "".join(" ".join(line.split()) + "\n" for line in printed)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _line(line: str) -> str:
    return re.escape(" ".join(line.split())).replace(r"\.\.\.", "[^\n]*")
