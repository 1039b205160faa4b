"""The HTTP server."""

from __future__ import annotations

from modules.http.bodies import BadBody
from modules.http.cors import Cors
from modules.http.messages import RequestOutput, ResponseInput, failure, request_of, response_of
from modules.http.server_settings import ServerSettings
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


class HttpServer(Component):
    """Answers HTTP requests with what the flow makes of them.

    Each request is sent as a message; what comes back through the flow is the response: an object with a number as its
    `status` (and `headers`, `body`, `contentType`, `encoding`) as it is, any other JSON as the body of a 200, nothing
    as a 204. Wire the end of the flow to the `response` input to give it that shape with a mapping.

    **Paths.** `/orders/{id}` puts one part of the path into `params`, decoded (`%2F` is a slash within a part);
    `/files/{rest*}` takes all that follows. Several nodes may share a path, each with methods of its own.

    **Bodies.** JSON arrives as its value. Forms, also `multipart/form-data`, arrive as an object of their fields, with
    a list where a name comes more than once; a file is `{filename, contentType, size, base64}`. Text arrives as text,
    all else as Base64, as `encoding` says. *Raw body* adds the bytes as they came, which signatures are checked
    against. A response whose `encoding` is `base64` is sent as the bytes that its body stands for.

    **Browsers.** Pages of other origins may call it where *Other origins* is on. Their browsers' questions beforehand
    are answered here, and never reach the flow.

    **Errors.** 400 for a body that is not what its type says, 413 for one above the largest, 415 for one that is
    compressed, 405 for another method,
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

    class Settings(ServerSettings):
        """What is answered, within which limits, and to pages of which origins."""

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
        if request.body and request.headers.get("content-encoding", "identity").lower() != "identity":
            refused = failure(415, "compressed", "bodies are not uncompressed here; send it without Content-Encoding")
            return HttpResponse(415, {**refused.headers, "accept-encoding": "identity"}, refused.body)
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
