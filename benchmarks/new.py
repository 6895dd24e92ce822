"""How long a repository takes: `richtfest new --defaults` beside `copier copy` of the same template.

Whole processes, best of several runs, taken in turns so that both see the same machine. The template comes
out of the wheel for richtfest and out of a git URL with a warm cache for Copier, as users have it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 7


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory(prefix="richtfest-bench-") as name:
        base = Path(name)
        site, url = install_wheel(base), publish(base)
        ours = {"PYTHONPATH": str(site)}
        python = sys.executable
        rows = {
            "richtfest new --defaults": ([python, "-m", "richtfest", "new", "{out}", "--defaults"], ours),
            "copier copy --defaults URL": ([python, "-m", "copier", "copy", "-q", "--defaults", url, "{out}"], {}),
            "richtfest --help": ([python, "-m", "richtfest", "--help"], ours),
            "copier --help": ([python, "-m", "copier", "--help"], {}),
        }
        best = dict.fromkeys(rows, float("inf"))
        for run in range(RUNS):
            for title, (command, environment) in rows.items():
                out = base / f"out-{run}-{title.split()[0]}" / "shop"
                seconds = timed([part.replace("{out}", str(out)) for part in command], environment, base)
                best[title] = min(best[title], seconds)
    print(f"best of {RUNS}, whole process, same machine, in turns\n")
    for title, seconds in best.items():
        print(f"{title:30} {seconds * 1000:7.0f} ms")
    print()
    for ours, peer in zip(list(rows)[::2], list(rows)[1::2], strict=True):
        print(f"{ours} takes {best[ours] / best[peer]:.2f} times as long as {peer}")


def install_wheel(base: Path) -> Path:
    """Build the wheel and unpack it, as an installation does."""
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", base, ROOT]
    subprocess.run(build, check=True)
    zipfile.ZipFile(next(base.glob("*.whl"))).extractall(base / "site")
    return base / "site"


def publish(base: Path) -> str:
    """The template of this checkout in a repository of its own, released, behind a URL."""
    origin = base / "origin"
    origin.mkdir()
    shutil.copy(ROOT / "copier.yml", origin)
    shutil.copytree(ROOT / "templates", origin / "templates")
    git = ["git", "-c", "user.name=b", "-c", "user.email=b@example.com", "-C", str(origin)]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "release"], ["tag", "v0.1.0"]):
        subprocess.run([*git, *command], check=True)
    return f"git+file://{origin}"


def timed(command: list[str], environment: dict[str, str], base: Path) -> float:
    """Seconds of one whole process, its first run of the cache included in nobody's best."""
    surroundings = os.environ | {"COPIER_CACHE_DIR": str(base / "cache"), "LANG": "C.UTF-8"} | environment
    begin = time.perf_counter()
    subprocess.run(command, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
