"""A load client that counts every response and never tries again: what it loses, a customer has lost."""

import asyncio
import http.client
import ssl
from collections import Counter
from dataclasses import dataclass, field

from tests.releases.conftest import ADDRESS

TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE  # the edge made its certificate itself, a second ago


def ask(path: str = "/healthz") -> int:
    """One request on a new connection; the status, or 0 when there was no answer."""
    connection = http.client.HTTPSConnection("localhost", ADDRESS[1], context=TLS, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


@dataclass
class Load:
    """Clients that ask one request after the other, some on a connection that they keep, some on new ones.

    `failed` counts answers of 5xx and connections that broke before the answer was complete.
    """

    keep_alive: int = 6
    new_connections: int = 2
    statuses: Counter = field(default_factory=Counter)
    bodies: Counter = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Requests sent."""
        return sum(self.statuses.values()) + len(self.broken)

    @property
    def failed(self) -> int:
        """Requests that a customer would complain about."""
        return sum(count for status, count in self.statuses.items() if status >= 500) + len(self.broken)

    async def __aenter__(self) -> "Load":
        self._stop = asyncio.Event()
        clients = [self._client(keep=True) for _ in range(self.keep_alive)]
        clients += [self._client(keep=False) for _ in range(self.new_connections)]
        self._tasks = [asyncio.create_task(client) for client in clients]
        await asyncio.sleep(0.5)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.5)
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def _client(self, keep: bool) -> None:
        connection = None
        while not self._stop.is_set():
            # As urllib3, Go and browsers do: a connection that the peer has closed meanwhile is not used again.
            if connection is None or connection[0].at_eof():
                connection = await asyncio.open_connection(*ADDRESS, ssl=TLS, server_hostname="localhost")
            try:
                await self._ask(*connection)
            except (OSError, asyncio.IncompleteReadError, ValueError) as error:
                self.broken.append(repr(error))
                connection = None
                continue
            if not keep:
                connection[1].close()
                connection = None

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await writer.drain()
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode()
        length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length"))
        body = await asyncio.wait_for(reader.readexactly(length), 10)
        self.statuses[int(head.split()[1])] += 1
        self.bodies[body.decode().strip()] += 1
