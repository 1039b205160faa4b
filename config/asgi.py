"""HTTP to Django, websockets to the editor's consumers: by session and own origin, or by an API token."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from config.handler import Handler  # noqa: E402
from config.sockets import Context  # noqa: E402
from config.static_files import StaticFiles  # noqa: E402
from editor.bearer import BearerSockets  # noqa: E402
from editor.routing import websocket_urlpatterns  # noqa: E402

sockets = URLRouter(websocket_urlpatterns)
application = ProtocolTypeRouter(
    {
        "http": StaticFiles(Handler(), settings.STATIC_URL, settings.STATIC_ROOT, list(settings.STATICFILES_DIRS)),
        "websocket": Context(BearerSockets(sockets, AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)))),
    }
)
