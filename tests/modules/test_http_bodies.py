"""Bodies that the HTTP server takes apart, or does not."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from modules.http.http_server import HttpServer
from weirflow.testing import run

MULTIPART = (
    b'--X\r\nContent-Disposition: form-data; name="note"\r\n\r\ngr\xc3\xbcn\r\n'
    b'--X\r\nContent-Disposition: form-data; name="note"\r\n\r\ntwo\r\n'
    b'--X\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    b"\x89PNG\xff\r\n--X--\r\n"
)


async def test_a_body_that_is_compressed_is_refused_as_such() -> None:
    async with run(HttpServer, settings={"method": "POST"}) as node:
        sent = {"content-type": "application/json", "content-encoding": "gzip"}
        answer = await node.request("POST", "/", headers=sent, body=gzip.compress(b"{}"))
        assert (answer.status, answer.headers["accept-encoding"]) == (415, "identity")
        assert not node.emitted
        assert (await node.request("POST", "/", headers={"content-encoding": "identity"}, body=b"x")).status == 204


async def test_the_fields_and_files_of_a_multipart_body() -> None:
    async with run(HttpServer, settings={"method": "POST", "rawBody": True}) as node:
        headers = {"content-type": "multipart/form-data; boundary=X"}
        await node.request("POST", "/", headers=headers, body=MULTIPART)
        value = node.emitted[0].value
        assert (value["encoding"], base64.b64decode(value["raw"])) == ("multipart", MULTIPART)
        assert value["body"] == {
            "note": ["grün", "two"],
            "file": {"filename": "a.png", "contentType": "image/png", "size": 5, "base64": "iVBOR/8="},
        }


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("multipart/form-data", MULTIPART, "invalid_multipart"),
        ("multipart/form-data; boundary=X", MULTIPART[:-20], "invalid_multipart"),
        ("multipart/form-data; boundary=Y", MULTIPART, "invalid_multipart"),
        (
            "multipart/form-data; boundary=X",
            b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 1001 + b"--X--\r\n",
            "invalid_multipart",
        ),
        ("application/x-www-form-urlencoded", b"a=1&" * 1001, "invalid_form"),
    ],
)
async def test_forms_that_cannot_be_read_are_the_clients_error(kind: str, body: bytes, code: str) -> None:
    async with run(HttpServer) as node:
        response = await node.request("GET", "/", headers={"content-type": kind}, body=body)
        assert (response.status, json.loads(response.body)["error"]["code"]) == (400, code)
        assert node.emitted == []
