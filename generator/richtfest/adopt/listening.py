"""Where the code listens, and under which names it answers, as far as that is written out there."""

import re
from collections.abc import Iterator

from richtfest.adopt.image import Dockerfile
from richtfest.adopt.suggestion import Adoption, Suggestion

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


def hosts(adoption: Adoption) -> Iterator[Suggestion]:
    """A release and the image ask by the domain and by a name of its own, and a refusal counts as unhealthy."""
    told = adoption.habits.hosts(adoption.tree, adoption.found)
    names = told.value.split() if told else []
    wanted = [adoption.value("domain"), adoption.habits.own_host]
    if told and "*" not in names and not all(_is_among(name, names) for name in wanted if name):
        yield Suggestion("hosts", told.why, {"wanted": ", ".join(name for name in wanted if name)})


def _is_among(name: str, names: list[str]) -> bool:
    """Whether a name is listed; .example.com stands for itself and everything below it."""
    return name in names or any(one.startswith(".") and f".{name}".endswith(one) for one in names)


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """Only with one address in the code: several may be tools, or be chosen by a flag."""
    told = list({fact.value: fact for fact in adoption.habits.addresses(adoption.tree, adoption.found)}.values())
    if not told:
        yield from _by_default(adoption)
    if len(told) != 1:
        return
    host, _, port = told[0].value.rpartition(":")
    if host in LOOPBACK:
        yield Suggestion("loopback", told[0].why, {"address": host, "port": port or adoption.port})
    elif port and port != adoption.port and not _names_port(adoption):
        values = {"port": port, "asked": adoption.port}
        written = "port_written_image" if adoption.dockerfile else "port_written"
        yield Suggestion("port_low" if int(port) < 1024 else written, told[0].why, values)


def _by_default(adoption: Adoption) -> Iterator[Suggestion]:
    """The generated image sets PORT; one of the team may leave it to the code."""
    ports = {fact.value: fact for fact in adoption.habits.default_ports(adoption.tree, adoption.found)}
    if adoption.dockerfile and len(ports) == 1 and adoption.port not in ports and not _names_port(adoption):
        (port, fact), *_ = ports.items()
        yield Suggestion("port_default", fact.why, {"port": port, "asked": adoption.port})


def _names_port(adoption: Adoption) -> bool:
    """Whether the team's own image says its port, or passes one on: that is what counts then."""
    file = Dockerfile(adoption)
    passed = [value for name in ("ENV", "CMD", "ENTRYPOINT") for value, _ in file.all(name)]
    return bool(file.all("EXPOSE")) or any(re.search(r"port|addr|:\d{2,5}\b", value, re.IGNORECASE) for value in passed)
