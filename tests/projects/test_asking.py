"""Whose address and which request id an entry is recorded under."""

import ipaddress
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient, Client

from config.client_address import client_address
from editor.database import in_database
from projects.asking import NOBODY, asked, asking, came_by


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "203.0.113.66, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "203.0.113.66, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.9:4711", "198.51.100.9"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("", "198.51.100.9", ""),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(settings: Any, peer: str, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    assert client_address(peer, forwarded) == address


@pytest.mark.parametrize(
    ("offered", "kept"), [("trace-4711.a_b", True), ("short", False), ("a b\nc-forged-line", False)]
)
def test_a_well_formed_request_id_is_kept_and_answered(client: Client, offered: str, kept: bool) -> None:
    answered = client.get("/healthz", headers={"X-Request-ID": offered})["X-Request-ID"]
    assert (answered == offered) is kept
    assert len(answered) >= 8


@pytest.mark.django_db(transaction=True)
async def test_requests_of_one_process_do_not_mix(async_client: AsyncClient, owner: User) -> None:
    first = await async_client.get("/healthz", headers={"X-Request-ID": "request-first"})
    second = await async_client.get("/healthz")
    assert first["X-Request-ID"] == "request-first" != second["X-Request-ID"]
    assert asking() is NOBODY


@pytest.mark.django_db(transaction=True)
async def test_who_asks_is_known_on_the_database_thread_until_the_answer() -> None:
    with asked("request-0001", "192.0.2.7") as asks:
        came_by("token", 7, "tok_1")
        assert await in_database(asking) is asks
        assert (asks.way, asks.person, asks.credential) == ("token", 7, "tok_1")
    assert await in_database(asking) is NOBODY
