"""How much sooner a fleet is prepared: `richtfest fleet update` with two processes beside one after the other.

The same repositories, made from v0.1.0 of the template and edited by hand, get the same v0.2.0; what one turn has made
is deleted before the next. Whole processes, on this machine only: no network, and no forge.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.update.released import FIRST, SECOND, Template, git, second_version  # noqa: E402
from tests.update.repository import Repository, environment, generate  # noqa: E402

COUNT = int(os.environ.get("FLEET", "50"))
TURNS = int(os.environ.get("TURNS", "1"))
BRANCH = f"template-{SECOND}"


def main() -> None:
    """Measure and print the ratio."""
    with tempfile.TemporaryDirectory(prefix="richtfest-bench-") as name:
        base = Path(name)
        os.environ |= {"XDG_CACHE_HOME": str(base / "cache"), "COPIER_CACHE_DIR": str(base / "copier")}
        repositories = prepare(base)
        update(base, 2)  # warms what both turns use
        forget(repositories)
        ratios = []
        for _ in range(TURNS):
            seconds = {}
            for jobs in (1, 2):
                seconds[jobs] = update(base, jobs)
                forget(repositories)
            ratios.append(seconds[1] / seconds[2])
            print(
                f"{COUNT} repositories: {seconds[1]:.1f} s one after the other, {seconds[2]:.1f} s two at a time, "
                f"{ratios[-1]:.2f} times as fast (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)",
                flush=True,
            )
        print(f"best of {TURNS}: {max(ratios):.2f} times as fast")


def prepare(base: Path) -> list[Repository]:
    """The template with two versions, and the repositories of its first one."""
    template = Template(base / "template")
    template.release(FIRST)
    second_version(template)
    template.release(SECOND)
    first = generate(template, base / "0" / "shop")
    first.insert("README.md", "Ours.", 3)
    first.commit()
    repositories = [first]
    for number in range(1, COUNT):
        repositories.append(Repository(shutil.copytree(first.path, base / str(number) / "shop", symlinks=True)))
    entries = [f"  - {{name: '{number}', repository: {number}/shop}}\n" for number in range(COUNT)]
    (base / "fleet.yml").write_text("repositories:\n" + "".join(entries))
    return repositories


def update(base: Path, jobs: int) -> float:
    """Prepare all; the seconds of it."""
    command = [sys.executable, "-m", "richtfest", "fleet", "update", "--file", base / "fleet.yml", "--jobs", str(jobs)]
    begin = time.monotonic()
    subprocess.run(command, env=environment(), stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begin


def forget(repositories: list[Repository]) -> None:
    """Delete the branches, which must be there."""
    for repository in repositories:
        git(repository.path, "branch", "--quiet", "-D", BRANCH)


if __name__ == "__main__":
    main()
