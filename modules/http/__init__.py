"""Components that speak HTTP."""

from modules.http.http_client import HttpClient
from modules.http.http_server import HttpServer
from modules.http.webhook_signature import WebhookSignature
from weirflow import Module

module = Module("http-v1", "0.1.0", [HttpClient, HttpServer, WebhookSignature])
