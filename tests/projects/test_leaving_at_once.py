"""Two owners go at the same moment, each by another way: one of them is told to stay."""

import threading
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection

from projects import actions
from projects.actions.accounts import do_close_account
from projects.errors import ProjectError
from projects.models import Membership, Project, Role, Team, TeamAccess
from projects.ownership import ownerless

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

TIMES = 4


def _at_once(*leaves: Callable[[], object]) -> list[str]:
    """What each is refused with; an exception of another kind fails the test."""
    together, refused, broken = threading.Barrier(len(leaves)), [], []

    def go(leave: Callable[[], object]) -> None:
        try:
            together.wait(20)
            leave()
        except ProjectError as error:
            refused.append(error.code)
        except Exception as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(leave,)) for leave in leaves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken
    return refused


@pytest.mark.parametrize("way", ["both leave", "one leaves a team", "both leave their team", "one is closed"])
def test_a_project_keeps_an_owner(owner: User, project: Project, colleague: User, way: str) -> None:
    root = User.objects.create_superuser("root")
    for _ in range(TIMES):
        Membership.objects.filter(project=project).delete()
        TeamAccess.objects.all().delete()
        teams: dict[User, Team] = {}
        for person in (owner, colleague):
            if way == "both leave their team" or (way == "one leaves a team" and person == owner):
                teams[person] = team = actions.do_create_team(root, "Shift")
                actions.do_add_to_team(root, team, person)
                TeamAccess.objects.create(team=team, project=project, role=Role.OWNER)
            else:
                Membership.objects.create(user=person, project=project, role=Role.OWNER)
        # Who manages these teams is away, and owns nothing by them.
        User.objects.filter(pk=root.pk).update(is_active=not teams)

        def leave(person: User, teams: dict[User, Team] = teams) -> None:
            if person in teams:
                actions.do_remove_from_team(person, teams[person], person)
            elif way == "one is closed" and person == owner:
                do_close_account(root, person)
            else:
                actions.do_remove_member(person, project, person)

        refused = _at_once(lambda: leave(owner), lambda: leave(colleague))
        assert len(refused) == 1, refused
        assert not ownerless().exists()
        User.objects.update(is_active=True)
