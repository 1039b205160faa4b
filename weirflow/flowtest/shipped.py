"""Which components tests have here: a name for the code of the shipped modules, without importing any of it."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

#: The folder of the modules that are shipped.
SHIPPED = "modules"


@cache
def shipped_code() -> str:
    """A digest of the modules' own files, read once: an installation is another one after it was upgraded."""
    found = importlib.util.find_spec(SHIPPED)
    digest = hashlib.sha256()
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        root = Path(folder)
        for file in sorted(root.rglob("*.py")):
            digest.update(f"{file.relative_to(root)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
