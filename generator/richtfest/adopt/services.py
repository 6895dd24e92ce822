"""What runs beside the application today: services of Compose, and processes of a Procfile."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect import databases
from richtfest.detect.findings import Why
from richtfest.detect.tree import Tree, join

SERVERS = {
    "redis": "redis valkey keydb dragonfly redis-stack redis-stack-server",
    "RabbitMQ": "rabbitmq",
    "Kafka": "kafka cp-kafka redpanda",
    "Elasticsearch": "elasticsearch opensearch",
    "Memcached": "memcached",
    "MinIO": "minio",
    "Meilisearch": "meilisearch",
    "Typesense": "typesense",
    "Qdrant": "qdrant",
    "ClickHouse": "clickhouse clickhouse-server",
    "NATS": "nats",
}
WORKS = re.compile(
    r"\bcelery\b|\bsidekiq\b|\brq\s+worker|\bdramatiq\b|\bhuey\b|queue:(work|listen)|\bhorizon\b|\barq\b|"
    r"\btaskiq\b|solid_queue|good_job|\bresque\b|delayed_job|\bworker\b|schedule:(work|run)|qcluster"
)
"""Commands of programs that take work from a queue."""

OF_SERVER = "server/compose.yml"
FOR_DEVELOPERS = re.compile(r"[.-](dev|test|tests|ci|circleci[\w-]*|local|override|debug|e2e|windows|upgrade)\b|flower")


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """One suggestion for what keeps data or messages, one for what works beside the web application."""
    servers = _servers(adoption)
    if servers:
        names = ", ".join(dict.fromkeys(servers))
        yield Suggestion("services", next(iter(servers.values())), {"names": names})
    workers = _workers(adoption)
    if workers:
        built = adoption.dockerfile or not _programs(adoption)
        kind = "workers" if built else "workers_unbuilt"
        yield Suggestion(kind, next(iter(workers.values())), {"names": ", ".join(workers)})


def _servers(adoption: Adoption) -> dict[str, Why]:
    kinds = {image: name for name, images in SERVERS.items() for image in images.split()}
    found: dict[str, Why] = {}
    for path, _, service in of_production(adoption):
        image = str(service.get("image") or "")
        if name := kinds.get(PurePosixPath(image.partition("@")[0].rsplit(":", 1)[0]).name):
            found.setdefault(name, Why(path, adoption.tree.line(path, image), f"image: {image}"))
    return found


def _workers(adoption: Adoption) -> dict[str, Why]:
    """Programs and services that are built here and work on a queue, and such processes of a Procfile."""
    found: dict[str, Why] = {}
    for path, name, service in of_production(adoption):
        line = command(service)
        if WORKS.search(line) and not FOR_DEVELOPERS.search(line):
            found.setdefault(name, Why(path, adoption.tree.line(path, f"{name}:"), f"{name}: {line[:60]}"))
    procfile = join(adoption.folder, "Procfile")
    for number, line in enumerate((adoption.tree.read(procfile) or "").splitlines(), 1):
        name = line.partition(":")[0]
        if re.fullmatch(r"[\w-]+", name) and name not in ("web", "release") and WORKS.search(line):
            found.setdefault(name, Why(procfile, number, line.strip()[:70]))
    server = of_server(adoption.tree)
    started = {*server, *(word for one in server.values() for word in re.findall(r"[\w-]+", command(one)))}
    return {name: why for name, why in (_programs(adoption) | found).items() if name not in started}


def _programs(adoption: Adoption) -> dict[str, Why]:
    """Programs of the same sources that work beside the one that serves."""
    serves = adoption.value("go_package", adoption.found.value("starts"))
    told = adoption.habits.workers(adoption.tree, adoption.found)
    return {PurePosixPath(fact.value).name: fact.why for fact in told if fact.value != serves}


def command(service: dict) -> str:
    """What a service of Compose runs, in one line."""
    told = service.get("command") or service.get("entrypoint") or ""
    return " ".join(str(word) for word in told) if isinstance(told, list) else " ".join(str(told).split())


def of_server(tree: Tree) -> dict[str, dict]:
    """The services of the generated project of Compose, with what the team has added; empty before there is one."""
    told = tree.yaml(OF_SERVER)
    listed = told.get("services") if isinstance(told, dict) else None
    found = listed.items() if isinstance(listed, dict) else ()
    return {str(name): service for name, service in found if isinstance(service, dict)}


def of_production(adoption: Adoption) -> Iterator[tuple[str, str, dict]]:
    """Those of the usual files, without what is for development or tests only."""
    for place in dict.fromkeys((adoption.found.folder, adoption.folder, ".")):
        for path, name, service in databases.services(adoption.tree, place):
            if not FOR_DEVELOPERS.search(path.rpartition("/")[2]):
                yield path, name, service
