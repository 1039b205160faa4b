"""Where code may run at all: what whoever runs the host has said."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import Enum

from weirflow.errors import Fail
from weirflow.sandbox.level import SandboxLevel, Walls

VARIABLE = "WEIRFLOW_CODE"


class Rule(Enum):
    """By what the variable says."""

    #: Only where the sandbox is whole: what several people and servers need.
    SANDBOXED = "sandboxed"
    #: Also where it is weaker: for somebody alone, whose own code it is. `manage.py up` says so of a machine whose
    #: editor nobody else reaches.
    WEAK = "weak"
    OFF = "off"


def rule(environ: Mapping[str, str] = os.environ) -> Rule:
    """Raises `ValueError` for what cannot be understood."""
    text = environ.get("WEIRFLOW_CODE") or Rule.SANDBOXED.value
    try:
        return Rule(text)
    except ValueError:
        known = ", ".join(each.value for each in Rule)
        raise ValueError(f"{VARIABLE} is {text!r}; it must be one of {known}") from None


def refuse_off() -> None:
    """Raises `Fail` where no code runs."""
    if rule() is Rule.OFF:
        raise Fail(
            f"code is switched off on this module host: {VARIABLE} is off there",
            code="code_sandbox",
            permanent=True,
        )


def refuse_weak(walls: Walls | None) -> None:
    """Raises `Fail` where the sandbox is weaker than this host asks for."""
    if walls is None or walls.level is SandboxLevel.FULL or rule() is Rule.WEAK:
        return
    raise Fail(
        f"this module host has no full sandbox for code (it has: {', '.join(walls.names)}), and several people may "
        f"edit flows here. Run it on Linux with seccomp, on x86_64 or aarch64; or set {VARIABLE}=weak there if "
        "everybody who edits may do what the host's user may",
        code="code_sandbox",
        permanent=True,
    )
