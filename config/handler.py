"""Django between the server and the views: on the event loop, with a thread only where a view computes in one."""

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.urls import set_script_prefix

from config.static_files import Receive, Scope, Send
from config.threads import ViewThreads


class Handler(ASGIHandler):
    """Answers HTTP requests.

    Django's own handler makes a thread and a database connection for each request and takes all around the view to it;
    most of our requests need neither. A request runs to its end whether or not the browser still waits: half an edit
    would help nobody, and no view waits for long.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ViewThreads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._threads.one():
            await self.handle(scope, receive, send)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            set_script_prefix(get_script_prefix(scope))
            request_started.send(sender=type(self), scope=scope)
            request, response = self.create_request(scope, body)
            if request is not None:
                response = await self.run_get_response(request)
            assert response is not None
            try:
                await self.send_response(response, send)
            finally:
                response.close()

    async def close(self) -> None:
        """End the threads; for whoever makes more than one handler."""
        await self._threads.close()
