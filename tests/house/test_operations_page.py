"""The files that docs/operations.md shows name settings, commands and ports that there are."""

import configparser
import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/operations.md").read_text()
SETTINGS = (ROOT / "docs/settings.md").read_text()


def _block(kind: str) -> str:
    (text,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


def test_every_variable_of_the_environment_is_a_setting() -> None:
    names = re.findall(r"^([A-Z_]+)=", _block("ini"), re.MULTILINE)
    assert len(names) >= 6
    assert [name for name in names if f"`{name}`" not in SETTINGS] == []


def test_the_unit_starts_a_command_that_there_is_and_reads_that_environment() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(_block("systemd"))
    started = re.fullmatch(r"/opt/weirflow/\.venv/bin/python manage\.py (\w+)", unit["Service"]["ExecStart"])
    assert started
    assert started[1] in get_commands()
    assert unit["Service"]["EnvironmentFile"] in _block("ini").splitlines()[0]
    assert re.search(r"^Environment=(\w+)=%i$", _block("systemd"), re.MULTILINE)[1] == "WEIRFLOW_PORT"  # type: ignore[index]


def test_the_proxy_reaches_the_started_processes_and_says_who_asks() -> None:
    proxy, unit = _block("nginx"), _block("systemd")
    assert proxy.count("{") == proxy.count("}")
    assert re.findall(r"127\.0\.0\.1:(\d+)", proxy) == re.findall(r"weirflow-web@(\d+)", unit.splitlines()[0])
    headers = set(re.findall(r"proxy_set_header (\S+)", proxy))
    assert {"Host", "X-Forwarded-Proto", "X-Forwarded-For", "Upgrade", "Connection"} <= headers
