"""Base64, and hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from modules.data.base64 import Base64
from modules.data.hash import Hash
from weirflow import JSON, Fail
from weirflow.testing import run


@pytest.mark.parametrize(
    ("settings", "text", "encoded"),
    [
        ({}, "Grüße?>", "R3LDvMOfZT8+"),
        ({"alphabet": "url"}, "Grüße?>", "R3LDvMOfZT8-"),
        ({}, "a", "YQ=="),
        ({"padding": False}, "a", "YQ"),
        ({"charset": "latin-1"}, "ü", "/A=="),
        ({}, "", ""),
    ],
)
async def test_text_is_encoded_and_comes_back(settings: dict[str, Any], text: str, encoded: str) -> None:
    async with run(Base64, settings=settings) as node:
        await node.send("encode", {"text": text, "context": 1})
        assert (node.emitted[0].port, node.emitted[0].value) == ("encoded", {"base64": encoded, "context": 1})
        await node.send("decode", {"base64": encoded})
        assert (node.emitted[1].port, node.emitted[1].value) == ("decoded", {"text": text, "context": None})


async def test_lines_both_alphabets_and_missing_padding_are_taken() -> None:
    async with run(Base64) as node:
        for text in ("R3LD\r\nvMOf ZT8+", "R3LDvMOfZT8-", "YQ", "YQ=="):
            await node.send("decode", {"base64": text})
        assert [each.value["text"] for each in node.emitted] == ["Grüße?>", "Grüße?>", "a", "a"]


@pytest.mark.parametrize(
    ("port", "message", "settings", "code", "says"),
    [
        ("decode", {"base64": "YQ!="}, {}, "invalid_base64", "'!'"),
        ("decode", {"base64": "Y"}, {}, "invalid_base64", "middle of a byte"),
        ("decode", {"base64": "/w=="}, {}, "not_text", "byte 1"),
        ("encode", {"text": "a€"}, {"charset": "latin-1"}, "not_text", "character 2"),
        ("encode", {"text": "ab"}, {"maxSize": 1}, "too_large", "more than 1"),
        ("decode", {"base64": "YQ"}, {"maxSize": 1}, "too_large", "more than 1"),
    ],
)
async def test_what_cannot_be_turned_is_refused(
    port: str, message: JSON, settings: dict[str, Any], code: str, says: str
) -> None:
    async with run(Base64, settings=settings) as node:
        with pytest.raises(Fail, match=says) as refused:
            await node.send(port, message)
        assert (refused.value.code, refused.value.permanent) == (code, True)


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "sha1", "md5"])
async def test_every_algorithm_hashes_a_text(algorithm: str) -> None:
    async with run(Hash, settings={"algorithm": algorithm}) as node:
        await node.send("in", {"data": "grün", "context": [1]})
        assert node.emitted[0].value == {
            "hash": hashlib.new(algorithm, "grün".encode()).hexdigest(),
            "algorithm": algorithm,
            "context": [1],
        }


async def test_equal_values_have_equal_hashes() -> None:
    async with run(Hash) as node:
        for data in ({"a": 1, "b": [None]}, {"b": [None], "a": 1}, '{"a":1,"b":[null]}', {"a": 2}):
            await node.send("in", {"data": data})
        first, second, third, fourth = (each.value["hash"] for each in node.emitted)
        assert first == second == third != fourth


async def test_bytes_are_hashed_as_what_their_base64_stands_for() -> None:
    async with run(Hash, settings={"data": "base64", "encoding": "base64"}) as node:
        await node.send("in", {"data": base64.b64encode(b"\xff\x00").decode()})
        assert node.emitted[0].value["hash"] == base64.b64encode(hashlib.sha256(b"\xff\x00").digest()).decode()
        for data, code in ((5, "not_text"), ("!", "invalid_base64")):
            with pytest.raises(Fail) as refused:
                await node.send("in", {"data": data})
            assert (refused.value.code, refused.value.problem.field) == (code, "/data")


async def test_with_a_secret_it_is_the_hmac() -> None:
    async with run(Hash, settings={"keyed": True, "secret": "s3cret", "encoding": "base64url"}) as node:
        await node.send("in", {"data": "text"})
        expected = base64.urlsafe_b64encode(hmac.digest(b"s3cret", b"text", "sha256")).decode()
        assert node.emitted[0].value == {"hash": expected, "algorithm": "hmac-sha256", "context": None}


async def test_an_hmac_needs_its_secret() -> None:
    async with run(Hash) as node:
        problem = await node.set(keyed=True)
        assert problem is not None
        assert problem.field == "/secret"
