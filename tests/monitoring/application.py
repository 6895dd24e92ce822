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


class Application:
    """Answers like an application behind the edge, on one port for its whole life.

    `failing` of a thousand visitors get an error; every visitor waits `slower` seconds longer.
    """

    def __init__(self) -> None:
        self.failing, self.slower, self.asked = 0, 0.0, 0
        self.port = 0
        self.start()

    def start(self) -> None:
        """Be there, where it was before."""
        self.program = Program(self)
        self.port = self.program.server_port
        threading.Thread(target=self.program.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Be gone with all connections: one that is kept busy would go on serving."""
        self.program.shutdown()
        self.program.server_close()
        for connection in self.program.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Program(ThreadingHTTPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, application: Application) -> None:
        self.application = application
        self.connections: list[socket.socket] = []
        super().__init__(("127.0.0.1", application.port), Answer)

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection, and know it."""
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Program

    def do_GET(self) -> None:
        application, failed = self.server.application, False
        if self.path != "/healthz":  # the health path knows nothing of it, as so often
            application.asked += 1
            failed = application.asked * application.failing % 1000 < application.failing
            time.sleep(application.slower)
        body = b"sorry" if failed else b"hello"
        self.send_response(500 if failed else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Visitors:
    """Requests through the edge, one every so many seconds: ten people who each wait for their answer. All of them can
    be `away`."""

    PEOPLE = 10

    def __init__(self, url: str, trusted: ssl.SSLContext, every: float) -> None:
        self.url, self.trusted, self.pause = url, trusted, every * self.PEOPLE
        self.seen: Counter[int] = Counter()
        self.stopped = threading.Event()
        self.away = False
        for number in range(self.PEOPLE):
            threading.Thread(target=self._visit, args=(number * every,), daemon=True).start()

    def _visit(self, begin: float) -> None:
        self.stopped.wait(begin)
        while not self.stopped.is_set():
            begun = time.monotonic()
            if not self.away:
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
