"""What websockets have in common with requests: who asks is known while they are open."""

from config.client_address import client_address
from config.static_files import Application, Receive, Scope, Send
from projects.asking import asked, request_id


class Context:
    """Around the application of websockets: a request id and an address for each of them."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        peer = (scope.get("client") or ("",))[0]
        address = client_address(peer, headers.get(b"x-forwarded-for", ""))
        with asked(request_id(headers.get(b"x-request-id", "")), address):
            await self.application(scope, receive, send)
