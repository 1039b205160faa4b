"""`python -m bench [NAME...] [--json FILE]`: run the groups, print a table, write the rows."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bench import cluster, editor, embedded, forms, library, live, runtime, start, teams
from bench.nodered import find_node_red, how_to_get_node_red
from bench.row import Row, table

GROUPS: dict[str, Callable[[], Coroutine[Any, Any, list[Row]]]] = {
    "live": live.measure,
    "editor": editor.measure,
    "forms": forms.measure,
    "start": start.measure,
    "embedded": embedded.measure,
    "runtime": runtime.measure,
    "cluster": cluster.measure,
    "library": library.measure,
    "teams": teams.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure the product, beside a peer.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(GROUPS)} (all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to FILE")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in GROUPS]:
        parser.error(f"no such group: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    logging.basicConfig(level=logging.WARNING)
    if find_node_red() is None:
        sys.stdout.write(how_to_get_node_red() + "\n")
    rows: list[Row] = []
    for name in options.names or GROUPS:
        rows += asyncio.run(GROUPS[name]())
        if options.json:
            options.json.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n")
    sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main()
