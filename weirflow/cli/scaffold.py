"""Writing the folder of a new module from the templates."""

from __future__ import annotations

import keyword
import re
import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from string import Template

from weirflow.cli.failures import Exit, Failure

TEMPLATES = Path(__file__).parent / "templates" / "module"
SHIPPED = Path(__file__).parents[2] / "modules"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40
_VERSION = re.compile(r"-v[0-9]+$")
#: Folders of a module, and names that would hide what its own code imports.
_TAKEN = frozenset({"test", "tests", "examples", "module", "package", "weirflow", "modules"})


@dataclass(frozen=True)
class Made:
    """What was written. ``files`` are below ``folder``."""

    folder: Path
    package: str
    module: str
    files: tuple[Path, ...]


def scaffold(name: str, parent: Path) -> Made:
    """Write the folder ``parent/name``. Raises ``Failure``; then nothing is there that was not before."""
    check_name(name)
    folder = parent / name
    if folder.exists() or folder.is_symlink():
        raise Failure(
            f"{folder} exists already; choose another name, or remove it", code="exists", exit=Exit.IN_THE_WAY
        )
    if not parent.is_dir():
        raise Failure(f"there is no folder {parent}; make it first", code="no_folder", exit=Exit.MISSING)
    package = name.replace("-", "_")
    words = {"name": name, "package": package, "module": f"{name}-v1"}
    try:
        # Beside its place, so that it appears there whole or not at all.
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=parent) as beside:
            files = _write(Path(beside) / name, words)
            (Path(beside) / name).rename(folder)
    except OSError as error:
        text = f"{folder} cannot be written: {error.strerror or error}; choose a folder of yours with --in"
        raise Failure(text, code="not_written", exit=Exit.REFUSED) from error
    return Made(folder, package, words["module"], files)


def check_name(name: str) -> None:
    """Raises ``Failure`` for what cannot name a folder, a Python package and a module at once."""
    if _VERSION.search(name):
        better = _VERSION.sub("", name)
        raise _bad(name, f"leave the version out: the module of {better!r} is {better}-v1", better)
    if not _NAME.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "-", _plain(name)).strip("-0123456789")[:_LONGEST].strip("-")
        hint = f", such as {better}" if better else ""
        raise _bad(name, f"use lower case letters, digits and single dashes, a letter first{hint}", better)
    if len(name) > _LONGEST:
        raise _bad(name, f"use at most {_LONGEST} characters", name[:_LONGEST].strip("-"))
    package = name.replace("-", "_")
    if package in _shipped():
        raise _bad(name, f"{name}-v1 is a module of Weirflow itself; choose another, such as my-{name}", f"my-{name}")
    if keyword.iskeyword(package) or package in sys.stdlib_module_names:
        raise _bad(name, f"Python itself has that name; choose another, such as my-{name}", f"my-{name}")
    elsewhere = [entry for entry in sys.path if entry and Path(entry).resolve() != Path.cwd()]
    if package in _TAKEN or PathFinder.find_spec(package, elsewhere) is not None:
        raise _bad(
            name, f"a package of that name is installed here already; choose another, such as my-{name}", f"my-{name}"
        )


def _plain(text: str) -> str:
    """Small letters without their accents: `größe` is `grosse`."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _shipped() -> set[str]:
    """The modules that are served already wherever Weirflow runs from a clone: two of one name share their messages."""
    return {folder.parent.name for folder in SHIPPED.glob("*/__init__.py")}


def _bad(name: str, what: str, better: str) -> Failure:
    shown = name if len(name) <= 60 else f"{name[:60]}..."
    return Failure(f"{shown!r} cannot name a module: {what}", code="bad_name", exit=Exit.USAGE, suggestion=better)


def _write(folder: Path, words: dict[str, str]) -> tuple[Path, ...]:
    files = []
    for template in sorted(TEMPLATES.rglob("*.tmpl")):
        place = template.relative_to(TEMPLATES).with_suffix("")
        if place.parts[0] == "package":
            place = Path(words["package"], *place.parts[1:])
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(template.read_text("utf-8")).substitute(words), "utf-8")
        files.append(place)
    return tuple(files)
