"""A token that somebody else has got: worth nothing once it is revoked, and never more than it was made for."""

from django.contrib.auth.models import User
from django.test import Client

from projects.actions.tokens import do_create_token, do_revoke_token
from projects.models import Flow, Project


def _make(client: Client, project: Project, name: str) -> int:
    address = f"/api/projects/{project.pk}/flows"
    return client.post(address, {"name": name}, "application/json", headers={"Idempotency-Key": "k"}).status_code


def test_after_its_end_it_reads_nothing_and_repeats_nothing(
    transactional_db: None, owner: User, project: Project, flow: Flow
) -> None:
    token, text = do_create_token(owner, "stolen", ["edit"], 1)
    thief = Client(headers={"Authorization": f"Bearer {text}"})
    assert _make(thief, project, "Mine") == 201
    do_revoke_token(owner, token.pk)
    assert _make(thief, project, "Mine") == 401
    assert thief.get(f"/api/flows/{flow.pk}").status_code == 401


def test_beside_a_good_session_it_is_still_refused(transactional_db: None, owner: User) -> None:
    client = Client()
    client.force_login(owner)
    assert client.get("/api/tokens", headers={"Authorization": "Bearer wf_gone"}).status_code == 401


def test_it_opens_no_page_of_its_person(db: None, owner: User) -> None:
    _, text = do_create_token(owner, "stolen", ["view", "control", "edit", "manage"], 1)
    thief = Client(headers={"Authorization": f"Bearer {text}"})
    for address in ("/projects/", "/account/", "/account/tokens/", "/account/password/"):
        answer = thief.get(address)
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/")


def test_in_an_address_or_a_cookie_it_is_none(transactional_db: None, owner: User) -> None:
    _, text = do_create_token(owner, "stolen", ["view"], 1)
    client = Client()
    client.cookies["weirflow_session"] = text
    assert client.get(f"/api/tokens?access_token={text}&token={text}").status_code == 401


def test_of_a_person_who_is_switched_off_it_is_none(transactional_db: None, owner: User) -> None:
    _, text = do_create_token(owner, "left", ["view"], 1)
    owner.is_active = False
    owner.save()
    assert Client(headers={"Authorization": f"Bearer {text}"}).get("/api/tokens").status_code == 401
