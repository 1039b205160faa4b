"""The HTTP server."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import StringConstraints, ValidationInfo, field_validator

from modules.http.bodies import BadBody
from modules.http.cors import Cors
from modules.http.messages import RequestOutput, ResponseInput, failure, request_of, response_of
from modules.off_loop import off_loop
from weirflow import (
    Component,
    Context,
    Fail,
    Field,
    HttpRequest,
    HttpResponse,
    Model,
    Problem,
    Result,
    Route,
    derive_operation_id,
    input,
    output,
)

KEY_LENGTH = 200
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", max_length=100)]
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")


class HttpServer(Component):
    """Answers HTTP requests with what the flow makes of them.

    Each request is sent as a message; what comes back through the flow is the response: an object with `status` (and
    `headers`, `body`, `contentType`, `encoding`) as it is, any other JSON as the body of a 200, nothing as a 204. Wire
    the end of the flow to the `response` input to give it that shape with a mapping.

    **Paths.** `/orders/{id}` puts one part of the path into `params`; `/files/{rest*}` takes all that follows. Several
    nodes may share a path, each with methods of its own.

    **Bodies.** JSON arrives as its value. Forms, also `multipart/form-data`, arrive as an object of their fields, with
    a list where a name comes more than once; a file is `{filename, contentType, size, base64}`. Text arrives as text,
    all else as Base64, as `encoding` says. *Raw body* adds the bytes as they came, which signatures are checked
    against. A response whose `encoding` is `base64` is sent as the bytes that its body stands for.

    **Browsers.** Pages of other origins may call it where *Other origins* is on. Their browsers' questions beforehand
    are answered here, and never reach the flow.

    **Errors.** 400 for a body that is not what its type says, 413 for one above the largest, 405 for another method,
    504 when the flow takes longer than the timeout. A failure gives the client a 500 (503 if a later attempt may
    succeed) with an error id and no details; those stand on the node under the same id. A response that cannot be sent
    is `invalid_response` there. A request with an `Idempotency-Key` header may be sent again: nodes that keep state
    count it once, and the answer is the first one's.
    """

    title = "HTTP Server"
    category = "HTTP"
    icon = "globe"
    tags = ("http", "api", "endpoint", "webhook", "form", "source")
    runs_on = "every"

    class Settings(Model):
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "*"] = Field(
            "GET",
            title="Method",
            description="A GET is answered to HEAD too",
            enum_titles=["GET", "POST", "PUT", "PATCH", "DELETE", "Any"],
        )
        path: str = Field(
            "/",
            title="Path",
            description="Starts with /; {name} stands for one part and {rest*} for all that follow, found in params",
            pattern=r"^/[^\s?#]*$",
            max_length=500,
        )
        timeout: int = Field(
            30_000, ge=10, le=600_000, title="Timeout", description="Milliseconds until the client gets a 504"
        )
        max_body: int = Field(
            1_048_576, ge=0, le=16_777_216, title="Largest body", description="Bytes; a larger request gets a 413"
        )
        raw_body: bool = Field(
            False, title="Raw body", description="Put the bytes of the body into raw as well, as Base64"
        )
        more_methods: list[Method] = Field(
            default_factory=list,
            title="More methods",
            description="Answered on the same path",
            max_length=7,
            unique_items=True,
        )
        cors: bool = Field(
            False, title="Other origins", description="Let pages of other origins call it (CORS)", tab="Browsers"
        )
        cors_origins: list[str] = Field(
            default_factory=lambda: ["*"],
            title="Origins",
            description="Such as https://app.example.com; * is any",
            max_length=100,
            tab="Browsers",
        )
        cors_headers: list[HeaderName] = Field(
            default_factory=lambda: ["Content-Type", "Authorization", "Idempotency-Key"],
            title="Request headers",
            description="Those that a page may send",
            max_length=100,
            tab="Browsers",
        )
        cors_exposed: list[HeaderName] = Field(
            default_factory=list,
            title="Response headers",
            description="Those that a page may read, beside the usual",
            max_length=100,
            tab="Browsers",
        )
        cors_credentials: bool = Field(
            False,
            title="Credentials",
            description="Let pages send cookies and credentials; name their origins then",
            tab="Browsers",
        )
        cors_max_age: int = Field(
            600,
            ge=0,
            le=86_400,
            title="Remembered for",
            description="Seconds that a browser need not ask again",
            tab="Browsers",
        )

        @field_validator("cors_origins")
        @classmethod
        def _origins(cls, origins: list[str]) -> list[str]:
            for origin in origins:
                if origin != "*" and not _ORIGIN.fullmatch(origin.lower()):
                    raise ValueError(f"{origin!r} is no origin; write https://host, without a path, or *")
            return [origin.lower() for origin in origins]

        @field_validator("cors_credentials")
        @classmethod
        def _named(cls, credentials: bool, info: ValidationInfo) -> bool:
            if credentials and "*" in info.data.get("cors_origins", ()):
                raise ValueError("any page at all could act for its visitors; name the origins, or leave this off")
            return credentials

    class Control(Model):
        url: str = Field(title="URL", readonly=True, description="Where clients reach it")
        requests: int = Field(title="Requests", readonly=True, chart="line", description="Since the module started")
        failures: int = Field(title="Failures", readonly=True, description="Answered with 500, 503 or 504")

    settings: Settings

    request = output("request", RequestOutput)

    def __init__(self) -> None:
        self._started = False
        #: By method and path.
        self._routes: dict[tuple[str, str], Route] = {}
        self._cors: Cors | None = None
        self._requests = 0
        self._failures = 0
        self._failing = False

    @input("response")
    async def response(self, ctx: Context, message: ResponseInput) -> Result:
        return message

    async def on_settings(self) -> None:
        if self._started:
            self._serve()
        self._cors = self._cors_of(self.settings)

    async def start(self, ctx: Context) -> None:
        self._serve()
        self._started = True

    async def stop(self) -> None:
        self._started = False
        for route in self._routes.values():
            route.close()
        self._routes = {}

    def control(self) -> Control:
        url = next((route.url for route in self._routes.values()), "")
        return self.Control(url=url, requests=self._requests, failures=self._failures)

    def live(self) -> str:
        return f"{', '.join(self._methods())} {self.settings.path}"

    def _methods(self) -> tuple[str, ...]:
        wanted = (self.settings.method, *self.settings.more_methods)
        return ("*",) if "*" in wanted else tuple(dict.fromkeys(wanted))

    def _cors_of(self, settings: Settings) -> Cors | None:
        if not settings.cors:
            return None
        return Cors(
            frozenset(settings.cors_origins),
            self._methods(),
            tuple(settings.cors_headers),
            tuple(settings.cors_exposed),
            settings.cors_credentials,
            settings.cors_max_age,
        )

    def _serve(self) -> None:
        """Put the routes of the settings into force. Those before stay if one of the new ones cannot be had."""
        wanted = [(method, self.settings.path) for method in self._methods()]
        fresh: dict[tuple[str, str], Route] = {}
        try:
            # First those that another node may have, then those that are ours already, for their new limits.
            for key in sorted(wanted, key=lambda key: key in self._routes):
                fresh[key] = self._add(*key)
        except Fail:
            for key, route in fresh.items():
                if key not in self._routes:
                    route.close()
            raise
        for key, route in self._routes.items():
            if key not in fresh:
                route.close()
        self._routes = {key: fresh[key] for key in wanted}

    def _add(self, method: str, path: str) -> Route:
        return self.services.http.add(
            self.services.node_name,
            method,
            path,
            self._answer,
            max_body=self.settings.max_body,
            preflight=self._preflight if self.settings.cors else None,
        )

    async def _preflight(self, request: HttpRequest) -> HttpResponse:
        return await self._cors.preflight(request) if self._cors is not None else HttpResponse(404)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        cors = self._cors
        if cors is None:
            return await self._answer_plainly(request)
        if cors.is_preflight(request):
            return await cors.preflight(request)
        return cors.onto(request, await self._answer_plainly(request))

    async def _answer_plainly(self, request: HttpRequest) -> HttpResponse:
        self._requests += 1
        self.publish()
        key = request.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= KEY_LENGTH:
            return failure(400, "idempotency_key", f"an Idempotency-Key has 1 to {KEY_LENGTH} characters")
        try:
            message = await off_loop(len(request.body), request_of, request, raw=self.settings.raw_body)
        except BadBody as error:
            return failure(400, error.code, str(error))
        operation = derive_operation_id(self.services.node_name, request.method, request.path, key) if key else None
        seconds = self.settings.timeout / 1000
        ctx = self.services.begin(operation, seconds)
        if (traceparent := request.headers.get("traceparent")) is not None:
            ctx.continue_trace(traceparent)
        try:
            response = response_of(await self.request.emit(ctx, message))
        except Fail as fail:
            if fail.code == "timeout" and not ctx.remaining():
                ctx.cancel("the request's timeout has passed")
                return self._failed(ctx, 504, Problem("timeout", f"the flow gave no answer within {seconds:g} s"))
            return self._failed(ctx, _status_of(fail), fail.problem)
        if self._failing:
            self._failing = False
            self.report(None)
        return response

    def _failed(self, ctx: Context, status: int, problem: Problem) -> HttpResponse:
        """Details for the node, an id for the client."""
        self._failures += 1
        self._failing = True
        error_id = ctx.operation_id
        self.report(
            Problem(
                problem.code,
                f"request failed with {status} (error id {error_id}): {problem.message}",
                field=problem.field,
                edge=problem.edge,
                port=problem.port,
                node=problem.node,
            )
        )
        self.publish()
        return failure(status, *_PUBLIC[status], error_id=error_id)


_PUBLIC: dict[int, tuple[str, str]] = {
    409: ("already_applied", "this request has been applied before, and its answer was not kept"),
    500: ("internal", "the request failed; the error id leads to the details"),
    503: ("unavailable", "the request could not be handled now; send it again"),
    504: ("timeout", "the request took too long"),
}


def _status_of(fail: Fail) -> int:
    if fail.code == "already_applied":
        return 409
    if fail.code in ("deadline", "timeout"):
        return 504
    return 503 if fail.retryable else 500
