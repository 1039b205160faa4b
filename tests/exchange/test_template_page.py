"""The page of a template: what it needs is read there, and a flow is made of it."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.exchange.templates import templates
from projects.models import Project
from projects.preview import draw

PAGE = "/templates/howto/schedule-to-slack/"


@pytest.fixture
def at(owner: User) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(owner)
    return client


def test_it_says_what_the_flow_is_made_of_and_needs(at: Client) -> None:
    page = at.get(PAGE).content.decode()
    for words in ("Numbers of yesterday", "http-v1/http_client", "slack/url", "Use this template"):
        assert words in page


def test_the_gallery_leads_to_each(at: Client, project: Project) -> None:
    page = at.get(f"/projects/{project.pk}/flows/new/").content.decode()
    led = re.findall(r'href="(/templates/[^"?]+)\?project=', page)
    assert led == [one.page for one in templates()]
    assert f'value="{project.pk}" selected' in at.get(f"{PAGE}?project={project.pk}").content.decode()


def test_a_flow_is_made_of_it_in_a_project_or_in_a_new_one(at: Client, project: Project) -> None:
    answer = at.post(PAGE, {"project": str(project.pk)})
    assert answer.headers["Location"] == project.flows.get(name="Schedule to Slack").get_absolute_url()
    answer = at.post(PAGE)
    assert answer.headers["Location"] == Project.objects.get(name="Schedule to Slack").flows.get().get_absolute_url()


def test_it_is_refused_where_one_may_not_edit(at: Client, project: Project, viewer: User) -> None:
    at.force_login(viewer)
    assert f'value="{project.pk}"' not in at.get(PAGE).content.decode()
    assert at.post(PAGE, {"project": str(project.pk)}).status_code == 403
    assert at.post(PAGE, {"project": "no-id"}).status_code == 404
    assert not project.flows.filter(name="Schedule to Slack").exists()


def test_a_wire_that_leads_back_lies_within_the_picture() -> None:
    picture = draw({"a": (0, 0), "b": (1_500, 200)}, [("a", "b"), ("b", "a")])
    left, top, width, height = map(int, picture.view_box.split())
    (back,) = [wire for wire in picture.wires if wire.startswith("M1700 ")]
    x, y, *pulls = map(int, re.findall(r"-?\d+", back))
    points = [_on_curve((x, y), pulls, step / 50) for step in range(51)]
    assert all(left < at_x < left + width and top < at_y < top + height for at_x, at_y in points)


def _on_curve(start: tuple[int, int], pulls: list[int], t: float) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    points = [start, (pulls[0], pulls[1]), (pulls[2], pulls[3]), (pulls[4], pulls[5])]
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y
