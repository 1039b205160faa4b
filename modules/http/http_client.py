"""The HTTP client."""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import Any

from modules.http.answers import CONTEXT, ResponseOutput, body_of, failure_of
from modules.http.calls import bytes_of, same_origin, url_of
from modules.http.client_settings import ClientSettings
from weirflow import Component, Context, Fail, Field, Model, Port, Result, input, output
from weirflow.outbound import OutboundResponse, for_other_origin

CLIENT_ERROR, SERVER_ERROR = "client_error", "server_error"


class RequestInput(Model):
    """A request to send. What is left out is that of the settings."""

    url: str = Field(
        "", title="URL", description="With http:// or https://, or a path below that of the settings", configurable=True
    )
    method: str = Field("", title="Method", description="In place of that of the settings", configurable=True)
    query: dict[str, Any] = Field(
        default_factory=dict,
        title="Query",
        description="Added to the URL; a list gives its name more than once",
        configurable=True,
    )
    headers: dict[str, str] = Field(
        default_factory=dict, title="Headers", description="Added to those of the settings", configurable=True
    )
    body: Any = Field(None, title="Body", description="Sent as the settings say; null: none", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class HttpClient(Component):
    """Sends an HTTP request and passes on what comes back.

    The settings say what is sent each time, a message fills in the rest: a path below the URL or another URL, the
    query, more headers, the body. A body is sent as JSON, as a form, as a form with files (each `{filename,
    contentType, base64}`, as HTTP Server gives them), as text, or as the bytes that Base64 stands for. An answer
    becomes JSON where it says that it is, else text, else Base64 (`encoding` says which).

    Whatever of the settings may be a credential (*Authorization*, the API key, any header that is not known to be
    harmless) goes to the server of the URL in the settings alone: a message that asks another one, or a redirect there,
    does not take it along. With *Send the operation's id* a message that is delivered twice has
    the same `Idempotency-Key`.

    Only the internet is reached, until an owner of the project lists more on the project's page *Outbound*.
    Connections are kept and used again.

    Errors: `http_404` and the like for statuses from 400 on, unless *Errors by status* says otherwise: 408, 425, 429,
    500, 502, 503 and 504 may be tried again, others are permanent. `outbound_denied` for an address that the project
    may not call, `outbound_tls` for a certificate that is not trusted, `outbound_redirects`, `outbound_too_large` and
    `outbound_invalid` stay as they are. `outbound_unresolved`, `outbound_unreachable`, `outbound_timeout`,
    `outbound_broken` and `outbound_busy` may be tried again. `invalid_body` and `invalid_query` where what is to be
    sent does not fit its form, `no_url` where neither settings nor message have one, `invalid_authority` for
    what is no certificate. No error repeats a query, a header or a body.
    """

    title = "HTTP Client"
    category = "HTTP"
    icon = "client"
    tags = ("request", "api", "rest", "fetch", "call")

    class Settings(ClientSettings):
        """What is sent each time, and within which limits."""

    class Control(Model):
        requests: int = Field(title="Requests", readonly=True, chart="line", description="Since the module started")
        failures: int = Field(
            title="Failures", readonly=True, description="Without an answer, or with an error's status"
        )
        in_flight: int = Field(title="Under way", readonly=True, description="Sent, and not answered yet")

    settings: Settings

    response = output("response", ResponseOutput)

    def __init__(self) -> None:
        self._requests = self._failures = self._in_flight = 0
        self._last = ""
        # Those under way keep their place in the one before when it is replaced.
        self._places = 100
        self._turns = asyncio.Semaphore(self._places)
        self._verify: bool | ssl.SSLContext = True

    def ports(self) -> list[Port]:
        ports = super().ports()
        if self.settings.statuses == "ports":
            ports += [
                Port.output(CLIENT_ERROR, ResponseOutput, label="Status 4xx"),
                Port.output(SERVER_ERROR, ResponseOutput, label="Status 5xx"),
            ]
        return ports

    async def on_settings(self) -> None:
        settings = self.settings
        self._verify = await asyncio.to_thread(_trust, settings) if settings.authority else settings.verify
        if settings.max_in_flight != self._places:
            self._places = settings.max_in_flight
            self._turns = asyncio.Semaphore(self._places)

    @input("request")
    async def send(self, ctx: Context, message: RequestInput) -> Result:
        settings = self.settings
        method = (message.method or settings.method).upper()
        url = url_of(settings.url, message.url, message.query)
        body, headers = bytes_of(message.body, settings.send_as)
        own = {name.lower(): value for name, value in settings.headers.items()} | self._credentials()
        headers |= own if same_origin(settings.url, url) else for_other_origin(own)
        headers |= {name.lower(): value for name, value in message.headers.items()}
        if settings.operation_id:
            headers.setdefault("idempotency-key", ctx.operation_id)
        began = time.perf_counter()
        self._in_flight += 1
        self._requests += 1
        try:
            answer = await self._asked(method, url, headers, body)
        except BaseException:
            self._failures += 1
            self._last = "no answer"
            raise
        finally:
            self._in_flight -= 1
            self.publish()
        took = (time.perf_counter() - began) * 1000
        self._last = f"{answer.status} · {took:.0f} ms"
        if answer.status >= 400:
            self._failures += 1
            if settings.statuses == "errors":
                raise failure_of(method, answer)
        value, encoding = await body_of(answer, settings.read_as)
        response = ResponseOutput(
            status=answer.status,
            headers=answer.headers,
            body=value,
            encoding=encoding,
            url=answer.url,
            milliseconds=round(took, 2),
            context=message.context,
        )
        if answer.status >= 400 and settings.statuses == "ports":
            return await self.emit(ctx, CLIENT_ERROR if answer.status < 500 else SERVER_ERROR, response)
        return await self.response.emit(ctx, response)

    def control(self) -> Control:
        return self.Control(requests=self._requests, failures=self._failures, in_flight=self._in_flight)

    def live(self) -> str:
        return self._last

    async def _asked(self, method: str, url: str, headers: dict[str, str], body: bytes) -> OutboundResponse:
        settings = self.settings
        seconds, began, turns = settings.timeout / 1000, time.monotonic(), self._turns
        try:
            if turns.locked():
                async with asyncio.timeout(seconds):
                    await turns.acquire()
            else:
                await turns.acquire()
        except TimeoutError:
            raise Fail(
                f"{settings.max_in_flight:,} requests of this node were under way for {seconds:g} s and none ended; "
                "send fewer, or allow more at once",
                code="outbound_busy",
                retryable=True,
            ) from None
        try:
            return await self.services.outbound.request(
                method,
                url,
                headers=headers,
                body=body,
                timeout=max(0.001, seconds - (time.monotonic() - began)),
                connect_timeout=settings.connect_timeout / 1000,
                redirects=settings.max_redirects,
                verify=self._verify,
                max_body=settings.max_body,
            )
        finally:
            turns.release()

    def _credentials(self) -> dict[str, str]:
        settings = self.settings
        both = {"authorization": settings.authorization, settings.api_key_header.lower(): settings.api_key}
        return {name: value for name, value in both.items() if value}


def _trust(settings: HttpClient.Settings) -> bool | ssl.SSLContext:
    if not settings.verify:
        return False
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cadata=settings.authority)
    except (ssl.SSLError, ValueError):
        raise Fail(
            "no certificate can be read from it; paste it in PEM form, from -----BEGIN CERTIFICATE----- on",
            code="invalid_authority",
            field="/authority",
        ) from None
    return context
