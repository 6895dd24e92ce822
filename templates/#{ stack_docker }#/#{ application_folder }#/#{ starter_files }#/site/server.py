"""A placeholder for your application: answers every GET and HEAD with one page, and stops when it is told to."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!doctype html><title>It runs</title><h1>It runs.</h1>"


class Page(BaseHTTPRequestHandler):
    """Serves the page."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        """Sends the headers."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()

    def do_GET(self) -> None:
        """Sends the page."""
        self.do_HEAD()
        self.wfile.write(PAGE)


def stop(*_: object) -> None:
    """Ends the process at SIGTERM, as `docker stop` expects."""
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Page).serve_forever()
