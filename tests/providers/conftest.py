"""Fixtures of this suite: both tools, a repository with keys, a bucket and a stand-in for the cloud on loopback."""

import base64
import os
import re
import shutil
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import generation
from tests.ports import free_port
from tests.providers.hetzner_stand_in import HetznerStandIn
from tests.providers.keyed_storage_stand_in import KeyedStorageStandIn
from tests.providers.scaleway_stand_in import ScalewayStandIn

TOOLS = {"terraform": "terraform", "opentofu": "tofu"}
"""The program of each value of the answer `iac`."""

STATE_KEY = base64.b64encode(bytes(range(32))).decode()
"""The key of every state in this suite, as scripts/setup.sh makes one."""

Run = Callable[..., subprocess.CompletedProcess]


@dataclass
class Workplace:
    """A generated repository in which Terraform can be run."""

    repository: Path
    program: str
    cloud: str = "hetzner"
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the Terraform files are."""
        return self.repository / "terraform"

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run Terraform there; gives back exit code and everything printed."""
        keys = {"AWS_SSE_CUSTOMER_KEY": STATE_KEY, "TF_VAR_state_key": STATE_KEY}
        return self._run([self.program, *arguments], self.folder, keys | variables)

    def script(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run scripts/infrastructure.sh there, which hands over the key of the state itself."""
        return self._run(["bash", "scripts/infrastructure.sh", *arguments], self.repository, variables)

    def _run(self, command: list[str], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=folder,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
        return subprocess.CompletedProcess(command, done.returncode, unwrapped(done.stdout))

    @property
    def bucket(self) -> str:
        """Name of the bucket for the state."""
        return re.search(r'^bucket *= "(.+)"', (self.folder / self.cloud / "backend.hcl").read_text(), re.MULTILINE)[1]

    def connect(self, environment: str = "production") -> None:
        """Have the bucket, quicker than by the verb bootstrap, and connect to the state in it."""
        address = re.search(r's3 = "(.+)"', (self.folder / self.cloud / "backend.hcl").read_text())[1]
        ask = urllib.request.Request(f"{address}/{self.bucket}", method="PUT")  # noqa: S310 - loopback
        urllib.request.urlopen(ask, timeout=10).close()  # noqa: S310
        done = self.script(environment, "init")
        assert done.returncode == 0, done.stdout

    def build(self, environment: str = "production") -> None:
        """Plan and apply."""
        self.connect(environment)
        for verb in ("plan", "apply"):
            done = self.script(environment, verb)
            assert done.returncode == 0, done.stdout


def unwrapped(text: str) -> str:
    """What Terraform printed, without colours, frames and the line breaks that it puts into sentences."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return re.sub(r"\n[│╷╵ ]*(?=[^\n│╷╵ ])", "\n", plain)


def sentence(text: str) -> str:
    """The same in one line, to search sentences in."""
    return " ".join(text.replace("│", " ").split())


@pytest.fixture(scope="session")
def host_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A throw-away host key; its public half lies beside it."""
    path = tmp_path_factory.mktemp("keys") / "host"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path], check=True)
    return path


@pytest.fixture(scope="session")
def workplace(
    tmp_path_factory: pytest.TempPathFactory, toolbox: Callable[[str], str], terraform_environment: dict[str, str]
) -> Callable[..., Workplace]:
    """Generate a repository for these answers and make it ready for its tool."""

    def make(**answers: object) -> Workplace:
        iac = str(answers.get("iac", "terraform"))
        program = toolbox(TOOLS[iac])
        repository = generation.render(answers, tmp_path_factory.mktemp("repository"))
        # The script calls the tool by its usual name, whatever brings it here.
        programs = tmp_path_factory.mktemp("bin")
        (programs / TOOLS[iac]).symlink_to(program)
        path = {"PATH": f"{programs}{os.pathsep}{terraform_environment['PATH']}"}
        return Workplace(repository, program, str(answers.get("cloud", "hetzner")), terraform_environment | path)

    return make


@pytest.fixture
def hetzner() -> Iterator[HetznerStandIn]:
    """An empty project at Hetzner."""
    with HetznerStandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def object_storage(toolbox: Callable[[str], str]) -> Iterator[str]:
    """An S3 on loopback that honours conditional writes and keys of the customer; gives its address."""
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([toolbox("moto-server"), "-H", "127.0.0.1", "-p", str(port)], **quiet)
    try:
        wait_for(f"http://127.0.0.1:{port}")
        with KeyedStorageStandIn(port) as storage:
            yield storage.address
    finally:
        server.terminate()
        server.wait(10)


def wait_for(address: str, seconds: float = 60) -> None:
    """Wait until somebody answers there."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - loopback
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.fixture
def scaleway() -> Iterator[ScalewayStandIn]:
    """An empty project at Scaleway."""
    with ScalewayStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def bucket(object_storage: str) -> dict[str, str]:
    """Where the state of one test goes: the storage's address, and a domain, which gives the bucket its name."""
    return {"address": object_storage, "domain": f"test-{uuid.uuid4().hex[:12]}.example.com"}


@pytest.fixture
def site(
    workplace: Callable[..., Workplace],
    hetzner: HetznerStandIn,
    bucket: dict[str, str],
    host_key: Path,
    request: pytest.FixtureRequest,
) -> Workplace:
    """A repository with keys, whose cloud (Hetzner) and bucket are on loopback. Its bucket is its own."""
    place = ready(workplace, bucket, **getattr(request, "param", {}))
    (place.folder / "keys/host").mkdir()
    for environment in ("production", "staging"):
        shutil.copy(f"{host_key}.pub", place.folder / "keys/host" / f"{environment}.pub")
    place.environment |= {
        "HCLOUD_ENDPOINT": hetzner.endpoint,
        "HCLOUD_TOKEN": "write".ljust(64, "x"),
        "TF_VAR_ssh_host_private_key": host_key.read_text(),
    }
    return place


@pytest.fixture
def scaleway_site(
    workplace: Callable[..., Workplace],
    scaleway: ScalewayStandIn,
    bucket: dict[str, str],
    request: pytest.FixtureRequest,
) -> Workplace:
    """The same at Scaleway, where the server makes its host key itself."""
    place = ready(workplace, bucket, cloud="scaleway", **getattr(request, "param", {}))
    place.environment |= scaleway.environment | {"HOST_KEY_PAUSE": "0.1"}
    return place


def ready(workplace: Callable[..., Workplace], bucket: dict[str, str], **answers: object) -> Workplace:
    """A repository with the keys of people and pipelines, whose bucket is on loopback."""
    place = workplace(project_name="shop", domain=bucket["domain"], environments="staging_production", **answers)
    keys = place.folder / "keys"
    shutil.copytree(place.folder / "tests/keys/admin", keys / "admin")
    shutil.copytree(place.folder / "tests/keys/deploy", keys / "deploy")
    backend = place.folder / place.cloud / "backend.hcl"
    backend.write_text(re.sub(r'(?<=s3 = ")https://[^"]+', bucket["address"], backend.read_text()))
    place.environment |= {"AWS_ACCESS_KEY_ID": "state", "AWS_SECRET_ACCESS_KEY": "state", "STATE_KEY": STATE_KEY}
    return place
