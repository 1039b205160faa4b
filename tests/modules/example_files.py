"""The example flows that ship beside the components, and the modules that they are made of."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import modules
from weirflow import Module
from weirflow.flowfile import Fault, FlowFile, OfferedComponents, read_flow_file

FOLDER = Path(modules.__file__).resolve().parent
EXAMPLES = sorted(FOLDER.glob("*/examples/*.yaml"))


def all_modules() -> list[Module]:
    """The module of each folder."""
    folders = [import_module(f"modules.{found.name}") for found in iter_modules([str(FOLDER)]) if found.ispkg]
    return [folder.module for folder in folders if hasattr(folder, "module")]


def example(name: str) -> FlowFile:
    """The example file of that name, such as `common/router`."""
    folder, _, file = name.partition("/")
    return read_flow_file((FOLDER / folder / "examples" / f"{file}.yaml").read_text())


def faults_of(path: Path) -> list[Fault]:
    """What of the file cannot run with the shipped modules. Raises FlowFileError for one that cannot be read."""
    return list(OfferedComponents(all_modules()).faults(read_flow_file(path.read_text())))
