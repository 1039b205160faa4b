"""THREAT_MODEL.md names tests that exist: what it says is held is held by something that can fail."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", (ROOT / "THREAT_MODEL.md").read_text())


def test_every_test_that_it_names_exists() -> None:
    missing = []
    for file, name in NAMED:
        path = ROOT / "tests" / file
        if not path.is_file() or (name and not re.search(rf"def {name}\(", path.read_text())):
            missing.append(f"{file}::{name}")
    assert not missing
    assert len(NAMED) > 30
