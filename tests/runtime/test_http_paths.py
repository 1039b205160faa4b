"""Paths of requests, and what of them becomes parameters."""

from __future__ import annotations

import pytest

from tests.runtime.test_http_listener import listening, request, say, show
from weirflow.services import HttpRequest, HttpResponse


@pytest.mark.parametrize(
    ("target", "id_", "rest"),
    [
        ("/a/x%2Fy/z", "x/y", "z"),  # one part, as the client says
        ("/a/x%252Fy/z", "x%2Fy", "z"),  # decoded once
        ("/a/%C3%BC/%20", "ü", " "),
        ("/a/%FF/..%2f..", "\ufffd", "../.."),
        ("/a/1/one%0Atwo", "1", "one\ntwo"),
        ("/a/1+2/%", "1+2", "%"),
        ("http://localhost:8080/a/1/2", "1", "2"),
        ("/a/1/http://x/y", "1", "http://x/y"),
    ],
)
async def test_parameters_of_a_path_are_decoded_once_each(target: str, id_: str, rest: str) -> None:
    async def parts(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, {}, repr((request.params, request.path)).encode())

    async with listening(("GET", "/a/{id}/{rest*}", parts)) as listener:
        answer = await say(listener, request(f"GET {target}"))
    assert answer.endswith(repr(({"id": id_, "rest": rest}, f"/a/{id_}/{rest}")))


async def test_a_slash_that_is_a_character_leads_to_no_other_path() -> None:
    async with listening(("GET", "/a/b", show)) as listener:
        answer = await say(listener, request("GET /a%2Fb"))
    assert answer.startswith("HTTP/1.1 404")
    assert answer.endswith("no flow answers /a/b\n")
