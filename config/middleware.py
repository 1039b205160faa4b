"""Django's middleware on the event loop: what only reads and writes headers needs no thread.

Django runs each half of a middleware in a thread of the request when it serves asynchronously; twelve such trips cost
more than most answers. None of these waits for anything: the session and the person are read when a view asks for
them, and only a session that changed is stored, in a thread.
"""

import math
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils.deprecation import MiddlewareMixin

from config.characters import nul_refused
from config.client_address import client_address
from config.security import PolicyMiddleware
from projects.accounts import seen
from projects.asking import asked, asking, request_id
from projects.limits import Door, knock

REQUEST_ID = "X-Request-ID"


class OnLoop(MiddlewareMixin):
    """Comes before a middleware of Django's among the bases; without an event loop it changes nothing."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        before = getattr(self, "process_request", None)
        response = before(request) if before is not None else None
        response = response or await self.get_response(request)  # type: ignore[misc]
        return await self.after(request, response)

    async def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        after = getattr(self, "process_response", None)
        return after(request, response) if after is not None else response


class Context(MiddlewareMixin):
    """The first of all: what is done for a request is recorded and logged under its id and address."""

    def __call__(self, request: HttpRequest) -> Any:
        if self.async_mode:
            return self.__acall__(request)
        with asked(*_who(request)) as asks:
            response: Any = self.get_response(request)
        response[REQUEST_ID] = asks.request_id
        return response

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        with asked(*_who(request)) as asks:
            response = await self.get_response(request)  # type: ignore[misc]
        response[REQUEST_ID] = asks.request_id
        return response


class Limits(OnLoop, MiddlewareMixin):
    """At pages that are open to anybody; the API has its own, by who asks."""

    _DOORS: tuple[tuple[str, Door], ...] = (
        ("/sign-in/", "sign_in"),
        ("/people/join/", "sign_in"),
        ("/account/address/", "sign_in"),
        ("/share/", "anonymous"),
    )

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        door = next((door for prefix, door in self._DOORS if request.path_info.startswith(prefix)), None)
        wait = knock(door, f"address {asking().address}") if door is not None else 0
        if wait <= 0:
            return None
        words = "Too many requests from your network address. Wait a moment, then load the page again.\n"
        headers = {"Retry-After": str(math.ceil(wait))}
        return HttpResponse(words, status=429, content_type="text/plain; charset=utf-8", headers=headers)


class Characters(OnLoop, MiddlewareMixin):
    """Refuses what no view has to be ready for."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        return nul_refused(request)


class Security(OnLoop, SecurityMiddleware):
    pass


class Common(OnLoop, CommonMiddleware):
    pass


class Authentication(OnLoop, AuthenticationMiddleware):
    pass


class Frames(OnLoop, XFrameOptionsMiddleware):
    pass


class Session(OnLoop, SessionMiddleware):
    async def after(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        if request.session.modified:
            return await sync_to_async(self.process_response)(request, response)
        return self.process_response(request, response)


class Seen(OnLoop, MiddlewareMixin):
    """Notes where people are signed in, in a thread, every few minutes for each session."""

    async def after(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if self._is_due(request):
            await sync_to_async(self._note)(request)
        return response

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if self._is_due(request):
            self._note(request)
        return response

    def _is_due(self, request: HttpRequest) -> bool:
        # Only if a view has asked who it is: then asking again costs nothing.
        person, key = getattr(request, "_cached_user", None), request.session.session_key
        return person is not None and person.is_authenticated and key is not None and seen.due(key)

    def _note(self, request: HttpRequest) -> None:
        key, person = request.session.session_key, request.user.pk
        assert key is not None
        assert person is not None
        seen.note(key, person, asking().address, request.headers.get("User-Agent", ""))


class Csrf(OnLoop, CsrfViewMiddleware):
    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response)
        if self.async_mode:
            self.process_view = self._check  # type: ignore[assignment]

    async def _check(self, *view: Any) -> HttpResponseBase | None:
        # The form that it may have to look into was received before the middleware began.
        return super().process_view(*view)


class Policy(OnLoop, PolicyMiddleware):
    pass


def _who(request: HttpRequest) -> tuple[str, str]:
    meta = request.META
    address = client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""))
    return request_id(meta.get("HTTP_X_REQUEST_ID", "")), address
