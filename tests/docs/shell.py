"""A page's commands, typed one after the other into one shell beside a running product."""

import functools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.docs.blocks import ROOT, Command, matches
from tests.e2e.product import Product

SECONDS = 120
#: Typed before, by whoever started the product or the tests.
BY_HAND = re.compile(r"script/(run|test|docs serve)\b|git clone\b|pip install\b|.*weirflow\.embedded restore\b")
#: What stays until it is stopped.
STAYS = re.compile(r"weirflow (run\b|.*--(watch|follow)\b)")
_MARK = "\x1e"


def folder_like_a_clone(at: Path, product: Product) -> Path:
    """A folder like a clone whose product runs: the sources by link, `var` the data directory of `product`."""
    at.mkdir()
    for path in ROOT.iterdir():
        if path.name not in ("var", ".git") and not path.name.startswith(".pytest"):
            (at / path.name).symlink_to(path)
    (at / "var").symlink_to(product.home)
    programs = at / ".programs"
    programs.mkdir()
    for name, module in (("weirflow", "weirflow"), ("pytest", "pytest")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m {module} "$@"\n')
        program.chmod(0o755)
    return at


def run_page(commands: list[Command], folder: Path, product: Product) -> None:
    """Type the page's commands. Raises `AssertionError` for the first that fails or prints something else."""
    addresses = {"http://127.0.0.1:8000": product.url, "http://127.0.0.1:8080": product.flows_url}
    script = ["set -u", "leave() { kill $(jobs -p) 2>/dev/null; wait; exit; }", f"printf '{_MARK}\\n'"]
    for command in commands:
        text = _replaced(command.text, addresses)
        if BY_HAND.match(text):
            script.append("true")
        elif STAYS.match(text):
            script += [f"(exec {text}) >stays.log 2>&1 &", _until_printed(command.shown)]
        else:
            script.append(text)
        # What comes next was never meant for where a failed command leaves the reader.
        script.append(f"code=$?; printf '{_MARK}%s\\n' $code; ((code)) && leave")
    ended = _bash("\n".join(script) + "\nleave\n", folder, product)
    outputs = ended.split(_MARK)[1:]
    for number, command in enumerate(commands):
        assert number + 1 < len(outputs), f"`{command.text}` did not end:\n{ended[-3000:]}"
        printed = _replaced(outputs[number].split("\n", 1)[1], {ours: page for page, ours in addresses.items()})
        code = outputs[number + 1].split("\n", 1)[0]
        assert code == "0", f"`{command.text}` ended with {code}:\n{printed}"
        if command.shown and not BY_HAND.match(command.text):
            shown = "\n".join(command.shown)
            assert matches(command.shown, printed.splitlines()), f"`{command.text}` shows\n{shown}\nbut is\n{printed}"


def _bash(script: str, folder: Path, product: Product) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WEIRFLOW_")},
        "PATH": f"{folder / '.programs'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder / ".home"),
        "WEIRFLOW_HOME": str(product.home),
        "WEIRFLOW_PORT": product.url.rsplit(":", 1)[1],
        "WEIRFLOW_URL": product.url,
        "WEIRFLOW_TOKEN": _token(product),
        "NO_COLOR": "1",
    }
    (folder / ".home").mkdir(exist_ok=True)
    (folder / ".typed").write_text(script)
    ended = subprocess.run(
        ["bash", ".typed"],
        stdin=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
    )
    return ended.stdout


@functools.cache
def _token(product: Product) -> str:
    """One of the owner's for all pages: these tell how people make theirs in the browser."""
    code = (
        "from django.contrib.auth.models import User; from projects.actions.tokens import do_create_token;"
        "print('token:' + do_create_token(User.objects.order_by('pk')[0], 'pages', ['view', 'edit'], 1)[1])"
    )
    return product.manage("shell", "-c", code).rsplit("token:", 1)[1].strip()


def _until_printed(shown: list[str]) -> str:
    """Wait, for half a minute at most, until the last of the lines has come, then print what there is."""
    last = next((line.strip() for line in reversed(shown) if line.strip() != "..."), "")
    pattern = ".*".join(re.sub(r"[^\w ]", ".", part) for part in last.split("..."))
    tries = f"for _ in $(seq 300); do grep -qE {shlex.quote(pattern)} stays.log && break; sleep 0.1; done"
    return f"{tries}; cat stays.log"


def _replaced(text: str, names: dict[str, str]) -> str:
    for before, after in names.items():
        text = text.replace(before, after)
    return text
