"""Text is found in settings and mappings that a page has not read, by who may see the flow."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from editor.database import in_database
from editor.process import LiveSide
from projects.find import MAX_HITS, MAX_TEXT, leaves
from projects.models import Edge, Flow, Node
from tests.editor.edits import Editor
from tests.editor.test_api import Api, api, signed_in

__all__ = ["api"]

pytestmark = [pytest.mark.server, pytest.mark.both_databases]


async def found(client: Api, words: str) -> Any:
    answer = await client.client.get(client.root + "/find", {"q": words})
    assert answer.status_code == 200, answer.content
    return answer.json()


async def holding(editor: Editor, settings: Any) -> str:
    """A node with any settings, also such as its component would refuse."""
    node = await editor.add()
    await in_database(lambda: Node.objects.filter(pk=node).update(settings=settings))
    return node


async def test_fields_by_name_and_by_value_in_any_case(api: Api, live: LiveSide, owner: User, flow: Flow) -> None:
    editor = Editor(live, owner, flow)
    one = await holding(editor, {"path": "/Élan", "deep": {"tags": ["x", "Élan"]}, "size": 3.0})
    other = await holding(editor, {"name": 'say "hi" 100%_'})
    wire = await editor.wire(one, other, {"amount": "{{ $.path + 1 }}"})

    async def hits(words: str) -> list[tuple[str, str]]:
        return [(hit["id"], hit["text"]) for hit in (await found(api, words))["hits"]]

    assert await hits("PATH") == [(one, "path: /Élan"), (wire, "amount: {{ $.path + 1 }}")]
    # PostgreSQL keeps an object's fields in an order of its own.
    assert sorted(await hits("élan")) == [(one, "deep.tags: Élan"), (one, "path: /Élan")]
    assert await hits("size: 3") == [(one, "size: 3")]
    assert await hits('"hi"') == [(other, 'name: say "hi" 100%_')]
    assert await hits("100%_") == [(other, 'name: say "hi" 100%_')]
    assert await hits("100xx") == []
    assert await hits("  ") == []


async def test_long_fields_are_shown_around_the_hit_and_many_hits_are_cut(
    api: Api, live: LiveSide, owner: User, flow: Flow
) -> None:
    editor = Editor(live, owner, flow)
    node = await holding(editor, {"long": "a" * 5_000 + "needle" + "b" * 5_000, "many": ["pin"] * (MAX_HITS + 1)})
    [hit] = (await found(api, "needle"))["hits"]
    assert (hit["id"], "needle" in hit["text"], len(hit["text"]) <= MAX_TEXT + 1) == (node, True, True)
    body = await found(api, "pin")
    assert (len(body["hits"]), body["cut"]) == (MAX_HITS, True)


async def test_only_in_this_flow_and_only_for_who_may_see_it(
    live: LiveSide, owner: User, viewer: User, stranger: User, flow: Flow
) -> None:
    elsewhere = await Flow.objects.acreate(project_id=flow.project_id, name="Other", resource_name="other-flow")
    await holding(Editor(live, owner, elsewhere), {"name": "needle"})
    node = await holding(Editor(live, owner, flow), {"name": "needle"})
    body = await found(await signed_in(viewer, flow), "needle")
    assert [hit["id"] for hit in body["hits"]] == [node]
    for person, status in ((await signed_in(stranger, flow), 404), (Api(AsyncClient(), flow), 401)):
        for words in ("needle", " "):
            assert (await person.client.get(person.root + "/find", {"q": words})).status_code == status


async def test_what_is_no_search_is_refused(api: Api) -> None:
    for query in ({}, {"q": ""}, {"q": "x" * 201}):
        assert (await api.client.get(api.root + "/find", query)).status_code == 400


async def test_more_rows_than_one_turn_looks_at(api: Api, live: LiveSide, owner: User, flow: Flow) -> None:
    editor = Editor(live, owner, flow)
    one, other = await editor.add(), await editor.add()

    def wires() -> None:
        Edge.objects.bulk_create(
            Edge(
                id=uuid.UUID(int=number), project_id=flow.project_id, flow=flow, source_id=one, target_id=other,
                source_port=f"out{number}", target_port="in", mapping={"n": number},
            )
            for number in range(1, 1_203)
        )  # fmt: skip

    await in_database(wires)
    assert [hit["text"] for hit in (await found(api, "n: 1202"))["hits"]] == ["n: 1202"]


def test_leaves_are_those_of_the_editor() -> None:
    value = {"a": [1, {"b": True}], "n": None, "e": "", "f": 1.5, "o": {}}
    assert list(leaves(value)) == ["a: 1", "a.b: true", "f: 1.5"]
