"""A stand-in for the /proc of a server: the real one belongs to the machine that runs the tests, and to fill its memory
would end them. node_exporter reads these files as it reads the real ones."""

import os
import re
import subprocess
import threading
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Host:
    """Processor, memory and file systems of one server. The disks are real: small ext4 file systems in files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "proc"
        self.busy = 0.1
        """Share of the processor that works."""
        self.available = 0.6
        """Share of the memory that programs can have."""
        self.disks: list[Path] = []
        self._idle = self._working = 1000.0
        self._ended = threading.Event()

    def start(self, *, vmstat_of_the_machine: bool = False) -> None:
        """Begin to count. The kernel's count of processes that it ended for memory can be the real one."""
        (self.folder / "1").mkdir(parents=True)
        (self.folder / "self").symlink_to("1")
        for name in ("loadavg", "diskstats", "uptime", "net", "sys"):
            if (Path("/proc") / name).exists():
                (self.folder / name).symlink_to(f"/proc/{name}")
        if vmstat_of_the_machine:
            (self.folder / "vmstat").symlink_to("/proc/vmstat")
        else:
            (self.folder / "vmstat").write_text("oom_kill 0\n")
        self.mount(Path("/"))
        self.write()
        threading.Thread(target=self._live, daemon=True).start()

    def make_disk(self, place: Path, *, inodes: int = 4096) -> Path:
        """A file system of 48 MB, mounted for real."""
        place.mkdir(parents=True)
        image = place.with_suffix(".ext4")
        with image.open("wb") as stream:
            stream.truncate(48 << 20)
        for command in (
            ["mkfs.ext4", "-q", "-F", "-m", "0", "-N", str(inodes), image],
            ["mount", "-o", "loop", image, place],
        ):
            subprocess.run(command, check=True, capture_output=True)
        self.disks.append(place)
        self.mount(place)
        return place

    def mount(self, place: Path) -> None:
        """Let node_exporter know of a file system."""
        number = len(self.disks)
        with (self.folder / "1/mountinfo").open("a") as stream:
            stream.write(f"{number + 1} 0 254:{number} / {place} rw - ext4 /dev/vd{number} rw\n")

    def write(self) -> None:
        """Bring the files up to date."""
        total = 4 << 20
        available = int(total * self.available)
        self._replace("meminfo", f"MemTotal: {total} kB\nMemFree: {available // 2} kB\n"
                                 f"MemAvailable: {available} kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n")  # fmt: skip
        working, idle = int(self._working * TICKS), int(self._idle * TICKS)
        counts = f"{working} 0 0 {idle} 0 0 0 0 0 0"
        boot = re.search(r"btime \d+", Path("/proc/stat").read_text())[0]
        self._replace("stat", f"cpu {counts}\ncpu0 {counts}\nintr 0\nctxt 0\n{boot}\nprocesses 1\nprocs_running 1\n"
                              "procs_blocked 0\n")  # fmt: skip

    def stop(self) -> None:
        """End counting and give the disks back."""
        self._ended.set()
        for place in self.disks:
            subprocess.run(["umount", "--lazy", place], check=False, capture_output=True)

    def _live(self) -> None:
        before = time.monotonic()
        while not self._ended.wait(2):
            now = time.monotonic()
            self._working += (now - before) * self.busy
            self._idle += (now - before) * (1 - self.busy)
            before = now
            self.write()

    def _replace(self, name: str, text: str) -> None:
        beside = self.folder / f".{name}"
        beside.write_text(text)
        beside.rename(self.folder / name)
