"""How long an update takes: `richtfest update` beside `copier update` on copies of the same repository.

Whole processes, best of several runs, taken in turns so that both see the same machine. The template is behind a URL
with a warm cache for both; its second version changes a bit of everything, and the team has edited a bit of it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.update.released import CHANGED, FIRST, REMOVED, SECOND, Template, second_version
from tests.update.repository import Repository, environment, generate

RUNS = int(os.environ.get("RUNS", "5"))
BAR = 1.2


def main() -> None:
    """Measure, print, and fail when ours takes longer than the bar allows."""
    with tempfile.TemporaryDirectory(prefix="richtfest-bench-") as name:
        base = Path(name)
        os.environ |= {"COPIER_CACHE_DIR": str(base / "copier"), "XDG_CACHE_HOME": str(base / "cache")}
        shop = edited(base)
        python = sys.executable
        rows = {
            "richtfest update": [python, "-m", "richtfest", "update", "."],
            "copier update --defaults": [python, "-m", "copier", "update", "-q", "--defaults"],
            "richtfest drift": [python, "-m", "richtfest", "drift", "."],
        }
        best: dict[str, tuple[float, float]] = dict.fromkeys(rows, (float("inf"), float("inf")))
        for run in range(RUNS):
            for title, command in rows.items():
                copy = shutil.copytree(shop.path, base / f"{title.split()[0]}-{run}-{len(title)}" / "shop")
                best[title] = tuple(map(min, best[title], timed(command, copy)))
    print(f"best of {RUNS}, whole process, same machine, in turns, {os.cpu_count()} cores\n")
    print(f"{'':26} {'wall':>10} {'processor':>12}")
    for title, (wall, processor) in best.items():
        print(f"{title:26} {wall * 1000:7.0f} ms {processor * 1000:9.0f} ms")
    ours, peer = best["richtfest update"], best["copier update --defaults"]
    ratio = ours[0] / peer[0]
    print(f"\nrichtfest update takes {ratio:.2f} times as long as copier update,")
    print(f"and {ours[1] / peer[1]:.2f} times the time of the processor")
    if ratio > BAR:
        sys.exit(f"more than {BAR} times")


def edited(base: Path) -> Repository:
    """A repository at the first of two versions, with edits."""
    template = Template(base / "origin" / "template")
    template.release(FIRST)
    second_version(template)
    template.release(SECOND)
    shop = generate(template, base / "shop")
    shop.insert(CHANGED[0], "Ours: ask Ada first.")
    shop.insert(REMOVED[0], "Ours: ask Ada first.")
    shop.commit()
    return shop


def timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds of one whole process, by the clock and of the processor, its children included."""
    begin, used = time.perf_counter(), os.times()
    subprocess.run(command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, check=True)
    wall, after = time.perf_counter() - begin, os.times()
    return wall, after.children_user + after.children_system - used.children_user - used.children_system


if __name__ == "__main__":
    main()
