"""Static files in front of Django: from memory of names to open file, without session, database or thread."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise.base import WhiteNoise

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CHUNK = 256 * 1024
# Names with a hash of the content: those of collected files, and those that the front end's build gives.
_HASHED = re.compile(r"\.[0-9a-f]{12}\.[^/]+$|/dist/assets/[^/]+-[\w-]{8}\.[^/]+$")
# A worker is bound by the policy its own script came with, not by the page's.
_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:"


def _add_headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = _POLICY


def _immutable(path: str, url: str) -> bool:
    return _HASHED.search(url) is not None


class StaticFiles:
    """Answers GET and HEAD below `prefix` and passes everything else on.

    `root` holds the collected files, known by name from the start. Without it (nothing collected, as in tests) the
    files are looked up in `sources` at each request.
    """

    def __init__(self, application: Application, prefix: str, root: Path, sources: list[Path]) -> None:
        self.application = application
        self.prefix = prefix
        collected = root.is_dir()
        self.files = WhiteNoise(
            None,
            autorefresh=not collected,
            max_age=60 if collected else 0,
            allow_all_origins=False,
            add_headers_function=_add_headers,
            immutable_file_test=_immutable,
        )
        for folder in [root] if collected else sources:
            self.files.add_files(str(folder), prefix=prefix)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not path.startswith(self.prefix):
            await self.application(scope, receive, send)
            return
        file = self.files.find_file(path) if self.files.autorefresh else self.files.files.get(path)
        if file is None:
            await self.application(scope, receive, send)
            return
        request = {
            f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in scope["headers"]
        }
        response = file.get_response(scope["method"], request)
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        await send({"type": "http.response.start", "status": int(response.status), "headers": headers})
        if response.file is not None:
            with response.file as body:
                while chunk := body.read(CHUNK):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
