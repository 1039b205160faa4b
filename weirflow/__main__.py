"""``python -m weirflow``: the `weirflow` command, where it is not on the path."""

import sys

from weirflow.cli import main

if __name__ == "__main__":
    sys.exit(main())
