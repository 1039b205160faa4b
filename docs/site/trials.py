"""Examples of expressions as links to the page of a reader's own Weirflow on which they are run and changed."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from docs.site.components import PRODUCT

#: Blocks of examples: one in each line, with its result behind an arrow; or a mapping, and its result below.
_BLOCKS = re.compile(r"^```(expressions|mapping)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: A row of a table of functions: signature, words, example, result.
_ROW = re.compile(r"^(\| `\w+\(.*?\)` \| .*? \| )(`.*?`)", re.MULTILINE)


def address(text: str) -> str:
    """Where `text` is tried out, on the message of the reference."""
    return f"{PRODUCT}/expressions/?text={quote(text, safe='')}"


def with_trials(markdown: str) -> str:
    """The page with each example a link."""
    markdown = _BLOCKS.sub(lambda block: _linked(block[1], block[2]), markdown)
    return _ROW.sub(lambda row: f"{row[1]}[{row[2]}]({address(row[2].strip('`'))})", markdown)


def _linked(kind: str, text: str) -> str:
    lines = text.splitlines()
    if kind == "mapping":
        shown = [_mapping(line, before) for line, before in zip(lines, ["", *lines], strict=False)]
    else:
        shown = [_line(*line.rsplit(" -> ", 1)) for line in lines]
    return "<div class='highlight trials'><pre><code>" + "\n".join(shown) + "</code></pre></div>"


def _line(text: str, result: str) -> str:
    example = text.rstrip()
    return f"{_link(example)}{' ' * (len(text) - len(example))} -> {escape(result, quote=False)}"


def _mapping(line: str, before: str) -> str:
    return escape(line, quote=False) if before or not line else _link(line)


def _link(text: str) -> str:
    return f'<a href="{address(text)}">{escape(text, quote=False)}</a>'
