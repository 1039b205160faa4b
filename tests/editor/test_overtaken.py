"""Of two processes that pushed one node, the one with the older rows does not count."""

import pytest
from django.contrib.auth.models import User

from editor.push.rows import Applied, record
from projects.models import Flow, Node
from tests.projects.world import add, edit

pytestmark = pytest.mark.both_databases

NODE = "a" * 12


def test_a_push_that_was_overtaken_leaves_the_row_as_the_later_one_wrote_it(owner: User, flow: Flow) -> None:
    first = edit(owner, flow, add(NODE)).rev
    second = edit(owner, flow, {"op": "set_node", "id": NODE, "fields": {"label": "Second"}}).rev
    record([Applied(NODE, second, "uid", 2)], [])
    # Written over the second's, so that the cluster is at another generation than the row: drift, which is pushed anew.
    record([Applied(NODE, first, "uid", 3)], [])
    node = Node.objects.get(pk=NODE)
    assert (node.applied_rev, node.applied_generation, node.dirty) == (second, 2, False)
