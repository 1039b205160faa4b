"""Which pages of other origins may read a flow's answers: the Fetch standard's CORS protocol."""

from __future__ import annotations

from dataclasses import dataclass

from weirflow import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Cors:
    """`origins` holds `https://host` or `*`; `methods` are those of the node, `*` for any."""

    origins: frozenset[str]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposed: tuple[str, ...]
    credentials: bool
    max_age: int

    def allows(self, origin: str) -> bool:
        """Whether pages of that origin may read."""
        return "*" in self.origins or origin.lower() in self.origins

    def is_preflight(self, request: HttpRequest) -> bool:
        """Whether a browser asks if a page may send something."""
        sent = request.headers
        return request.method == "OPTIONS" and "origin" in sent and "access-control-request-method" in sent

    async def preflight(self, request: HttpRequest) -> HttpResponse:
        """The answer to such a question. It costs the flow nothing."""
        origin = request.headers.get("origin", "")
        if not self.allows(origin):
            text = f"pages of {origin[:200]} may not call this; its settings name those that may\n"
            return HttpResponse(403, {"content-type": "text/plain; charset=utf-8", "vary": "Origin"}, text.encode())
        asked = request.headers.get("access-control-request-method", "")
        headers = {
            **self._origin(origin),
            **self._varied({}),
            "access-control-allow-methods": asked if "*" in self.methods else ", ".join(self.methods),
            "access-control-max-age": str(self.max_age),
        }
        if self.headers:
            headers["access-control-allow-headers"] = ", ".join(self.headers)
        return HttpResponse(204, headers)

    def onto(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The response with what a browser needs to hand it to the page; as it is where the page may not have it."""
        origin = request.headers.get("origin")
        headers = {**response.headers, **self._varied(response.headers)}
        if origin is not None and self.allows(origin):
            headers.update(self._origin(origin))
            if self.exposed:
                headers["access-control-expose-headers"] = ", ".join(self.exposed)
        return HttpResponse(response.status, headers, response.body)

    def _origin(self, origin: str) -> dict[str, str]:
        if self.credentials:
            return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
        return {"access-control-allow-origin": "*" if "*" in self.origins else origin}

    def _varied(self, headers: dict[str, str]) -> dict[str, str]:
        """A cache must not give one origin what was written for another."""
        if "*" in self.origins and not self.credentials:
            return {}
        before = headers.get("vary")
        return {"vary": f"{before}, Origin" if before else "Origin"}
