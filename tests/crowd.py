"""Editors of one flow with sessions of their own, made beside a product that runs."""

import json

from tests.e2e.product import Product

_MAKE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from projects.actions import do_create_flow
from projects.models import Membership, Project, Role
project = Project.objects.order_by("created").first()
owner = project.memberships.get(role=Role.OWNER).user
flow = do_create_flow(owner, project, "Together")
keys = []
for number in range({count}):
    person = get_user_model().objects.create(username=f"person-{{flow.pk.hex[:6]}}-{{number:03d}}")
    Membership.objects.create(project=project, user=person, role=Role.EDITOR)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), "config.sessions.PersonBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
print("made:" + json.dumps([str(flow.pk), keys]))
"""
_TOKEN = "b" * 32


def flow_with_editors(product: Product, count: int) -> tuple[str, list[str]]:
    """A new flow of the demo project, and the sessions of `count` people who may edit it."""
    printed = product.manage("shell", "-c", _MAKE.format(count=count))
    made = next(line for line in printed.splitlines() if line.startswith("made:"))
    flow, sessions = json.loads(made.removeprefix("made:"))
    return flow, sessions


def headers_of(session: str, origin: str) -> dict[str, str]:
    """What a browser of this person sends with each request."""
    cookies = f"weirflow_session={session}; csrftoken={_TOKEN}"
    return {"Cookie": cookies, "X-CSRFToken": _TOKEN, "Origin": origin}
