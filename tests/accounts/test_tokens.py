"""API tokens: made on a page, shown once, good for what they say and as long as they say."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from projects.actions.tokens import MAX_TOKENS, do_create_token, do_revoke_token
from projects.errors import ProjectError
from projects.models import ApiToken, Flow, Project
from projects.tokens import person_of, token_in_use

pytestmark = pytest.mark.django_db(transaction=True)


def _call(flow: Flow, text: str, method: str = "get", path: str = "", body: object = None) -> tuple[int, str]:
    """Status and error code of a request of a program: no cookie, no CSRF token."""
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(
        path or f"/api/flows/{flow.pk}",
        data=json.dumps(body) if body is not None else None,
        content_type="application/json",
        headers={"authorization": f"Bearer {text}"},
    )
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def _new_page() -> dict[str, object]:
    return {"ops": [{"op": "add_page", "id": str(uuid.uuid4()), "name": "Floor"}], "client_op_id": "op-1"}


def test_a_token_is_shown_once_and_kept_as_a_hash(owner: User, flow: Flow) -> None:
    client = Client()
    client.force_login(owner)
    page = client.post("/account/tokens/", {"name": "Nightly", "scope": ["view", "edit"], "days": "7"})
    found = re.search(r'value="(wf_[0-9a-f]{60})"', page.content.decode())
    assert found
    text = found.group(1)
    assert "no-store" in page.headers["Cache-Control"]
    later = client.get("/account/tokens/").content.decode()
    assert "Nightly" in later
    assert text[:11] in later
    assert text not in later
    assert text not in str(ApiToken.objects.values())
    assert _call(flow, text) == (200, "")


def test_a_token_needs_no_csrf_token_and_does_what_its_scopes_say(owner: User, flow: Flow) -> None:
    _, viewing = do_create_token(owner, "look", ["view"], 1)
    _, editing = do_create_token(owner, "change", ["edit"], 1)
    address = f"/api/projects/{flow.project_id}/pages/changes"
    assert _call(flow, viewing) == (200, "")
    assert _call(flow, viewing, "post", address, _new_page())[0] == 403
    assert _call(flow, editing, "post", address, _new_page())[0] == 200


def test_a_token_of_one_project_sees_no_other(owner: User, flow: Flow, stranger: User) -> None:
    other = Project.objects.get(name="Elsewhere")
    token, text = do_create_token(stranger, "theirs", ["view"], 1)
    assert _call(flow, text)[0] == 404
    _, bound = do_create_token(stranger, "bound", ["view"], 1, other)
    assert _call(flow, bound)[0] == 404
    with pytest.raises(ProjectError, match="not shared"):
        do_create_token(stranger, "foreign", ["view"], 1, flow.project)
    assert token.project is None


def test_what_is_not_good_is_refused_even_beside_a_session(owner: User, flow: Flow) -> None:
    token, text = do_create_token(owner, "x", ["view"], 1)
    assert _call(flow, "wf_" + "0" * 60) == (401, "bad_token")
    assert _call(flow, "") == (401, "bad_token")
    client = Client()
    client.force_login(owner)
    assert client.get(f"/api/flows/{flow.pk}", headers={"authorization": "Bearer x"}).status_code == 401
    ApiToken.objects.update(expires=timezone.now())
    assert _call(flow, text) == (401, "bad_token")
    ApiToken.objects.update(expires=timezone.now() + timedelta(days=1))
    assert _call(flow, text) == (200, "")
    do_revoke_token(owner, token.pk)
    assert _call(flow, text) == (401, "bad_token")


def test_who_was_switched_off_has_no_tokens(owner: User, flow: Flow) -> None:
    _, text = do_create_token(owner, "x", ["view"], 1)
    User.objects.update(is_active=False)
    assert _call(flow, text) == (401, "bad_token")


def test_the_last_use_is_noted_once_a_minute(owner: User) -> None:
    _, text = do_create_token(owner, "x", ["view"], 1)
    token_in_use(text)
    first = ApiToken.objects.get().last_used
    assert first is not None
    token_in_use(text)
    assert ApiToken.objects.get().last_used == first
    ApiToken.objects.update(last_used=first - timedelta(minutes=2))
    token_in_use(text)
    assert ApiToken.objects.get().last_used >= first


def test_a_tokens_person_has_its_grant_and_no_other_does(owner: User, project: Project) -> None:
    token, _ = do_create_token(owner, "x", ["control"], 1, project)
    person = person_of(token)
    assert person == owner
    assert person.grant.verbs == {"view", "control"}  # type: ignore[attr-defined]
    assert person.grant.projects == {project.pk}  # type: ignore[attr-defined]
    assert not hasattr(User.objects.get(pk=owner.pk), "grant")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scopes": ["admin"]}, "scopes are"),
        ({"days": 0}, "1 to 365"),
        ({"days": 366}, "1 to 365"),
        ({"name": " "}, "name"),
    ],
)
def test_what_cannot_be_is_refused(owner: User, change: dict[str, object], message: str) -> None:
    asked = {"name": "x", "scopes": ["view"], "days": 1, **change}
    with pytest.raises(ProjectError, match=message):
        do_create_token(owner, **asked)  # type: ignore[arg-type]


def test_there_is_a_limit_and_old_ones_do_not_count(owner: User) -> None:
    for number in range(MAX_TOKENS):
        do_create_token(owner, str(number), ["view"], 1)
    with pytest.raises(ProjectError, match="the limit"):
        do_create_token(owner, "more", ["view"], 1)
    ApiToken.objects.update(expires=timezone.now() - timedelta(days=1))
    do_create_token(owner, "more", ["view"], 1)
    assert ApiToken.objects.count() == 1


def test_tokens_of_others_do_not_exist(owner: User, stranger: User) -> None:
    token, _ = do_create_token(owner, "x", ["view"], 1)
    client = Client()
    client.force_login(stranger)
    assert "wf_" not in client.get("/account/tokens/").content.decode()
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    client.force_login(owner)
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert not ApiToken.objects.exists()
