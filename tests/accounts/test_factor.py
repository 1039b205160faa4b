"""The second factor: set up, asked for, used once, recovered, removed."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from projects.accounts.factors import accept_code, recovery_codes, renew_sealed
from projects.actions.factors import do_add_factor, do_remove_factor
from projects.actions.signin import do_create_signin_link
from projects.errors import ProjectError
from projects.models import AuditEntry
from tests.accounts.conftest import PASSWORD, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def codes(ann: User) -> list[str]:
    """Ann has a second factor, set up some time ago; her recovery codes."""
    codes = do_add_factor(ann, SECRET, code_now())
    cache.clear()
    return codes


def _password(client: Client) -> None:
    answer = client.post("/sign-in/", {"name": "ann", "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/code/"


def test_the_password_alone_is_not_enough_then(ann: User, codes: list[str]) -> None:
    client = Client()
    _password(client)
    assert client.get("/projects/").status_code == 302
    assert client.get("/sign-in/code/").status_code == 200
    assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    assert client.get("/projects/").status_code == 302
    code = code_now()
    assert client.post("/sign-in/code/", {"code": f"{code[:3]} {code[3:]}"}).headers["Location"] == "/projects/"
    assert client.get("/projects/").status_code == 200


def test_a_code_is_good_once(ann: User, codes: list[str]) -> None:
    code = code_now()
    assert accept_code(ann, code) == "totp"
    assert accept_code(ann, code) == ""
    assert accept_code(ann, codes[0]) == "recovery_codes"
    assert accept_code(ann, codes[0]) == ""
    assert len(recovery_codes(ann)) == len(codes) - 1


@pytest.mark.parametrize("typed", [-30, 0, 29, 59])
def test_a_code_is_good_around_its_half_minute_and_not_again(
    ann: User, codes: list[str], monkeypatch: pytest.MonkeyPatch, typed: int
) -> None:
    shown = int(time.time()) // 30 * 30 + 600
    code = str(format_hotp_value(hotp_value(SECRET, shown // 30)))

    def accepted(at: float) -> str:
        monkeypatch.setattr(time, "time", lambda: at)
        return accept_code(ann, code)

    assert accepted(shown - 31) == ""
    assert accepted(shown + typed) == "totp"
    assert {accepted(shown + later) for later in range(typed, 65, 4)} == {""}
    cache.clear()
    assert accepted(shown + 61) == "", "it has had its time"


@pytest.mark.parametrize("between", [" ", "-", ".", "_", "\t"])
def test_a_code_that_was_used_is_the_same_code_in_another_hand(
    ann: User, codes: list[str], monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    shown = int(time.time()) // 30 * 30 + 600
    code = str(format_hotp_value(hotp_value(SECRET, shown // 30)))
    monkeypatch.setattr(time, "time", lambda: shown)
    assert accept_code(ann, code) == "totp"
    # django-allauth itself remembers it for half a minute.
    monkeypatch.setattr(time, "time", lambda: shown + 31)
    assert accept_code(ann, code[:3] + between + code[3:]) == ""


def test_the_code_of_the_set_up_is_spent_by_it(ann: User) -> None:
    code = code_now()
    do_add_factor(ann, SECRET, code)
    assert accept_code(ann, code) == ""
    do_remove_factor(ann)
    with pytest.raises(ProjectError, match="has been used"):
        do_add_factor(ann, SECRET, code)
    assert not Authenticator.objects.exists()


def test_a_recovery_code_signs_in(ann: User, codes: list[str]) -> None:
    client = Client()
    _password(client)
    assert client.post("/sign-in/code/", {"code": codes[3]}).status_code == 302
    assert client.get("/projects/").status_code == 200
    assert AuditEntry.objects.filter(action="factor.use", after={"kind": "recovery_codes"}).exists()


def test_codes_are_not_guessed(ann: User, codes: list[str]) -> None:
    client = Client()
    _password(client)
    tried = [client.post("/sign-in/code/", {"code": f"{number:06}"}).status_code for number in range(6)]
    assert tried == [422] * 5 + [429]
    assert client.post("/sign-in/code/", {"code": code_now()}).status_code == 429
    # Another browser that knows the password is held up as well: tries count for the person.
    other = Client()
    _password(other)
    assert other.post("/sign-in/code/", {"code": code_now()}).status_code == 429


def test_the_step_cannot_be_taken_without_the_password(ann: User, codes: list[str]) -> None:
    assert Client().get("/sign-in/code/").headers["Location"] == "/sign-in/"
    assert Client().post("/sign-in/code/", {"code": code_now()}).headers["Location"] == "/sign-in/"


def test_the_link_from_the_machine_is_the_way_back(ann: User, codes: list[str]) -> None:
    client = Client()
    assert client.post(do_create_signin_link(ann)).headers["Location"] == "/projects/"
    assert client.get("/projects/").status_code == 200


def test_it_is_set_up_on_its_page_and_other_sessions_end(browser: Client, ann: User) -> None:
    elsewhere = sign_in(Client())
    page = browser.get("/account/second-factor/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    found = re.search(r'<code class="code">([A-Z2-7 ]+)</code>', page)
    assert found
    secret = found.group(1).replace(" ", "")
    assert secret not in str(browser.session.items())
    wrong = browser.post("/account/second-factor/", {"code": "000000"})
    assert wrong.status_code == 422
    assert found.group(1) in wrong.content.decode()
    done = browser.post("/account/second-factor/", {"code": code_now(secret)}).content.decode()
    shown = re.findall(r"<li><code>(\d{8})</code></li>", done)
    assert shown == recovery_codes(ann)
    assert shown
    assert elsewhere.get("/projects/").status_code == 302
    assert "recovery codes left" in browser.get("/account/").content.decode()


def test_its_secrets_are_sealed_and_can_be_sealed_anew(ann: User, codes: list[str]) -> None:
    stored = str(list(Authenticator.objects.values()))
    assert SECRET not in stored
    assert not any(code in stored for code in codes)
    assert renew_sealed(lambda sealed: sealed) == 2
    assert accept_code(ann, code_now()) == "totp"


def test_it_is_renewed_and_removed_by_who_proves_themselves(ann: User, codes: list[str]) -> None:
    client = Client()
    _password(client)
    client.post("/sign-in/code/", {"code": code_now()})
    session = client.session
    session["proved_at"] -= 16 * 60
    session.save()
    assert client.post("/account/second-factor/remove/").headers["Location"].startswith("/account/confirm/")
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 422
    assert client.post("/account/confirm/", {"code": codes[0]}).headers["Location"] == "/account/"
    client.post("/account/second-factor/codes/")
    assert accept_code(ann, codes[1]) == ""
    client.post("/account/second-factor/remove/")
    assert not Authenticator.objects.exists()
    sign_in(Client())


def test_there_is_one_at_most(ann: User, codes: list[str]) -> None:
    cache.clear()
    with pytest.raises(ProjectError, match="remove it before"):
        do_add_factor(ann, SECRET, code_now())
