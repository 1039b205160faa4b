"""An installation that has been in use for long: a thousand projects, and a million entries of the audit."""

import json
from dataclasses import dataclass

from tests.e2e.product import Product

PROJECTS = 1_000
MEMBERS = 50
ENTRIES = 1_000_000
PIECE = 100_000
"""Entries in one transaction: the product runs meanwhile, and waits for the database no longer than it may."""

_PROJECTS = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from projects.models import Flow, Membership, Project, Role
User = get_user_model()
owner = User.objects.filter(is_superuser=True).first()
first = Project.objects.order_by("created").first()
made = [Project(name=f"Plant {{n:04d}}", resource_name=f"plant-{{n}}", dirty=False) for n in range({projects} - 1)]
Project.objects.bulk_create(made, batch_size=500)
Membership.objects.bulk_create([Membership(project=one, user=owner, role=Role.OWNER) for one in made], batch_size=500)
Flow.objects.bulk_create(
    [Flow(project=one, name="Line", resource_name=f"line-{{n}}", node_count=n % 90, dirty=False)
     for n, one in enumerate(made)], batch_size=500)
people = User.objects.bulk_create([User(username=f"person-{{n:03d}}") for n in range({members})])
Membership.objects.bulk_create([Membership(project=first, user=one, role=Role.EDITOR) for one in people])
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(owner.pk), "config.sessions.PersonBackend"
session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
session.create()
print("made:" + json.dumps([str(first.pk), str(first.flows.first().pk), session.session_key]))
"""
# Half of them in one project; the oldest are two years old.
_ENTRIES = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute('''
WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {first} + {count} - 1),
p(id, place) AS (SELECT id, row_number() OVER (ORDER BY created) - 1 FROM projects_project)
INSERT INTO projects_auditentry
(at, person, person_name, way, credential, address, request_id, action, kind, object_id, object_name, project, flow,
 "before", "after")
SELECT strftime('%Y-%m-%d %H:%M:%f', 'now', (-730.0 * 86400 * (1 - i * 1.0 / {total})) || ' seconds'),
 i % 61, printf('person-%03d', i % 61), 'session', '', '192.0.2.' || (i % 250), printf('%032x', i),
 CASE i % 10 WHEN 0 THEN 'control.press' WHEN 1 THEN 'flow.rename' WHEN 2 THEN 'member.add' ELSE 'flow.change' END,
 CASE i % 10 WHEN 0 THEN 'node' WHEN 2 THEN 'user' ELSE 'flow' END, 'x' || (i % 5000), 'Thing ' || (i % 5000),
 p.id, '{flow}', NULL,
 json_object('rev', i, 'ops', json_object('set_node', 1 + i % 3), 'node_count', 1,
             'nodes', json_array(json_array('n' || (i % 400), 'Counter')))
FROM n JOIN p ON p.place = CASE i % 2 WHEN 0 THEN 0 ELSE (i / 2) % {projects} END
''')
"""


@dataclass(frozen=True)
class History:
    """The project with half of the entries, and the session of the installation's owner, whose all projects are."""

    project: str
    flow: str
    session: str


def make_history(product: Product) -> History:
    """The product is running, on SQLite."""
    printed = product.manage("shell", "-c", _PROJECTS.format(projects=PROJECTS, members=MEMBERS))
    project, flow, session = json.loads(
        next(line for line in printed.splitlines() if line.startswith("made:")).removeprefix("made:")
    )
    for first in range(0, ENTRIES, PIECE):
        text = _ENTRIES.format(first=first, count=PIECE, total=ENTRIES, projects=PROJECTS, flow=flow.replace("-", ""))
        product.manage("shell", "-c", text)
    return History(project, flow, session)
