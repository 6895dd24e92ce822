"""The release tool of the template as modules, each test with a server's folders of its own."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

SERVER = Path(__file__).parents[2] / "templates/server"
MODULES = (
    "backups", "cli", "compose", "configuration", "counters", "deploy", "edge", "files", "jobs", "journal", "lock",
    "metrics", "outcome", "records", "recover", "rollback", "schema", "settings", "status", "watch",
)  # fmt: skip


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The modules by name; `root` is the server's root, with settings and empty folders."""
    monkeypatch.setenv("RELEASE_ROOT", str(tmp_path))
    monkeypatch.syspath_prepend(SERVER)
    for folder in ("opt/app/gate", "var/lib/release", "var/lib/node-exporter"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "opt/app/settings.env").write_text(
        "# A comment\nPROJECT=shop\nENVIRONMENT=production\nDOMAIN=shop.example.com\nHEALTH_PATH=/healthz\n"
        "IMAGE_REPOSITORY=ghcr.io/acme/shop\nWATCH_SECONDS=5\n"
    )
    modules = {name: importlib.import_module(f"release.{name}") for name in MODULES}
    yield SimpleNamespace(root=tmp_path, **modules)
    for name in [name for name in sys.modules if name.split(".")[0] == "release"]:
        del sys.modules[name]


def record(tool: SimpleNamespace, *attempts: str) -> None:
    """Write attempts: "A" a deploy of image A, "A2" the same with other settings, "A!" one that was rolled back, "<A"
    a rollback to image A."""
    for attempt in attempts:
        name, settings = attempt.strip("<!0123456789"), attempt.strip("<!ABCDEFGH")
        release = tool.records.Release(tool.records.next_id(), f"image-{name}", "ada", configuration=settings)
        if attempt.startswith("<"):
            release.rollback_of = tool.records.serving().release
        tool.records.write(release, "rolled_back" if attempt.endswith("!") else "deployed")
