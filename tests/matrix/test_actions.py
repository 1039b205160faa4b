"""Every action, for everybody who may try it."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from projects import actions
from projects.errors import ProjectError
from projects.permissions import Person
from projects.visitor import Visitor
from tests.matrix.action_rows import ACTIONS, NOT_ASKED, OF_TEAMS, Attempt
from tests.matrix.people import OF_TEAM, SIGNED_IN, Answer
from tests.matrix.world import World, make_world


def _actions() -> Iterator[str]:
    for found in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"{actions.__name__}.{found.name}")
        yield from (
            name
            for name, value in vars(module).items()
            if name.startswith("do_") and value.__module__ == module.__name__
        )


def test_every_action_has_a_row() -> None:
    known = sorted([*ACTIONS, *OF_TEAMS, *NOT_ASKED])
    assert known == sorted(_actions()), "tests/matrix/action_rows.py has a row for each action and no more"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_everybody_is_answered_as_their_role_says(world: World) -> None:
    visitors: dict[str, Person] = {
        "visitor of the flow": Visitor(world.flow.pk, world.project.pk, flow=world.flow.pk),
        "visitor of the page": Visitor(world.flow.pk, world.project.pk, page=world.page.pk),
    }
    wrong = []
    for name, row in ACTIONS.items():
        for who in SIGNED_IN:
            got = _answer(row.attempt, world.people[who.name], world)
            if got != who.answer(row.need):
                wrong.append(f"{name} answers {who.name} {got}, not {who.answer(row.need)}")
        for called, person in {"anonymous": AnonymousUser(), **visitors}.items():
            # Whether a visitor may know of the thing decides between these two.
            if _answer(row.attempt, person, world) not in ("not_found", "forbidden"):
                wrong.append(f"{name} is done for {called}")
    assert not wrong, "\n".join(wrong)


def test_managers_of_a_team_say_who_is_in_it(world: World) -> None:
    wrong = []
    for name, row in OF_TEAMS.items():
        for who in OF_TEAM:
            got = _answer(row.attempt, world.people[who.name], world)
            if got != who.answer(row.need):
                wrong.append(f"{name} answers {who.name} {got}, not {who.answer(row.need)}")
    assert not wrong, "\n".join(wrong)


def _answer(attempt: Attempt, person: Person, world: World) -> Answer:
    refused: Answer = "allowed"
    with transaction.atomic():
        try:
            attempt(person, world)
        except ProjectError as error:
            by_code: dict[str, Answer] = {"forbidden": "forbidden", "not_found": "not_found"}
            refused = by_code.get(error.code, "allowed")
        transaction.set_rollback(True)
    return refused
