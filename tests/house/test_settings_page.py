"""docs/settings.md names every variable that the product reads, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bench", "config", "editor", "modules", "projects", "weirflow")
READER = r"environ(?:\.get|\.pop)?[(\[]|env_\w+\(|\w+_from\(|_port\(|_address\(|_names\(|_flag\("
READ = re.compile(rf'(?:{READER})\s*"(WEIRFLOW_[A-Z_]+)"')
#: From the supervisor to its children (docs/protocols.md section 1); nobody sets them.
INNER = {"WEIRFLOW_READY_FD", "WEIRFLOW_HTTP_FD", "WEIRFLOW_WEB_FD", "WEIRFLOW_SLOT", "WEIRFLOW_PRINT_SIGNIN"}


def test_the_page_names_what_is_read() -> None:
    sources = [path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    read = {name for text in sources for name in READ.findall(text)}
    page = set(re.findall(r"^\| `(WEIRFLOW_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert page == read - INNER
