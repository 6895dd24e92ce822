"""Free ports of loopback, for the servers that tests start."""

import random
import socket
from contextlib import suppress

CHANCE = random.SystemRandom()


def free_ports(*names: str) -> dict[str, int]:
    """A free port of loopback for each name, of those that the kernel gives to no outgoing connection meanwhile."""
    ports: dict[str, int] = {}
    for name in names:
        while name not in ports:
            port = CHANCE.randrange(10_240, 32_768)
            with socket.socket() as one, suppress(OSError):
                one.bind(("127.0.0.1", port))
                ports |= {name: port} if port not in ports.values() else {}
    return ports


def free_port() -> int:
    """One such port."""
    return free_ports("one")["one"]
