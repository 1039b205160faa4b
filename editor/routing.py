"""Addresses of the editor's websockets."""

from django.urls import path, re_path

from editor.consumers import flow_socket, no_such_socket, page_socket, share_socket

websocket_urlpatterns = [
    # Django types its routes for views; channels routes any ASGI application.
    path("ws/flows/<uuid:flow>", flow_socket),  # type: ignore[arg-type]
    path("ws/pages/<uuid:page>", page_socket),  # type: ignore[arg-type]
    path("ws/shared/<str:share>", share_socket),  # type: ignore[arg-type]
    re_path("", no_such_socket),  # type: ignore[arg-type]
]
