from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, override_settings

PASSWORD = "correct horse 7 battery"


@pytest.fixture(autouse=True)
def quick_and_uncounted() -> Iterator[None]:
    """Passwords are hashed fast, and no test counts the tries of another."""
    cache.clear()
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
    cache.clear()


@pytest.fixture
def ann(db: None) -> User:
    """A person with a password and a mail address."""
    return User.objects.create_user("ann", "Ann@example.org", PASSWORD)


@pytest.fixture
def browser(ann: User) -> Client:
    """Ann's, signed in by her password."""
    return sign_in(Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}))


def sign_in(client: Client, name: str = "ann", password: str = PASSWORD) -> Client:
    answer = client.post("/sign-in/", {"name": name, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client
