"""What the stand-ins for clouds share: an HTTP server on the loopback that remembers what it is given."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Refused(Exception):
    """An answer of the API that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class StandIn:
    """One account at a cloud. Use as a context manager; `address` is where it answers.

    A subclass says what it answers (`handle`), who may write (`may_write`) and how it words errors (`error`).
    """

    def __enter__(self) -> "StandIn":
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    stand_in.admit(self.headers)
                    if self.command != "GET" and not stand_in.may_write(self.headers):
                        raise stand_in.read_only()
                    status, answer = 200, stand_in.handle(self.command, self.path, content)
                except Refused as refusal:
                    status, answer = refusal.status, stand_in.error(refusal)
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if isinstance(answer, bytes) else "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def handle(self, method: str, target: str, content: bytes) -> Any:
        """What the API answers: something for JSON, or bytes as they are."""
        raise NotImplementedError

    def admit(self, headers: Any) -> None:
        """Refuse those whom the API does not know."""

    def may_write(self, headers: Any) -> bool:
        """Whether the one who asks may change anything."""
        raise NotImplementedError

    def read_only(self) -> Refused:
        """What one hears who may only read."""
        raise NotImplementedError

    def error(self, refusal: Refused) -> dict[str, Any]:
        """An error in the words of this API."""
        raise NotImplementedError
