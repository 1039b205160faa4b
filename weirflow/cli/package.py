"""The module in a folder: which package it is, and importing it so that what is wrong is said with its line."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nearest import nearest, perhaps
from weirflow.declared import Misdeclared

if TYPE_CHECKING:
    from weirflow.spec import Module

PACKAGE_HELP = "PACKAGE is a Python package, or a folder with one; without it the one in this folder."

_INSTALL = "correct the name, or install what it is in: python -m pip install, with the Python that has Weirflow"
_BEGIN = "go to its folder, or begin one: weirflow new module NAME"


@dataclass(frozen=True)
class Package:
    """A package that is served as a module; ``folder`` is what stands in front of it on Python's path."""

    name: str
    folder: Path

    @property
    def files(self) -> Path:
        """The folder of its files."""
        return self.folder.joinpath(*self.name.split("."))


def find_package(named: str | None) -> Package:
    """The package that is meant. Raises ``Failure``."""
    here = Path.cwd()
    if named is None:
        return _in_folder(here)
    if "/" in named or (here / named / "pyproject.toml").is_file():
        folder = Path(named).expanduser().resolve()
        if not folder.is_dir():
            raise Failure(f"there is no folder {named}", code="no_package", exit=Exit.MISSING)
        return _in_folder(folder)
    return Package(named, here)


def load_module(package: Package) -> Module:
    """Import it, and take its ``module``. Raises ``Failure`` that names the file and the line at fault."""
    from weirflow.spec import Module

    if str(package.folder) not in sys.path:
        sys.path.insert(0, str(package.folder))
    try:
        found = importlib.import_module(package.name)
    except ModuleNotFoundError as error:
        if error.name and package.name.startswith(error.name):
            close = nearest(package.name, packages_in(package.folder))
            hint = perhaps(close) or "; name one, or go to its folder"
            text = f"there is no package {package.name} here ({package.folder}){hint}"
            raise Failure(text, code="no_package", exit=Exit.MISSING, suggestions=close) from error
        raise _broken(package, error, f"no module named {error.name}; {_INSTALL}") from error
    except SyntaxError as error:
        place = f"{_short(error.filename or '', package)}:{error.lineno}"
        text = f"{place}: {error.msg}"
        raise Failure(text, code="import_failed", file=error.filename, line=error.lineno) from error
    except (Exception, SystemExit) as error:
        raise _broken(package, error, _what(error)) from error
    module = getattr(found, "module", None)
    if not isinstance(module, Module):
        text = (
            f"{package.name} has no `module`; add to its __init__.py: module = Module(NAME, VERSION, [COMPONENT, ...])"
        )
        raise Failure(text, code="no_module", exit=Exit.MISSING)
    return module


def _in_folder(folder: Path) -> Package:
    """What pyproject.toml says below [tool.weirflow], else the one package whose __init__.py makes a ``module``."""
    project = folder / "pyproject.toml"
    if project.is_file():
        try:
            document = tomllib.loads(project.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Failure(f"{project}: {error}", code="bad_project", exit=Exit.USAGE, file=str(project)) from error
        named = document.get("tool", {}).get("weirflow", {}).get("package")
        if isinstance(named, str) and named:
            below = folder / "src" if (folder / "src" / named.split(".")[0]).is_dir() else folder
            return Package(named, below)
    for below in (folder, folder / "src"):
        found = [init.parent.name for init in sorted(below.glob("*/__init__.py")) if _makes_module(init)]
        if len(found) > 1:
            text = f"{below} has several packages with a module: {', '.join(found)}; name one of them"
            raise Failure(text, code="several_packages", exit=Exit.USAGE, packages=found)
        if found:
            return Package(found[0], below)
    if (folder / "__init__.py").is_file() and _makes_module(folder / "__init__.py"):
        return Package(folder.name, folder.parent)
    folders = [file.parent.name for file in sorted(folder.glob("*/pyproject.toml")) if _is_of_a_module(file)]
    hint = f"there is one in {', '.join(folders[:8])}: name it, or go there" if folders else _BEGIN
    raise Failure(
        f"no package in {folder} has a `module`; {hint}", code="no_package", exit=Exit.MISSING, folders=folders
    )


def _is_of_a_module(project: Path) -> bool:
    return "[tool.weirflow]" in project.read_text("utf-8", "replace")


def packages_in(folder: Path) -> list[str]:
    """What may be named in this folder: packages, and folders that a module stands in."""
    found = [*folder.glob("*/__init__.py"), *folder.glob("*/pyproject.toml")]
    return sorted({file.parent.name for file in found if not file.parent.name.startswith(".")})


def _makes_module(init: Path) -> bool:
    text = init.read_text("utf-8", "replace")
    return "Module(" in text and "module" in text


def _broken(package: Package, error: BaseException, what: str) -> Failure:
    file, line = getattr(error, "file", ""), getattr(error, "line", 0)
    if isinstance(error, Misdeclared) and file:
        return Failure(f"{_short(file, package)}:{line}: {what}", code="import_failed", file=file, line=line)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(package.folder)]
    if not own:
        return Failure(f"{package.name} cannot be imported: {what}", code="import_failed")
    place = own[-1]
    text = f"{_short(place.filename, package)}:{place.lineno}: {what}"
    return Failure(text, code="import_failed", file=place.filename, line=place.lineno)


def _what(error: BaseException) -> str:
    if isinstance(error, Misdeclared):
        return str(error)
    # Pydantic's first paragraph says what, the others are for those who extend it.
    text = str(error).split("\n\n")[0]
    if getattr(error, "code", "") == "schema-for-unknown-type":
        kind = re.sub(r".*<class '([^']+)'>.*", r"\1", text, flags=re.DOTALL)
        return (
            f"{kind} is no type that a field can have; derive it from weirflow.Model, or take str, int, list, dict, ..."
        )
    return f"{type(error).__name__}: {text}"


def _short(file: str, package: Package) -> str:
    path = Path(file)
    return str(path.relative_to(package.folder)) if path.is_relative_to(package.folder) else file
