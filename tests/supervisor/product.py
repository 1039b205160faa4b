"""A product of stand-ins: `python -m tests.supervisor.product HOME '{"web": ["deaf"], ...}'`.

`STOP_SECONDS` in the environment is what each of them is given to stop.
"""

import json
import os
import sys
from pathlib import Path

from config.supervisor.child import ChildSpec
from config.supervisor.errors import StartError
from config.supervisor.home import Home
from config.supervisor.supervisor import Supervisor


def main(directory: str, behaviours: dict[str, list[str]]) -> int:
    home = Home(Path(directory))
    try:
        home.take()
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    home.record(pid=os.getpid(), url="http://127.0.0.1:1")
    patience = float(os.environ.get("STOP_SECONDS", "0.5"))
    command = (sys.executable, "-m", "tests.supervisor.child")
    supervisor = Supervisor(
        [
            ChildSpec(name, (*command, *words), {"CHILD_NAME": name, "CHILD_HOME": directory}, stop_seconds=patience)
            for name, words in behaviours.items()
        ],
        home=home,
        directory=Path.cwd(),
        stop_order=[[name] for name in behaviours],
        on_ready=lambda output, note: output.plain(f"all ready {note}".strip()),
        parent=os.getpid(),
        rolling=[name for name in behaviours if name.startswith("modules-")],
    )
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
