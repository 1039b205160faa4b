"""The HTTP server."""

from __future__ import annotations

from typing import Literal

from modules.http.messages import RequestOutput, ResponseInput, failure, request_of, response_of
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


class HttpServer(Component):
    """Answers HTTP requests with what the flow makes of them.

    Each request is sent as a message; what comes back through the flow is the response: an object with `status` (and
    `headers`, `body`, `contentType`) as it is, any other JSON as the body of a 200, nothing as a 204. Wire the end of
    the flow to the `response` input to give it that shape with a mapping.

    504 when the flow takes longer than the timeout. A failure gives the client a 500 (503 if a later attempt may
    succeed) with an error id and no details; those stand on the node under the same id. A request with an
    `Idempotency-Key` header may be sent again: nodes that keep state count it once, and the answer is the first
    one's.
    """

    title = "HTTP Server"
    category = "HTTP"
    icon = "globe"
    tags = ("http", "api", "endpoint", "source")
    runs_on = "every"

    class Settings(Model):
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "*"] = Field(
            "GET",
            title="Method",
            description="Requests with another one get a 405",
            enum_titles=["GET", "POST", "PUT", "PATCH", "DELETE", "Any"],
        )
        path: str = Field(
            "/",
            title="Path",
            description="Starts with /; {name} stands for one part and is found in params",
            pattern=r"^/[^\s?#]*$",
            max_length=500,
        )
        timeout: int = Field(
            30_000, ge=10, le=600_000, title="Timeout", description="Milliseconds until the client gets a 504"
        )
        max_body: int = Field(
            1_048_576, ge=0, le=16_777_216, title="Largest body", description="Bytes; a larger request gets a 413"
        )

    class Control(Model):
        url: str = Field(title="URL", readonly=True, description="Where clients reach it")
        requests: int = Field(title="Requests", readonly=True, chart="line", description="Since the module started")
        failures: int = Field(title="Failures", readonly=True, description="Answered with 500, 503 or 504")

    settings: Settings

    request = output("request", RequestOutput)

    def __init__(self) -> None:
        self._route: Route | None = None
        self._served: tuple[str, str, int] | None = None
        self._requests = 0
        self._failures = 0
        self._failing = False

    @input("response")
    async def response(self, ctx: Context, message: ResponseInput) -> Result:
        return message

    async def on_settings(self) -> None:
        if self._route is not None:
            self._serve()

    async def start(self, ctx: Context) -> None:
        self._serve()

    async def stop(self) -> None:
        if self._route is not None:
            self._route.close()
        self._route = self._served = None

    def control(self) -> Control:
        return self.Control(
            url=self._route.url if self._route else "", requests=self._requests, failures=self._failures
        )

    def live(self) -> str:
        return f"{self.settings.method} {self.settings.path}"

    def _serve(self) -> None:
        """Put the route of the settings into force. The one before stays if the new one cannot be had."""
        settings, before, served = self.settings, self._route, self._served
        wanted = (settings.method, settings.path, settings.max_body)
        if wanted == served:
            return
        self._route = self.services.http.add(
            self.services.node_name, settings.method, settings.path, self._answer, max_body=settings.max_body
        )
        self._served = wanted
        if before is not None and served is not None and served[:2] != wanted[:2]:
            before.close()

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        self._requests += 1
        self.publish()
        key = request.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= KEY_LENGTH:
            return failure(400, "idempotency_key", f"an Idempotency-Key has 1 to {KEY_LENGTH} characters")
        try:
            message = request_of(request)
        except ValueError:
            return failure(400, "invalid_json", "the body is not valid JSON; correct it, or send another Content-Type")
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
