"""What `import weirflow` offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import weirflow


def test_every_public_name_is_there() -> None:
    for name in weirflow.__all__:
        assert getattr(weirflow, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = weirflow.nothing


def test_the_package_itself_costs_nothing() -> None:
    program = "import sys, weirflow; sys.exit('pydantic' in sys.modules or 'asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_the_shipped_modules_need_pydantic_only() -> None:
    heavy = ("aiohttp", "kubernetes", "django", "re2", "celery", "cryptography", "jsonschema")
    program = f"import sys, modules.common, modules.http; sys.exit(sum(name in sys.modules for name in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
