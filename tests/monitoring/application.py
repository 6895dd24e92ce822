"""An application that misbehaves when it is told to, and visitors who come all the time."""

import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Application(ThreadingHTTPServer):
    """Answers like an application behind the edge; `failing` of a thousand visitors get an error."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.failing = 0
        self.asked = 0
        self.connections: list[socket.socket] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection, and know it."""
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def stop(self) -> None:
        """Be gone with all connections: one that is kept busy would go on serving."""
        self.shutdown()
        self.server_close()
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Application

    def do_GET(self) -> None:
        failed = False
        if self.path != "/healthz":  # the health path knows nothing of it, as so often
            self.server.asked += 1
            failed = self.server.asked * self.server.failing % 1000 < self.server.failing
        body = b"sorry" if failed else b"hello"
        self.send_response(500 if failed else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Visitors:
    """Requests through the edge, one every so many seconds: ten people who each wait for their answer."""

    PEOPLE = 10

    def __init__(self, url: str, trusted: ssl.SSLContext, every: float) -> None:
        self.url, self.trusted, self.pause = url, trusted, every * self.PEOPLE
        self.seen: Counter[int] = Counter()
        self.stopped = threading.Event()
        for number in range(self.PEOPLE):
            threading.Thread(target=self._visit, args=(number * every,), daemon=True).start()

    def _visit(self, begin: float) -> None:
        self.stopped.wait(begin)
        while not self.stopped.is_set():
            begun = time.monotonic()
            self.seen[self._ask()] += 1
            self.stopped.wait(max(0, self.pause - (time.monotonic() - begun)))

    def _ask(self) -> int:
        try:
            with urllib.request.urlopen(self.url, timeout=10, context=self.trusted) as response:  # noqa: S310
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0
