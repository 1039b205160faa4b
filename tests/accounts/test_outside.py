"""What others take part in: an OpenID Connect provider and a mail server, beside web process and worker as they run."""

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from select import select
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from django.core.exceptions import ImproperlyConfigured

from config import oidc
from tests.accounts.oidc_provider import CLIENT, SECRET
from tests.accounts.smtp_server import Server, mail_server
from tests.accounts.test_factor import code_now
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.server


class Running:
    """The address of the provider, the mail server, and the owner's one-time link."""

    def __init__(self, provider: str, mails: Server, link: str) -> None:
        self.provider, self.mails, self.link = provider, mails, link
        self.url = link.split("/sign-in/")[0]

    def comes(self, sub: str, **claims: Any) -> None:
        """Who signs in at the provider next."""
        requests.post(f"{self.provider}/next", json={"sub": sub, **claims}, timeout=40).raise_for_status()


class Browser:
    """Follows links and sends forms; keeps its cookies."""

    def __init__(self, running: Running) -> None:
        self._running, self._session = running, requests.Session()

    def get(self, address: str, *, follow: bool = True) -> requests.Response:
        return self._session.get(urljoin(self._running.url, address), timeout=20, allow_redirects=follow)

    def send(self, page: str, action: str = "", **fields: str) -> requests.Response:
        """The form of a page, with its token."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page).text)
        assert found, page
        return self.post(action or page, found.group(1), **fields)

    def post(self, action: str, token: str, **fields: str) -> requests.Response:
        address = urljoin(self._running.url, action)
        data = {"csrfmiddlewaretoken": token, **fields}
        headers = {"Referer": address, "Origin": self._running.url}
        return self._session.post(address, data=data, headers=headers, timeout=20)

    def leave(self, after: str = "") -> str:
        """Press the button of the provider; where the page goes on to."""
        page = self.send("/sign-in/", "/sign-in/oidc/", next=after)
        found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)"', page.text)
        assert found, page.text
        return html.unescape(found.group(1))

    def sign_in(self, after: str = "") -> requests.Response:
        return self.get(self.leave(after))

    def name(self) -> str:
        found = re.search(r'class="who__name">([^<]+)<', self.get("/account/").text)
        return found.group(1) if found else ""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("outside")
    with mail_server() as mails, ExitStack() as stack:
        provider = stack.enter_context(_process("-m", "tests.accounts.oidc_provider", "0", stdout=subprocess.PIPE))
        assert provider.stdout
        issuer = provider.stdout.readline().decode().strip()
        environment = {
            "WEIRFLOW_HOME": str(home / "home"),
            "WEIRFLOW_PORT": "0",
            "WEIRFLOW_PRINT_SIGNIN": "1",
            "KUBECONFIG": str(home / "no-cluster"),
            "WEIRFLOW_OIDC_URL": issuer,
            "WEIRFLOW_OIDC_CLIENT_ID": CLIENT,
            "WEIRFLOW_OIDC_CLIENT_SECRET": SECRET,
            "WEIRFLOW_OIDC_NAME": "Plant login",
            "WEIRFLOW_OIDC_DOMAINS": "plant.example",
            "WEIRFLOW_SMTP_URL": mails.url,
            "WEIRFLOW_MAIL_FROM": "Weirflow <robot@weirflow.example>",
        }
        reader, writer = os.pipe()
        with os.fdopen(reader) as pipe:
            ready = {**environment, "WEIRFLOW_READY_FD": str(writer)}
            stack.enter_context(_process("manage.py", "serve", env={**os.environ, **ready}, pass_fds=[writer]))
            os.close(writer)
            assert select([pipe], [], [], 60)[0], "the web process is not ready within a minute"
            link = pipe.readline().split()[1]
        # It takes what waits for it once it is there.
        stack.enter_context(_process("manage.py", "work", env={**os.environ, **environment}))
        yield Running(issuer, mails, link)


@contextmanager
def _process(*arguments: str, **options: Any) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait(40)


@pytest.fixture(scope="module")
def owner(running: Running) -> Browser:
    """The owner, signed in by the link from the terminal."""
    browser = Browser(running)
    browser.send(running.link)
    assert browser.name() == "owner"
    return browser


@pytest.fixture
def browser(running: Running) -> Browser:
    return Browser(running)


def _person(name: str, **claims: Any) -> dict[str, Any]:
    return {"preferred_username": name, "email": f"{name}@plant.example", "email_verified": True, **claims}


def test_who_is_of_a_known_domain_comes_in_and_is_the_same_person_again(running: Running, browser: Browser) -> None:
    running.comes("1", **_person("ann"))
    assert browser.sign_in().url == f"{running.url}/projects/"
    assert browser.name() == "ann"
    running.comes("1", **_person("renamed", preferred_username="other"))
    again = Browser(running)
    again.sign_in("/account/")
    assert again.name() == "ann"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "eve@other.example"},
        {"email_verified": False},
        {"email_verified": None},
        {"email": "eve@plant.example.evil.example"},
        {"email": ""},
    ],
)
def test_who_is_not_does_not(running: Running, browser: Browser, claims: dict[str, Any]) -> None:
    running.comes("2", **_person("eve", **claims))
    assert "Nobody knows you here yet" in browser.sign_in().text
    assert browser.name() == ""


def test_an_account_is_not_found_by_its_mail_address(running: Running, browser: Browser) -> None:
    running.comes("3", **_person("bea"))
    browser.sign_in()
    running.comes("4", **_person("bea", preferred_username="other"))
    page = Browser(running)
    assert "connect Plant login there" in page.sign_in().text
    assert page.name() == ""


def test_nobody_is_called_by_an_address(running: Running, browser: Browser) -> None:
    running.comes("10", **_person("hal", preferred_username="boss@plant.example"))
    browser.sign_in()
    assert browser.name() == "boss"


def test_a_name_that_is_taken_is_not_taken_over(running: Running, browser: Browser) -> None:
    running.comes("5", **_person("owner"))
    browser.sign_in()
    assert browser.name() not in ("", "owner")
    assert "Visit counter" not in browser.get("/projects/").text


def test_an_invitation_lets_somebody_in_once_they_have_followed_it(
    running: Running, browser: Browser, owner: Browser
) -> None:
    project = re.search(r"/projects/[0-9a-f-]{36}/", owner.get("/projects/").text)
    assert project
    page = owner.send(f"{project.group()}invitations/", role="viewer", days="7").text
    link = re.search(r'value="http://[^/]+(/people/join/[^"]+)"', page)
    assert link
    running.comes("6", preferred_username="guest")
    arrived = browser.sign_in(link.group(1))
    assert "Join as guest" in arrived.text
    browser.send(link.group(1))
    assert browser.get(project.group()).status_code == 200


def test_an_account_is_connected_by_its_owner_and_disconnected(running: Running, owner: Browser) -> None:
    running.comes("7", preferred_username="whoever")
    page = owner.send("/account/", "/account/oidc/connect/")
    found = re.search(r'content="0; url=([^"]+)"', page.text)
    assert found
    assert "Connected: it signs you in." in owner.get(html.unescape(found.group(1))).text
    assert "connected their account with the OpenID provider" in owner.get("/audit/").text
    elsewhere = Browser(running)
    elsewhere.sign_in()
    assert elsewhere.name() == "owner"
    # Without a password there would be no way in left.
    assert owner.send("/account/", "/account/oidc/disconnect/").url.endswith("/account/password/")
    owner.send("/account/password/", password="correct horse 7", again="correct horse 7")
    assert "Not connected." in owner.send("/account/", "/account/oidc/disconnect/").text
    assert "Nobody knows you" in Browser(running).sign_in().text


def test_a_second_factor_is_asked_for_by_this_way_too(running: Running, browser: Browser) -> None:
    running.comes("8", **_person("fay"))
    browser.sign_in()
    page = browser.get("/account/second-factor/").text
    secret = re.search(r'<code class="code">([A-Z2-7 ]+)</code>', page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert secret
    assert token
    code = code_now(secret.group(1).replace(" ", ""))
    done = browser.post("/account/second-factor/", token.group(1), code=code).text
    recovery = re.search(r"<li><code>(\d{8})</code></li>", done)
    assert recovery
    again = Browser(running)
    assert again.sign_in().url == f"{running.url}/sign-in/code/"
    assert again.name() == ""
    again.send("/sign-in/code/", code=code)
    assert again.name() == "", "the code was spent when the app was set up"
    again.send("/sign-in/code/", code=recovery.group(1))
    assert again.name() == "fay"


def test_an_answer_that_nobody_asked_for_signs_nobody_in(running: Running, browser: Browser) -> None:
    running.comes("1", **_person("ann"))
    stolen = browser.get(browser.leave(), follow=False).headers["Location"]
    victim = Browser(running)
    assert victim.get(stolen).status_code == 403
    assert victim.name() == ""
    assert browser.get(stolen).url == f"{running.url}/projects/"
    assert Browser(running).get("/sign-in/oidc/callback/?code=x&state=y").status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"refuses": True},
        {"answers": {"sub": "owner", "preferred_username": "ann"}},
        {"answers": {"nothing": "of use"}},
        {"answers": "not an object"},
    ],
)
def test_an_answer_that_cannot_be_believed_signs_nobody_in(
    running: Running, browser: Browser, claims: dict[str, Any]
) -> None:
    running.comes("1", **_person("ann", **claims))
    answer = browser.sign_in()
    assert (answer.status_code, browser.name()) == (403, "")
    assert "You were not signed in" in answer.text


def test_another_page_cannot_begin_it(running: Running, browser: Browser) -> None:
    assert browser.get("/sign-in/oidc/").status_code == 405
    forged = requests.post(f"{running.url}/sign-in/oidc/", timeout=40)
    assert forged.status_code == 403


def test_the_worker_writes_to_who_forgot_the_password_and_to_nobody_else(running: Running, browser: Browser) -> None:
    running.comes("9", **_person("gus"))
    browser.sign_in()
    for address in ("nobody@plant.example", "gus@plant.example"):
        assert "a link is on its way" in Browser(running).send("/sign-in/forgotten/", email=address).text
    # The worker does one task after the other: the first one, about nobody, has been done then.
    wait_until(lambda: bool(running.mails.taken), "a mail", 60)
    (mail,) = running.mails.taken
    assert "From: Weirflow <robot@weirflow.example>" in mail
    assert "To: gus@plant.example" in mail
    assert "Subject: Set a new password for Weirflow" in mail
    link = re.search(r"http://\S+", mail)
    assert link
    Browser(running).send(link.group(), password="set by gus 10", again="set by gus 10")
    assert browser.name() == ""
    again = Browser(running)
    again.send("/sign-in/", name="gus", password="set by gus 10")
    assert again.name() == "gus"


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"WEIRFLOW_OIDC_URL": "http://login.example"}, "https"),
        ({"WEIRFLOW_OIDC_URL": "https://login.example"}, "WEIRFLOW_OIDC_CLIENT_ID"),
    ],
)
def test_half_a_provider_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], message: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=message):
        oidc.from_env()
