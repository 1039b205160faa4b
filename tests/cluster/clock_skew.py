"""A wall clock that is off, for one process: what it measures durations by stays right, as on a real machine."""

from pathlib import Path

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")


def skewed(seconds: float) -> dict[str, str]:
    """The environment of a process whose clock is ``seconds`` ahead (or behind, below 0)."""
    if not seconds:
        return {}
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern.removeprefix("/"))]
    assert found, "libfaketime is needed: apt-get install --yes --no-install-recommends faketime"
    return {"LD_PRELOAD": str(found[0]), "FAKETIME": f"{seconds:+g}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
