"""The least of a mail server: takes what it is sent, and keeps it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Session(socketserver.StreamRequestHandler):
    """One connection, in the words of RFC 5321; every recipient is welcome."""

    server: "Server"

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
            self._say("221 bye" if word == "QUIT" else "250 fine")
            if word == "QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: list[str] = []

    @property
    def url(self) -> str:
        """As `WEIRFLOW_SMTP_URL` has it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}?tls=off"


@contextmanager
def mail_server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
