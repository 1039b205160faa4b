"""A small OpenID Connect provider, as a process of its own: `python -m tests.accounts.oidc_provider PORT`.

It lets in whoever was named last at `POST /next`, without asking, and checks what a provider checks: client, secret,
redirect address, a code that is good once, PKCE.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "weirflow", "a secret of both of us"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """Its state: who comes next, and the codes and tokens that are out."""

    daemon_threads = True
    person: dict[str, Any] = {}
    """Claims; `answers` in it replaces what is said about the person, `id_token` what stands in the token."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.codes: dict[str, tuple[dict[str, Any], dict[str, str]]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            issuer = self.server.issuer
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            self._say(
                {"issuer": issuer, "jwks_uri": f"{issuer}/jwks"}
                | {f"{name}_endpoint": f"{issuer}/{path}" for name, path in ends.items()}
                | {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
            )
        elif parts.path == "/authorize":
            self._authorize(asked)
        elif parts.path == "/userinfo":
            person = self.server.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            if person is None:
                self._say({"error": "invalid_token"}, 401)
            else:
                self._say(person.get("answers", _claims(person)))
        else:
            self._say({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/next":
            self.server.person = json.loads(body)
            self._say({})
            return
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        person, given = self.server.codes.pop(asked.get("code", ""), ({}, {}))
        wanted = base64.urlsafe_b64encode(hashlib.sha256(asked.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        good = (
            self.path == "/token"
            and self.headers.get("Authorization") == f"Basic {basic}"
            and given.get("redirect_uri") == asked.get("redirect_uri")
            and given.get("code_challenge", "").encode() == wanted
        )
        if not good:
            self._say({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe()
        self.server.tokens[token] = person
        now = int(time.time())
        times = {"iss": self.server.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims = {**_claims(person), **person.get("id_token", {}), **times}
        signed = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "one"})
        self._say({"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": signed})

    def _authorize(self, asked: dict[str, str]) -> None:
        if asked.get("client_id") != CLIENT or asked.get("code_challenge_method") != "S256":
            self._say({"error": "invalid_request"}, 400)
            return
        person = self.server.person
        code = secrets.token_urlsafe()
        self.server.codes[code] = (person, asked)
        answer = {"error": "access_denied"} if person.get("refuses") else {"code": code}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}")
        self.end_headers()

    def _say(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _claims(person: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in person.items() if key not in ("answers", "id_token", "refuses")}


if __name__ == "__main__":
    provider = Provider(int(sys.argv[1]))
    print(provider.issuer, flush=True)
    provider.serve_forever()
