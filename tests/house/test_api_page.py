"""The examples of docs/api.md and docs/teams.md, sent as they stand there, are answered as these say."""

import re
import shlex
from pathlib import Path
from string import Template

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from projects.actions.tokens import do_create_token
from projects.models import Flow, Project

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = "\n".join((DOCS / page).read_text() for page in ("api.md", "teams.md"))
EXAMPLES = re.findall(r"^curl (.*?)\s+# (\d{3})$", PAGES, re.MULTILINE)
SERVER = "http://127.0.0.1:8000"


def test_examples_are_answered_as_the_page_says(
    transactional_db: None, owner: User, project: Project, flow: Flow
) -> None:
    _, token = do_create_token(owner, "the page's", ["view", "edit", "manage"], 1)
    known = {"WEIRFLOW": SERVER, "TOKEN": token, "PROJECT": str(project.pk), "FLOW": str(flow.pk)}
    answers = []
    for command, _ in EXAMPLES:
        answer = _sent(Template(command).substitute(known))
        if command.startswith("-i "):
            # Escaped as a shell's variable is: its quotes are no quotes of the command.
            known["SEEN"] = answer.headers["ETag"].replace('"', '\\"')
        answers.append((command, str(answer.status_code)))
    assert answers == EXAMPLES
    assert len(EXAMPLES) >= 12
    assert project.flows.count() == 2


def _sent(command: str) -> HttpResponse:
    """What curl would send, by the few switches that the page uses."""
    words = shlex.split(command)
    method, headers, body, address = "GET", {}, "", ""
    while words:
        match words.pop(0):
            case "-i":
                pass
            case "-X":
                method = words.pop(0)
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                body = words.pop(0)
            case address:
                assert address.startswith(SERVER), f"{address} in docs/api.md is no switch that this test knows"
    kind = headers.pop("Content-Type", "application/octet-stream")
    return Client().generic(method, address.removeprefix(SERVER), body, kind, headers=headers)
