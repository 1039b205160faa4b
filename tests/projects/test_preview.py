"""The small pictures on the cards: bounded, and right wherever on the canvas the flow lies."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from projects.models import Flow
from projects.preview import MAX_NODES, previews
from tests.projects.world import add, edit, wire


def test_a_flow_is_drawn_inside_its_view(owner: User, flow: Flow) -> None:
    far = 900_000
    edit(
        owner,
        flow,
        add("a" * 12, x=-far, y=far),
        add("b" * 12, x=-far + 336, y=far),
        wire("00000000-0000-4000-8000-000000000001", "a" * 12, "b" * 12),
    )
    picture = previews([flow.project])[flow.project_id]
    left, top, width, height = map(int, picture.view_box.split())
    assert len(picture.wires) == 1
    for x, y in picture.nodes:
        assert left <= x <= x + 200 <= left + width
        assert top <= y <= y + 64 <= top + height


def test_an_empty_flow_has_no_picture(flow: Flow) -> None:
    assert previews([flow.project]) == {}


def test_a_large_flow_is_drawn_in_part(owner: User, flow: Flow, django_assert_max_num_queries: Any) -> None:
    edit(owner, flow, *[add(f"n{number:011d}", x=number) for number in range(100)])
    with django_assert_max_num_queries(3):
        assert len(previews([flow.project])[flow.project_id].nodes) == MAX_NODES


def test_the_list_shows_it(owner: User, flow: Flow) -> None:
    edit(owner, flow, add("a" * 12))
    client = Client()
    client.force_login(owner)
    assert client.get("/projects/").content.count(b'width="200"') == 1
