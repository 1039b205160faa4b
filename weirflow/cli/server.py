"""Requests to a server's HTTP API, and its refusals as failures of the command."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from weirflow.cli.accounts import Account
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nearest import nearest, perhaps

ANSWER_SECONDS = 60.0
MAX_ANSWER = 64 << 20


class Server:
    """``get``, ``post`` and ``put`` return the JSON of the answer, ``text`` what it says. All raise ``Failure``."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._opener = build_opener(_NoRedirects)

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self._json("GET", path, query, None)

    def post(self, path: str, body: Any) -> Any:
        """Have something done once, however often the request has to be sent."""
        return self._json("POST", path, {}, body)

    def put(self, path: str, body: Any) -> Any:
        """Replace."""
        return self._json("PUT", path, {}, body)

    def text(self, path: str, **query: Any) -> str:
        """Read what is no JSON."""
        return self._send("GET", path, query, None, None).decode("utf-8", "replace")

    def send(self, path: str, content: bytes, kind: str, **query: Any) -> Any:
        """POST what is no JSON."""
        return self._read_json(self._send("POST", path, query, content, kind))

    def rows(self, path: str, listed: str) -> Iterator[dict[str, Any]]:
        """Every row of a list that comes in pages."""
        after: dict[str, str] = {}
        while True:
            page = self.get(path, limit=500, **after)
            yield from page[listed]
            if not page.get("next"):
                return
            after = {"after": str(page["next"])}

    def project(self, wanted: str) -> dict[str, Any]:
        """The project of this name or id."""
        return _picked("project", wanted, list(self.rows("/projects", "projects")))

    def flow(self, wanted: str, project: str | None) -> dict[str, Any]:
        """The flow of this name or id, of one project or of all; ``project`` in it is its project's row."""
        return _picked("flow", wanted, self.flows(project))

    def flows(self, project: str | None = None) -> list[dict[str, Any]]:
        """The flows of one project or of all that the token sees; ``project`` in each is its project's row."""
        projects = [self.project(project)] if project else list(self.rows("/projects", "projects"))
        return [
            {**flow, "project": one}
            for one in projects
            for flow in self.rows(f"/projects/{quote(one['id'])}/flows", "flows")
        ]

    def _json(self, method: str, path: str, query: dict[str, Any], body: Any) -> Any:
        content = None if body is None else encoded(body)
        return self._read_json(self._send(method, path, query, content, "application/json"))

    def _read_json(self, content: bytes) -> Any:
        try:
            return json.loads(content)
        except ValueError:
            raise Failure(f"{self._account.url} is no Weirflow: it answers with something else than JSON; look at the "
                          "address", code="not_weirflow", exit=Exit.UNREACHABLE) from None  # fmt: skip

    def _send(self, method: str, path: str, query: dict[str, Any], content: bytes | None, kind: str | None) -> bytes:
        url = f"{self._account.url}/api{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self._account.token}", "Accept": "application/json"}
        if content is not None:
            headers |= {"Content-Type": kind or "application/json", "Idempotency-Key": uuid.uuid4().hex}
        request = Request(url, content, headers, method=method)  # noqa: S310 http or https, as it was checked
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
                read: bytes = answer.read(MAX_ANSWER)
                return read
        except HTTPError as error:
            raise self._refused(error) from error
        except (URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            text = f"{self._account.url} does not answer: {reason}; is it running, and is the address right?"
            raise Failure(text, code="unreachable", exit=Exit.UNREACHABLE) from error

    def _refused(self, error: HTTPError) -> Failure:
        try:
            told = json.loads(error.read(1 << 20))["error"]
            message, code = str(told["message"]), str(told["code"])
        except (ValueError, KeyError, TypeError, OSError):
            text = f"{self._account.url} answers {error.code}: is it a Weirflow? look at the address"
            return Failure(text, code="not_weirflow", exit=Exit.UNREACHABLE, status=error.code)
        more = {key: value for key, value in told.items() if key not in ("message", "code")}
        if error.code == 401:
            message = f"{message} Then: weirflow login {self._account.url}"
        if error.code == 429:
            message = f"{message} Try again in {error.headers.get('Retry-After', 'a few')} s."
        return Failure(message, code=code, exit=_EXITS.get(error.code, Exit.WRONG), status=error.code, **more)


_EXITS = {
    400: Exit.USAGE,
    401: Exit.REFUSED,
    403: Exit.REFUSED,
    404: Exit.MISSING,
    409: Exit.IN_THE_WAY,
    413: Exit.USAGE,
    412: Exit.IN_THE_WAY,
    429: Exit.UNREACHABLE,
    503: Exit.UNREACHABLE,
}


class _NoRedirects(HTTPRedirectHandler):
    """A token goes to the server that it is for, and to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def encoded(body: Any) -> bytes:
    """JSON as it is sent. Half a character, which UTF-8 has not, goes as an escape."""
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(body).encode()


def _picked(kind: str, wanted: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    fold = wanted.casefold()
    for fitting in (
        [row for row in rows if row["id"] == wanted],
        [row for row in rows if row["name"] == wanted],
        [row for row in rows if row["name"].casefold() == fold],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            ids = [row["id"] for row in fitting]
            text = f"{len(ids)} {kind}s are called {wanted!r}; say which by its id: {', '.join(ids[:8])}"
            raise Failure(text, code="ambiguous", exit=Exit.USAGE, ids=ids)
    close = nearest(wanted, sorted({row["name"] for row in rows}))
    hint = perhaps(close) or ("" if rows else f"; the token sees no {kind} at all")
    raise Failure(f"there is no {kind} {wanted!r}{hint}", code=f"no_{kind}", exit=Exit.MISSING, suggestions=close)
