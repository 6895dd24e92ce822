"""Who hears of alerts, on loopback: a mail server that insists on encryption and a password, and the outside service
that expects the heartbeat. Both keep what they got and when."""

import base64
import email
import email.policy
import ssl
import threading
import time
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer


@dataclass
class Mail:
    """One message as a person would get it."""

    arrived: float
    message: EmailMessage

    @property
    def subject(self) -> str:
        """What the phone shows."""
        return self.message["subject"]

    @property
    def text(self) -> str:
        """All of the body."""
        return self.message.get_body(("html", "plain")).get_content()


class Mailbox(ThreadingTCPServer):
    """A mail server: STARTTLS, then AUTH with the password, then messages."""

    allow_reuse_address = daemon_threads = True
    password = "a password with spaces and ünïcode"  # noqa: S105 - of this stand-in

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.port = self.server_address[1]
        self.mails: list[Mail] = []
        self.refused = 0
        self.certificate: tuple[Path, Path] | None = None
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Session(StreamRequestHandler):
    """One connection."""

    server: Mailbox
    encrypted = trusted = False

    def handle(self) -> None:
        self.say("220 mail.test")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            if word.upper() == "QUIT":
                self.say("221 bye")
                return
            self.answer(word.upper(), rest)

    def answer(self, word: str, rest: str) -> None:
        if word in ("EHLO", "HELO"):
            self.say(f"250-mail.test\r\n250 {'AUTH PLAIN' if self.encrypted else 'STARTTLS'}")
        elif word == "STARTTLS":
            self.encrypt()
        elif word == "AUTH":
            self.log_in(rest)
        elif not self.trusted:
            self.say("530 encrypt and log in first")
        elif word == "DATA":
            self.take()
        else:
            self.say("250 ok")

    def encrypt(self) -> None:
        assert self.server.certificate, "the stand-in has no certificate yet"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.server.certificate)
        self.say("220 go on")
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.encrypted = True

    def log_in(self, rest: str) -> None:
        given = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        self.trusted = self.encrypted and given[2] == self.server.password
        self.server.refused += not self.trusted
        self.say("235 welcome" if self.trusted else "535 wrong password")

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.mails.append(Mail(time.monotonic(), message))
        self.say("250 taken")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Outside(ThreadingHTTPServer):
    """Two outside services: one that notes when a beat of the heartbeat arrives, and a chat that keeps its messages."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Message)
        address = f"http://127.0.0.1:{self.server_port}"
        self.heartbeat_url, self.chat_url = f"{address}/a-secret-path", f"{address}/chat"
        self.beats: list[float] = []
        self.chat: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Message(BaseHTTPRequestHandler):
    server: Outside

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        text = self.rfile.read(length).decode()
        if self.path == "/chat":
            self.server.chat.append(text)
        if self.path == "/a-secret-path":
            self.server.beats.append(time.monotonic())
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")  # Slack's own word, without which Alertmanager calls the message lost

    def log_message(self, *_: object) -> None:
        """Say nothing."""
