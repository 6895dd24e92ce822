"""A stand-in for an object storage that encrypts by the customer's key (SSE-C), before moto, which forgets such keys.

What S3 promises is kept here: an object opens with the key that it was stored with, and without one not at all.
"""

import base64
import hashlib
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CUSTOMER_KEY = "x-amz-server-side-encryption-customer-key"
HOP = ("transfer-encoding", "connection", "content-length")


class KeyedStorageStandIn:
    """Use as a context manager; `address` is where it answers, `behind` the port of moto."""

    def __init__(self, behind: int) -> None:
        self.behind = behind
        self.keys: dict[str, str] = {}
        """The digest of the key of every object, empty without one, by its path."""

    def __enter__(self) -> "KeyedStorageStandIn":
        storage = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.partition("?")[0]
                refused = storage.refusal(self.command, path, self.headers)
                status, headers, data = refused or storage.forward(self.command, self.path, self.headers, content)
                if self.command == "PUT" and status == 200 and path.count("/") > 1:
                    storage.keys[path] = storage.digest(self.headers)
                elif self.command == "DELETE":
                    storage.keys.pop(path, None)
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in HOP:
                        self.send_header(name, value)
                length = {name.lower(): value for name, value in headers}.get("content-length", "0")
                self.send_header("Content-Length", length if self.command == "HEAD" else str(len(data)))
                self.end_headers()
                self.wfile.write(data if self.command != "HEAD" else b"")

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def digest(self, headers: Any) -> str:
        """The digest of the key that came along; empty without one."""
        key = headers.get(CUSTOMER_KEY, "")
        digest = base64.b64encode(hashlib.md5(base64.b64decode(key), usedforsecurity=False).digest()).decode()
        assert not key or digest == headers[f"{CUSTOMER_KEY}-md5"], "the digest belongs to another key"
        return digest if key else ""

    def refusal(self, method: str, path: str, headers: Any) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """What S3 answers somebody who reads an object with another key than it was stored with, or with none."""
        given = self.digest(headers)
        if method not in ("GET", "HEAD") or self.keys.get(path, given) == given:
            return None
        status, code = (403, "AccessDenied") if given else (400, "InvalidRequest")
        words = "Access Denied" if given else "The object was stored using a form of Server Side Encryption."
        return status, [], f"<Error><Code>{code}</Code><Message>{words}</Message></Error>".encode()

    def forward(self, method: str, target: str, headers: Any, content: bytes) -> tuple[int, list, bytes]:
        """What moto answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=60)
        try:
            connection.request(method, target, content, dict(headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()
