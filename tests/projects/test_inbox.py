"""The inbox page and the bell that leads to it."""

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.actions import do_resolve_thread, do_start_thread
from projects.models import CommentThread, Flow, Membership
from tests.projects.world import add, edit

SCRIPT = "<script>alert(1)</script>"


def say(person: User, flow: Flow, text: str, **place: Any) -> CommentThread:
    return do_start_thread(person, flow, uuid.uuid4(), uuid.uuid4(), text, **place)


@pytest.fixture
def browser(colleague: User) -> Client:
    client = Client()
    client.force_login(colleague)
    return client


def text_of(client: Client, address: str = "/mentions/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_inbox_teaches(browser: Client) -> None:
    page = text_of(browser)
    assert "Nobody has named you yet" in page
    assert 'class="bell__count' not in page


def test_a_mention_leads_to_where_it_was_said(browser: Client, owner: User, flow: Flow) -> None:
    edit(owner, flow, add("aaaaaaaaaaaa", label="Visits"))
    thread = say(owner, flow, "@colleague, why two?", node="aaaaaaaaaaaa")
    do_resolve_thread(owner, thread, True)
    page = text_of(browser)
    assert f'href="{flow.get_absolute_url()}?comment={thread.pk}"' in page
    assert "owner in Visits" in page
    assert "@colleague, why two?" in page
    assert "resolved" in page
    assert re.search(r'class="bell__count number">1<', text_of(browser, "/projects/"))
    assert 'data-unread="1"' in text_of(browser, flow.get_absolute_url())


def test_what_is_read_is_marked_one_by_one_or_all_at_once(browser: Client, owner: User, flow: Flow) -> None:
    for number in range(3):
        say(owner, flow, f"@colleague {number}")
    found = re.findall(r'name="id" value="(\d+)"', text_of(browser))
    assert len(found) == 3
    browser.post("/mentions/read/", {"id": found[0]})
    assert re.findall(r'name="id" value="(\d+)"', text_of(browser)) == found[1:]
    browser.post("/mentions/read/", {"id": "x"})
    assert "Mark all as read" in text_of(browser)
    assert browser.post("/mentions/read/").headers["Location"] == "/mentions/"
    assert "Mark as read" not in text_of(browser)


def test_a_long_inbox_goes_on(browser: Client, owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.views.mentions.AT_ONCE", 2)
    for number in range(5):
        say(owner, flow, f"@colleague number {number}")
    seen, address = [], "/mentions/"
    while address:
        page = text_of(browser, address)
        seen += re.findall(r"number (\d)", page)
        older = re.search(r'href="\?before=(\d+)"', page)
        address = f"/mentions/?before={older.group(1)}" if older else ""
    assert seen == ["4", "3", "2", "1", "0"]
    assert "There are no older ones" in text_of(browser, "/mentions/?before=1")
    assert "number 4" in text_of(browser, "/mentions/?before=x")


def test_nothing_in_it_is_taken_for_markup(browser: Client, owner: User, flow: Flow) -> None:
    edit(owner, flow, add("aaaaaaaaaaaa", label=SCRIPT))
    flow.name = SCRIPT
    flow.save()
    say(owner, flow, f"@colleague {SCRIPT}", node="aaaaaaaaaaaa")
    page = text_of(browser)
    assert SCRIPT not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


def test_what_was_said_is_gone_with_the_right_to_see_it(browser: Client, owner: User, flow: Flow) -> None:
    say(owner, flow, "@colleague, the secret")
    Membership.objects.filter(user__username="colleague").delete()
    page = text_of(browser)
    assert "the secret" not in page
    assert 'class="bell__count' not in page


def test_a_page_costs_the_same_however_long_the_inbox_is(
    browser: Client, owner: User, flow: Flow, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        say(owner, flow, f"@colleague {number}")
    with django_assert_max_num_queries(6):
        browser.get("/mentions/")
