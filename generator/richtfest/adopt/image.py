"""The team's own Dockerfile: what starts, where it listens, as whom it runs."""

import json
import re
import shlex
from collections.abc import Iterator

from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect.findings import Why
from richtfest.detect.tree import join

INSTRUCTION = re.compile(r"^[ \t]*([A-Za-z]+)[ \t]+((?:[^\\\n]|\\.|\\\n)*)", re.MULTILINE)
NEXT_LINE = "\\\n"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
QUIET = {
    "uvicorn": ("--host", "UVICORN_HOST"),
    "fastapi dev": ("--host", ""),
    "flask run": ("--host", "FLASK_RUN_HOST"),
    "artisan serve": ("--host", "SERVER_HOST"),
    "vite preview": ("--host", ""),
}
"""Programs that listen on 127.0.0.1 unless this option, or this variable, says otherwise."""

NO_ROOT = re.compile(r"nonroot|unprivileged|chainguard|bitnami", re.IGNORECASE)
CHANGES_USER = re.compile(r"gosu|su-exec|s6-|setpriv|\bsu\b|runuser|supervisord")


class Dockerfile:
    """The instructions of a Dockerfile, comments left out, with the stage that is built last."""

    def __init__(self, adoption: Adoption, generated: str = "") -> None:
        """Read the team's; when they have none it is empty, or the one that is generated."""
        self.path = adoption.dockerfile
        text = adoption.tree.read(self.path) or "" if self.path else generated
        text = re.sub(r"(?m)(?<=\\\n)[ \t]*#.*$", r"\\", text)  # a comment does not end an instruction
        text = re.sub(r"(?m)^[ \t]*#.*$", "", text)
        self.instructions = [
            (told[1].upper(), told[2].strip(), text.count("\n", 0, told.start()) + 1)
            for told in INSTRUCTION.finditer(text)
        ]
        begins = [number for number, (name, _, _) in enumerate(self.instructions) if name == "FROM"]
        self.stages = [self.instructions[begin:end] for begin, end in zip(begins, [*begins[1:], None], strict=False)]

    def all(self, name: str) -> list[tuple[str, Why]]:
        """The instructions of a name in the final stage, then in those that it is built on."""
        return [one for stage in self._chain() for one in self._of_stage(stage, name)]

    def last(self, name: str) -> tuple[str, Why] | None:
        """The last instruction of a name, in the final stage or in one that it is built on."""
        return next((told[-1] for stage in self._chain() if (told := self._of_stage(stage, name))), None)

    def base(self) -> tuple[str, Why] | None:
        """The image that the final stage begins with in the end, without its digest; None when an argument says it."""
        chain = self._chain()
        if not chain:
            return None
        _, value, line = chain[-1][0]
        image = self._image(value)
        return None if "$" in image else (image, Why(self.path, line, f"FROM {image}"))

    @property
    def takes_everything(self) -> bool:
        """Whether the whole folder is copied somewhere on the way."""
        return any(
            name in ("COPY", "ADD") and re.match(r"(--(?!from)\S+\s+)*\.?/?\s", value)
            for name, value, _ in self.instructions
        )

    def text(self) -> str:
        """Everything that the final stage does, for a look at what it sets."""
        return "\n".join(f"{name} {value}" for stage in self._chain() for name, value, _ in stage)

    def _of_stage(self, stage: list[tuple[str, str, int]], name: str) -> list[tuple[str, Why]]:
        return [
            (value, Why(self.path, line, f"{name} {value.partition(NEXT_LINE)[0][:70]}"))
            for told, value, line in stage
            if told == name
        ]

    def _chain(self) -> list[list[tuple[str, str, int]]]:
        """The final stage, then the stage that it is built on, and so on."""
        names = {}
        for stage in self.stages:
            words = stage[0][1].split()
            if len(words) > 2 and words[-2].lower() == "as":
                names[words[-1].lower()] = stage
        chain = self.stages[-1:]
        while chain and (below := names.get(self._image(chain[-1][0][1]).lower())) and below not in chain:
            chain.append(below)
        return chain

    @staticmethod
    def _image(value: str) -> str:
        return next((word for word in value.split() if not word.startswith("--")), "")


def start(adoption: Adoption) -> Iterator[Suggestion]:
    """What keeps the container from being reached: the address and the port that its image names."""
    file = Dockerfile(adoption)
    if told := _listens_to_itself(adoption, file):
        yield told
    exposed = {
        port: why for value, why in file.all("EXPOSE") for port in re.findall(r"(?<!\S)(\d+)(?:/tcp)?(?!\S)", value)
    }
    if exposed and adoption.port not in exposed:
        port = next((port for port in exposed if int(port) >= 1024), next(iter(exposed)))
        values = {"port": port, "asked": adoption.port}
        yield Suggestion("port_low_exposed" if int(port) < 1024 else "port_other", exposed[port], values)


def habits(adoption: Adoption) -> Iterator[Suggestion]:
    """What a good image has; a release does not fail without it."""
    file = Dockerfile(adoption)
    if not file.stages:
        return
    base = file.base()
    user = file.last("USER")
    if user and re.match(r"(root|0)(:|$)", user[0]):
        yield Suggestion("root_named", user[1])
    elif not user and base and not NO_ROOT.search(base[0]) and not CHANGES_USER.search(file.text()):
        yield Suggestion("root", Why(file.path))
    if base and "@" not in base[0] and base[0] != "scratch" and (base[0].endswith(":latest") or _bare(base[0])):
        yield Suggestion("latest", base[1], {"image": base[0]})
    ignoring = (join(adoption.folder, ".dockerignore"), f"{file.path}.dockerignore")
    if file.takes_everything and not any(adoption.tree.has(path) for path in ignoring):
        yield Suggestion("dockerignore", Why(file.path), code=".git\n.env*\nnode_modules\n__pycache__")


def _bare(image: str) -> bool:
    """Whether an image has no tag: a colon before a slash is the port of a registry."""
    return ":" not in image.rpartition("/")[2]


def _listens_to_itself(adoption: Adoption, file: Dockerfile) -> Suggestion | None:
    """A command of the image that only its own container can reach."""
    for name in ("CMD", "ENTRYPOINT"):
        told = file.last(name)
        if not told:
            continue
        command = words(told[0])
        line = " ".join(command)
        for address in LOOPBACK:
            if re.search(rf"(--host|--bind|-b|-h|--hostname)[= ]{re.escape(address)}\b", line):
                return Suggestion("loopback", told[1], {"address": address, "port": adoption.port})
        for program, (option, variable) in QUIET.items():
            otherwise = option in line or (variable and variable in file.text()) or re.search("--(uds|fd)", line)
            if re.search(rf"(^|[/\s]){program}(\s|$)", line) and not otherwise:
                return Suggestion("loopback_default", told[1], {"program": program, "port": adoption.port})
    return None


def words(command: str) -> list[str]:
    """The words of a command, as a list or as a line of a shell."""
    try:
        words = json.loads(command)
        return [str(word) for word in words] if isinstance(words, list) else []
    except ValueError:
        pass
    try:
        return shlex.split(command.replace("\\\n", " "))
    except ValueError:
        return command.split()
