"""Mail programs, scanners and browsers look at links before people do: looking spends none of them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from projects.accounts.reset import reset_path
from projects.actions import do_create_share_link, do_invite
from projects.actions.signin import do_create_signin_link
from projects.models import Flow, Invitation, Project, Role, SignInLink

PREFETCH = [{}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]

LINKS: dict[str, Callable[[User, Flow], str]] = {
    "sign-in": lambda owner, flow: do_create_signin_link(owner),
    "invitation": lambda owner, flow: f"/people/join/{do_invite(owner, flow.project, Role.EDITOR)[1]}/",
    "new password": lambda owner, flow: reset_path(owner),
    "share": lambda owner, flow: f"/share/{do_create_share_link(owner, flow, 1)[1]}/",
}


@pytest.mark.parametrize("make", LINKS.values(), ids=LINKS.keys())
def test_looking_spends_no_link_and_signs_nobody_in(
    db: None, owner: User, flow: Flow, make: Callable[[User, Flow], str]
) -> None:
    link = make(owner, flow)
    before = (owner.password, *_rows(flow.project))
    for sent in PREFETCH:
        scanner = Client(headers=sent)
        assert scanner.get(link, follow=True).status_code == 200
        assert scanner.head(link, follow=True).status_code == 200
        assert scanner.options(link).status_code in (200, 405)
        assert scanner.get("/projects/").status_code == 302, "the scanner is signed in"
    owner.refresh_from_db()
    assert (owner.password, *_rows(flow.project)) == before


def _rows(project: Project) -> tuple[object, ...]:
    return (
        list(SignInLink.objects.values()),
        list(Invitation.objects.values()),
        list(project.memberships.values()),
    )


@pytest.mark.parametrize("make", LINKS.values(), ids=LINKS.keys())
def test_no_link_is_kept_in_a_cache_or_sent_on(
    db: None, owner: User, flow: Flow, make: Callable[[User, Flow], str]
) -> None:
    answer = Client().get(make(owner, flow), follow=True)
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "no-store" in answer.headers["Cache-Control"]
