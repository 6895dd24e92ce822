"""A load client that counts every response and never tries again: what it loses, a customer has lost."""

import asyncio
import http.client
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field

ADDRESS = ("127.0.0.1", 18443)
"""Where the edge of the tests listens: HTTPS with a certificate of its own for the domain localhost."""

TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE  # the edge made its certificate itself, a second ago

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nquantity=1"


def ask(path: str = "/healthz", method: str = "GET", seconds: float = 5) -> tuple[int, str]:
    """One request on a new connection: status and body, or 0 and why there was no answer."""
    connection = http.client.HTTPSConnection("localhost", ADDRESS[1], context=TLS, timeout=seconds)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.read().decode().strip()
    except OSError as error:
        return 0, str(error)
    finally:
        connection.close()


@dataclass
class Load:
    """Clients that ask one request after the other: some keep their connection, some open a new one each time, some
    send, some wait two seconds for their answer.

    `failed` counts answers of 5xx, and connections that broke before the answer was complete. Between two requests of a
    client there are `pause` seconds: without a pause, clients and application fight for the processor.
    """

    clients: tuple[tuple[int, bytes, bool], ...] = ((8, GET, True), (4, GET, False), (4, POST, True), (4, SLOW, True))
    pause: float = 0
    statuses: Counter = field(default_factory=Counter)
    bodies: Counter = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Requests sent."""
        return sum(self.statuses.values()) + len(self.broken)

    @property
    def failed(self) -> int:
        """Requests that a customer would complain about."""
        return sum(count for status, count in self.statuses.items() if status >= 500) + len(self.broken)

    def seconds(self, body: str) -> float:
        """For how long there were answers with this body."""
        return self.last[body] - self.first[body]

    def __str__(self) -> str:
        return (
            f"{self.failed} of {self.total} requests failed; {dict(self.statuses)}; "
            f"answers {dict(self.bodies.most_common(9))}; broken {self.broken[:3]}"
        )

    async def __aenter__(self) -> "Load":
        self._stop = asyncio.Event()
        clients = [self._client(words, keep) for count, words, keep in self.clients for _ in range(count)]
        self._tasks = [asyncio.create_task(client) for client in clients]
        await asyncio.sleep(0.5)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.5)
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def _client(self, words: bytes, keep: bool) -> None:
        connection = None
        while not self._stop.is_set():
            try:
                # As urllib3, Go and browsers do: a connection that the peer has closed meanwhile is not used again.
                if connection is None or connection[0].at_eof():
                    connection = await asyncio.open_connection(*ADDRESS, ssl=TLS, server_hostname="localhost")
                await self._ask(*connection, words)
            except (OSError, asyncio.IncompleteReadError, ValueError) as error:
                self.broken.append(repr(error))
                connection = None
                await asyncio.sleep(0.01)
                continue
            if not keep:
                connection[1].close()
                connection = None
            await asyncio.sleep(self.pause)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: bytes) -> None:
        writer.write(words)
        await writer.drain()
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode().lower()
        lengths = [int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length")]
        content = reader.readexactly(lengths[0]) if lengths else _chunks(reader)
        body = (await asyncio.wait_for(content, 10)).decode().strip()
        self.statuses[int(head.split()[1])] += 1
        self.bodies[body] += 1
        self.last[body] = time.monotonic()
        self.first.setdefault(body, self.last[body])


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    """A body that comes in chunks, each with its length before it, the last one empty."""
    body = b""
    while length := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(length)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body
