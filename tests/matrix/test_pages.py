"""Every address of Django's resolver, for everybody who may come."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.matrix.page_rows import OF_TEAMS, PAGES, Page
from tests.matrix.people import ANONYMOUS, OF_TEAM, SIGNED_IN, Answer, Need, Who
from tests.matrix.world import World, make_world


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Name and path of each; those of the API have tables of their own."""
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if path.startswith("api/"):
            continue
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, path)
        elif isinstance(entry, URLPattern):
            yield entry.name or path, path


ADDRESSES = dict(_addresses(get_resolver()))


def test_every_address_has_a_row_and_a_name_of_its_own() -> None:
    names = [name for name, _ in _addresses(get_resolver())]
    known = sorted([*PAGES, *OF_TEAMS])
    assert known == sorted(names), "tests/matrix/page_rows.py has a row for each address and no more"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_everybody_is_answered_as_their_role_says(world: World) -> None:
    wrong = _wrong(world, PAGES, [ANONYMOUS, *SIGNED_IN])
    assert not wrong, "\n".join(wrong)


def test_pages_of_a_team_are_for_those_who_are_in_it(world: World) -> None:
    wrong = _wrong(world, OF_TEAMS, [ANONYMOUS, *OF_TEAM])
    assert not wrong, "\n".join(wrong)


def _wrong(world: World, pages: Mapping[str, Page], people: Sequence[Who]) -> list[str]:
    wrong = []
    for who in people:
        for name, page in pages.items():
            for method, need in (("GET", page.get), ("POST", page.post)):
                expected = "no_method" if need is None else who.answer(need)
                got = _answer(world, who, name, method, page, need)
                # Who is not signed in is sent there before anybody looks at the method.
                if got != expected and not (expected == "no_method" and got == "sign_in" and who is ANONYMOUS):
                    wrong.append(f"{method} {name} answers {who.name} {got}, not {expected}")
    return wrong


def _answer(world: World, who: Who, name: str, method: str, page: Page, need: Need | None) -> Answer | str:
    client = Client()
    if who.verbs is not None:
        client.force_login(world.people[who.name])
    address = "/" + world.address(ADDRESSES[name])
    response = client.get(address) if method == "GET" else client.post(address, dict(page.form))
    if response.status_code in (404, 410) and page.missing and need is not None:
        return "allowed"
    return _said(response)


def _said(response: HttpResponse) -> Answer | str:
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in/?next="):
        return "sign_in"
    by_status = {403: "forbidden", 404: "not_found", 405: "no_method"}
    return by_status.get(response.status_code, "allowed" if response.status_code < 500 else str(response.status_code))
